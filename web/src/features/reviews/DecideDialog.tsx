import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { Form, SelectField, TextArea, textOf } from "@/components/Form";
import { useToast } from "@/components/Toast";
import { useChange } from "@/lib/changes";
import { useName, useTexts } from "@/lib/i18n";
import { useNameOf } from "@/lib/vocabulary";
import { ResolveHeldCount, type HeldCount } from "./documents";
import { holdReasonNames, texts } from "./texts";

type DecideDialogProps = { held: HeldCount; onClose: () => void; onDecided: () => void };

export function DecideDialog({ held, onClose, onDecided }: DecideDialogProps) {
  const say = useTexts(texts);
  const nameOf = useNameOf();
  const name = useName();
  const toast = useToast();
  const { run, errors, busy } = useChange(ResolveHeldCount);
  const decide = async (values: FormData) => {
    const resolution = textOf(values, "resolution") === "COUNT" ? "COUNT" : "REFUSE";
    const done = await run({ input: { id: held.id, resolution, reason: textOf(values, "reason") } });
    if (done === null) return;
    toast(say("recorded"));
    onDecided();
  };
  return (
    <Dialog title={`${nameOf(held.company)} – ${held.campaign}`} onClose={onClose}>
      <Form onSubmit={decide} errors={errors}>
        <p>{name(holdReasonNames[held.holdReason])}</p>
        <SelectField
          name="resolution"
          label={say("resolution")}
          options={[
            { value: "COUNT", label: say("count") },
            { value: "REFUSE", label: say("refuse") },
          ]}
        />
        <TextArea name="reason" label={say("reason")} hint={say("reasonHint")} required maxLength={1000} rows={4} />
        <div className="actions end">
          <Button kind="primary" type="submit" busy={busy}>
            {say("save")}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
