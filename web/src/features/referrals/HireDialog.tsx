import { use, useState } from "react";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { Form, optionalText, TextField, textOf } from "@/components/Form";
import { useToast } from "@/components/Toast";
import { idempotencyKey, useChange } from "@/lib/changes";
import { TimeZoneContext, today } from "@/lib/format";
import { useTexts } from "@/lib/i18n";
import { RecordHire, type Referral } from "./documents";
import { texts } from "./texts";

type HireDialogProps = { referral: Referral; onClose: () => void; onDone: () => void };

export function HireDialog({ referral, onClose, onDone }: HireDialogProps) {
  const say = useTexts(texts);
  const toast = useToast();
  const [key] = useState(idempotencyKey);
  const timeZone = use(TimeZoneContext);
  const { run, errors, busy } = useChange(RecordHire);
  const record = async (values: FormData) => {
    const fee = optionalText(values, "feeYen");
    const done = await run({
      input: {
        referralId: referral.id,
        joinedOn: textOf(values, "joinedOn"),
        feeYen: fee === null ? null : Number.parseInt(fee, 10),
        idempotencyKey: key,
      },
    });
    if (done === null) return;
    toast(say("hired"));
    onDone();
  };
  return (
    <Dialog title={say("hire")} onClose={onClose}>
      <Form onSubmit={record} errors={errors}>
        <TextField
          name="joinedOn"
          type="date"
          label={say("joinedOn")}
          defaultValue={today(timeZone)}
          max={today(timeZone)}
          required
        />
        <FeePart referral={referral} />
        <div className="actions end">
          <Button kind="primary" type="submit" busy={busy}>
            {say("hire")}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}

/** Between companies no fee is paid: that would be placement without a licence. */
function FeePart({ referral: { channel, isFree } }: { referral: Referral }) {
  const say = useTexts(texts);
  if (channel === "PARTNER_SHARE") return <p className="notice">{say("noFeeBetween")}</p>;
  if (isFree) return <p className="notice">{say("reserved")}</p>;
  return <TextField name="feeYen" type="number" min={0} label={say("fee")} hint={say("feeHint")} />;
}
