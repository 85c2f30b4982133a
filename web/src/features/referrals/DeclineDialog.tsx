import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { Form, SelectField, textOf } from "@/components/Form";
import { useToast } from "@/components/Toast";
import { useChange } from "@/lib/changes";
import { useName, useTexts } from "@/lib/i18n";
import { DeclineReferral, type Referral } from "./documents";
import { declineReasonNames, texts } from "./texts";

type DeclineDialogProps = { referral: Referral; onClose: () => void; onDone: () => void };
type Reason = keyof typeof declineReasonNames;
const REASONS = Object.keys(declineReasonNames) as Reason[];

export function DeclineDialog({ referral, onClose, onDone }: DeclineDialogProps) {
  const say = useTexts(texts);
  const name = useName();
  const toast = useToast();
  const { run, errors, busy } = useChange(DeclineReferral);
  const decline = async (values: FormData) => {
    const reason = REASONS.find((one) => one === textOf(values, "reason")) ?? "OTHER";
    if ((await run({ input: { id: referral.id, reason } })) === null) return;
    toast(say("declined"));
    onDone();
  };
  return (
    <Dialog title={say("decline")} onClose={onClose}>
      <Form onSubmit={decline} errors={errors}>
        <p>{say("declineLead")}</p>
        <SelectField
          name="reason"
          label={say("reason")}
          options={REASONS.map((value) => ({ value, label: name(declineReasonNames[value]) }))}
        />
        <div className="actions end">
          <Button kind="danger" type="submit" busy={busy}>
            {say("decline")}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
