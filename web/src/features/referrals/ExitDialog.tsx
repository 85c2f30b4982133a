import { use, useState } from "react";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { Form, SelectField, TextField, textOf } from "@/components/Form";
import { useToast } from "@/components/Toast";
import { idempotencyKey, useChange } from "@/lib/changes";
import { TimeZoneContext, today, useFormat } from "@/lib/format";
import { useName, useTexts } from "@/lib/i18n";
import { RecordExit, type Hire } from "./documents";
import { exitReasonNames, texts } from "./texts";

type ExitDialogProps = { hire: Hire; onClose: () => void; onDone: () => void };
type Reason = keyof typeof exitReasonNames;
const REASONS = Object.keys(exitReasonNames) as Reason[];

export function ExitDialog({ hire, onClose, onDone }: ExitDialogProps) {
  const say = useTexts(texts);
  const name = useName();
  const format = useFormat();
  const toast = useToast();
  const [key] = useState(idempotencyKey);
  const timeZone = use(TimeZoneContext);
  const { run, errors, busy } = useChange(RecordExit);
  const record = async (values: FormData) => {
    const done = await run({
      input: {
        hireId: hire.id,
        leftOn: textOf(values, "leftOn"),
        reason: REASONS.find((one) => one === textOf(values, "reason")) ?? null,
        idempotencyKey: key,
      },
    });
    if (done === null) return;
    toast(say("exited"));
    onDone();
  };
  return (
    <Dialog title={say("exit")} onClose={onClose}>
      <Form onSubmit={record} errors={errors}>
        {hire.guaranteeEndsOn !== null && (
          <p>{say(hire.isFree ? "exitLeadFree" : "exitLeadPaid", { day: format.day(hire.guaranteeEndsOn) })}</p>
        )}
        <TextField
          name="leftOn"
          type="date"
          label={say("leftOn")}
          min={hire.joinedOn}
          max={today(timeZone)}
          defaultValue={today(timeZone)}
          required
        />
        <SelectField
          name="reason"
          label={say("reason")}
          hint={say("exitReasonHint")}
          empty={say("untold")}
          options={REASONS.map((value) => ({ value, label: name(exitReasonNames[value]) }))}
        />
        <div className="actions end">
          <Button kind="primary" type="submit" busy={busy}>
            {say("exit")}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
