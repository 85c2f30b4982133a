import { useState } from "react";
import { Button } from "@/components/Button";
import { Confirm } from "@/components/Dialog";
import { ErrorSummary } from "@/components/Form";
import { useToast } from "@/components/Toast";
import { useChange } from "@/lib/changes";
import { useTexts } from "@/lib/i18n";
import { useViewer } from "@/lib/viewer";
import { CancelMailing, StartMailing, type Mailing } from "./documents";
import { texts } from "./texts";

/** Starts a mailing, and stops it; each is asked about first. */
export function MailingActions({ mailing, onChanged }: { mailing: Mailing; onChanged: () => void }) {
  const say = useTexts(texts);
  const toast = useToast();
  const mayManage = useViewer().may("MANAGE_MAILINGS");
  const [asked, ask] = useState<"start" | "cancel" | null>(null);
  const changes = { start: useChange(StartMailing), cancel: useChange(CancelMailing) };
  if (!mayManage || (mailing.status !== "DRAFT" && mailing.status !== "RUNNING")) return null;
  const isDraft = mailing.status === "DRAFT";
  const stop = say(isDraft ? "discard" : "cancel");
  const confirm = async (what: "start" | "cancel") => {
    const done = await changes[what].run({ input: { id: mailing.id } });
    ask(null);
    if (done === null) return;
    toast(say(what === "start" ? "startedNow" : "cancelled"));
    onChanged();
  };
  return (
    <>
      <ErrorSummary errors={[...changes.start.errors, ...changes.cancel.errors]} />
      {isDraft && (
        <Button
          kind="primary"
          onClick={() => {
            ask("start");
          }}
        >
          {say("start")}
        </Button>
      )}
      <Button
        kind="danger"
        onClick={() => {
          ask("cancel");
        }}
      >
        {stop}
      </Button>
      {asked && (
        <Confirm
          title={asked === "start" ? say("start") : stop}
          action={asked === "start" ? say("start") : stop}
          busy={changes[asked].busy}
          onConfirm={() => confirm(asked)}
          onClose={() => {
            ask(null);
          }}
        >
          <p>{asked === "start" ? say("startAsk", { n: mailing.total }) : say("cancelAsk")}</p>
        </Confirm>
      )}
    </>
  );
}
