import { Button } from "@/components/Button";
import { Form, optionalText, TextField } from "@/components/Form";
import { useToast } from "@/components/Toast";
import { useChange } from "@/lib/changes";
import { useTexts } from "@/lib/i18n";
import { StateBaseline, type Baseline } from "./documents";
import { texts } from "./texts";

type BaselineFormProps = { baseline: Baseline; onSaved: () => void };

/** What the company says of its hires outside the network. */
export function BaselineForm({ baseline, onSaved }: BaselineFormProps) {
  const say = useTexts(texts);
  const toast = useToast();
  const { run, errors, busy } = useChange(StateBaseline);
  const save = async (values: FormData) => {
    const numberOf = (name: string) => {
      const text = optionalText(values, name);
      return text === null ? null : Number.parseInt(text, 10);
    };
    const input = {
      stayed30Percent: numberOf("stayed30Percent"),
      stayed90Percent: numberOf("stayed90Percent"),
      stayed180Percent: numberOf("stayed180Percent"),
      costPerHireYen: numberOf("costPerHireYen"),
    };
    if ((await run({ input })) === null) return;
    toast(say("saved"));
    onSaved();
  };
  const percents = [
    ["stayed30Percent", say("stayed30"), baseline?.stayed30Percent],
    ["stayed90Percent", say("stayed90"), baseline?.stayed90Percent],
    ["stayed180Percent", say("stayed180"), baseline?.stayed180Percent],
  ] as const;
  return (
    <Form onSubmit={save} errors={errors}>
      {percents.map(([name, label, value]) => (
        <TextField key={name} name={name} type="number" min={0} max={100} label={label} defaultValue={value ?? ""} />
      ))}
      <TextField
        name="costPerHireYen"
        type="number"
        min={0}
        label={say("costOutside")}
        hint={say("costHint")}
        defaultValue={baseline?.costPerHireYen ?? ""}
      />
      <div className="actions">
        <Button kind="primary" type="submit" busy={busy}>
          {say("save")}
        </Button>
      </div>
    </Form>
  );
}
