import { useState, type ReactNode } from "react";
import { Button } from "@/components/Button";
import { Confirm } from "@/components/Dialog";
import { Facts } from "@/components/Facts";
import { ErrorSummary } from "@/components/Form";
import { Section } from "@/components/Page";
import { Status } from "@/components/Status";
import { useToast } from "@/components/Toast";
import { idempotencyKey, useChange } from "@/lib/changes";
import { useFormat } from "@/lib/format";
import { joined, useName, useTexts } from "@/lib/i18n";
import { hireStatusNames, hireStatusTones } from "@/lib/names";
import { useViewer } from "@/lib/viewer";
import { useNameOf } from "@/lib/vocabulary";
import { ReverseExit, type Hire } from "./documents";
import { ExitDialog } from "./ExitDialog";
import { exitReasonNames, texts } from "./texts";

type OutcomeProps = { hire: Hire; onChanged: () => void };

/** How long the person stays, and what an exit gives back. */
export function OutcomeSection({ hire, onChanged }: OutcomeProps) {
  const say = useTexts(texts);
  const viewer = useViewer();
  const [asked, ask] = useState<"exit" | "reverse" | null>(null);
  const mayHandle = viewer.may("HANDLE_REFERRALS");
  const isRecorder = hire.exit !== null && hire.exit.recordedBy?.id === viewer.organization?.id;
  const close = () => {
    ask(null);
  };
  const finish = () => {
    close();
    onChanged();
  };
  return (
    <Section title={say("outcome")}>
      <OutcomeFacts hire={hire} />
      {mayHandle && hire.exit === null && (
        <div className="actions">
          <Button onClick={() => { ask("exit"); }}>{say("exit")}</Button>
        </div>
      )}
      {mayHandle && isRecorder && (
        <div className="actions">
          <Button onClick={() => { ask("reverse"); }}>{say("reverse")}</Button>
        </div>
      )}
      {mayHandle && hire.exit !== null && !isRecorder && (
        <p className="note">{say("reverseElsewhere", { id: hire.id })}</p>
      )}
      {asked === "exit" && <ExitDialog hire={hire} onClose={close} onDone={finish} />}
      {asked === "reverse" && <ReverseDialog hire={hire} onClose={close} onDone={finish} />}
    </Section>
  );
}

function OutcomeFacts({ hire }: { hire: Hire }) {
  const say = useTexts(texts);
  const name = useName();
  const nameOf = useNameOf();
  const format = useFormat();
  const { status, exit } = hire;
  const reached = hire.milestones.map((one) => say("milestone", { n: one.days, day: format.day(one.reachedOn) }));
  const facts: [string, ReactNode][] = [
    [say("status"), <Status key={status} tone={hireStatusTones[status]}>{name(hireStatusNames[status])}</Status>],
    [say("guaranteeEndsOn"), format.day(hire.guaranteeEndsOn)],
    [say("milestones"), joined(reached, say("between"))],
  ];
  if (exit !== null) {
    facts.push([say("leftOn"), format.day(hire.leftOn)]);
    if (exit.reason !== null) facts.push([say("reason"), name(exitReasonNames[exit.reason])]);
    if (hire.refundYen !== null) facts.push([say("refund"), format.yen(hire.refundYen)]);
    if (hire.isFree && status === "LEFT_EARLY") facts.push([say("returned"), say("returnedHow")]);
    facts.push([say("recordedBy"), nameOf(exit.recordedBy)]);
  }
  return <Facts facts={facts} />;
}

type ReverseDialogProps = { hire: Hire; onClose: () => void; onDone: () => void };

function ReverseDialog({ hire, onClose, onDone }: ReverseDialogProps) {
  const say = useTexts(texts);
  const toast = useToast();
  const [key] = useState(idempotencyKey);
  const { run, errors, busy } = useChange(ReverseExit);
  const reverse = async () => {
    if ((await run({ input: { hireId: hire.id, idempotencyKey: key } })) === null) return;
    toast(say("reversed"));
    onDone();
  };
  return (
    <Confirm title={say("reverse")} action={say("reverse")} busy={busy} onConfirm={reverse} onClose={onClose}>
      <ErrorSummary errors={errors} />
      <p>{say("reverseLead")}</p>
    </Confirm>
  );
}
