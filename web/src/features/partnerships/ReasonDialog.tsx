import type { TypedDocumentNode } from "urql";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { Form, TextField, textOf } from "@/components/Form";
import { useToast } from "@/components/Toast";
import { useChange } from "@/lib/changes";
import { useTexts } from "@/lib/i18n";
import { texts } from "./texts";

type Variables = { input: { id: string; reason: string } };

type ReasonDialogProps<Data> = {
  id: string;
  title: string;
  lead: string;
  mutation: TypedDocumentNode<Data, Variables>;
  onClose: () => void;
  onDone: () => void;
};

const REASON_CHARS_MAX = 500;

/** Asks why, for all parties to read. */
export function ReasonDialog<Data>({ id, title, lead, mutation, onClose, onDone }: ReasonDialogProps<Data>) {
  const say = useTexts(texts);
  const toast = useToast();
  const { run, errors, busy } = useChange(mutation);
  const send = async (values: FormData) => {
    if ((await run({ input: { id, reason: textOf(values, "reason") } })) === null) return;
    toast(say("done"));
    onDone();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <Form onSubmit={send} errors={errors}>
        <p>{lead}</p>
        <TextField
          name="reason"
          label={say("reason")}
          hint={say("reasonHint")}
          required
          maxLength={REASON_CHARS_MAX}
        />
        <div className="actions end">
          <Button kind="danger" type="submit" busy={busy}>
            {title}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
