import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { Form, SelectField, textOf } from "@/components/Form";
import { useToast } from "@/components/Toast";
import { useChange } from "@/lib/changes";
import { useName, useTexts } from "@/lib/i18n";
import { CloseCase } from "./documents";
import { outcomeNames, texts } from "./texts";

type CloseDialogProps = { caseId: string; onClose: () => void; onDone: () => void };
const OUTCOMES = ["NO_SUITABLE_OPENING", "WITHDRAWN"] as const;

export function CloseDialog({ caseId, onClose, onDone }: CloseDialogProps) {
  const say = useTexts(texts);
  const name = useName();
  const toast = useToast();
  const { run, errors, busy } = useChange(CloseCase);
  const close = async (values: FormData) => {
    const outcome = OUTCOMES.find((one) => one === textOf(values, "outcome")) ?? "NO_SUITABLE_OPENING";
    if ((await run({ input: { id: caseId, outcome } })) === null) return;
    toast(say("closed"));
    onDone();
  };
  return (
    <Dialog title={say("close")} onClose={onClose}>
      <Form onSubmit={close} errors={errors}>
        <p>{say("closeLead")}</p>
        <SelectField
          name="outcome"
          label={say("outcome")}
          options={OUTCOMES.map((value) => ({ value, label: name(outcomeNames[value]) }))}
        />
        <div className="actions end">
          <Button kind="danger" type="submit" busy={busy}>
            {say("close")}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
