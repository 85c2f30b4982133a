import { useId, useLayoutEffect, useRef, type ReactNode } from "react";
import { useTexts } from "@/lib/i18n";
import { Button } from "./Button";

const texts = { close: ["閉じる", "Close"], cancel: ["やめる", "Cancel"] } as const;

type DialogProps = { title: string; onClose: () => void; children: ReactNode };

/** A modal dialog: the browser keeps the focus inside and gives it back where it was. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const say = useTexts(texts);
  const id = useId();
  const box = useRef<HTMLDialogElement>(null);
  // Closed while it is still in the page: only then does the focus go back where it was.
  useLayoutEffect(() => {
    const dialog = box.current;
    dialog?.showModal();
    return () => {
      dialog?.close();
    };
  }, []);
  return (
    <dialog
      ref={box}
      className="dialog"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div className="dialog-head">
        <h2 id={id} tabIndex={-1}>
          {title}
        </h2>
        <Button kind="quiet" onClick={onClose} aria-label={say("close")}>
          ✕
        </Button>
      </div>
      {children}
    </dialog>
  );
}

type ConfirmProps = {
  title: string;
  action: string;
  busy: boolean;
  onConfirm: () => void;
  onClose: () => void;
  children: ReactNode;
};

/** Asks before something that cannot be taken back. */
export function Confirm({ title, action, busy, onConfirm, onClose, children }: ConfirmProps) {
  const say = useTexts(texts);
  return (
    <Dialog title={title} onClose={onClose}>
      <div className="stack">{children}</div>
      <div className="actions end">
        <Button onClick={onClose}>{say("cancel")}</Button>
        <Button kind="danger" busy={busy} onClick={onConfirm}>
          {action}
        </Button>
      </div>
    </Dialog>
  );
}
