import { Button } from "@/components/Button";
import { Facts } from "@/components/Facts";
import { Form, optionalText, TextArea, TextField, textOf } from "@/components/Form";
import { Section } from "@/components/Page";
import { useToast } from "@/components/Toast";
import { useChange } from "@/lib/changes";
import { useFormat } from "@/lib/format";
import { useTexts } from "@/lib/i18n";
import { useViewer } from "@/lib/viewer";
import { StateAssumptions, type Assumptions } from "./documents";
import { texts } from "./texts";

type Props = { stated: readonly Assumptions[]; firstDay: string; onSaved: () => void };

/** What the savings rest on: all that was stated, and for admins a form. */
export function AssumptionsSection({ stated, firstDay, onSaved }: Props) {
  const say = useTexts(texts);
  const mayState = useViewer().may("STATE_ASSUMPTIONS");
  const last = stated[stated.length - 1] ?? null;
  return (
    <Section title={say("assumptions")} note={say("assumptionsNote")}>
      {last === null ? <p className="note">{say("nothingStated")}</p> : <Stated stated={stated} />}
      {mayState && (
        <AssumptionsForm
          key={JSON.stringify(last)}
          last={last}
          validFrom={last?.validFrom ?? firstDay}
          onSaved={onSaved}
        />
      )}
    </Section>
  );
}

function Stated({ stated }: { stated: readonly Assumptions[] }) {
  const say = useTexts(texts);
  const format = useFormat();
  return stated.map((one) => (
    <div key={one.validFrom}>
      <h3>{say("statedFrom", { day: format.day(one.validFrom) })}</h3>
      <Facts
        facts={[
          [say("costPerHire"), format.yen(one.costPerHireYen)],
          [say("hiresAYear"), format.number(one.hiresAYear)],
          [say("advertising"), format.yen(one.advertisingYenAYear)],
          [say("agencyHires"), format.number(one.agencyHiresAYear)],
          [say("agencyFee"), format.number(one.agencyFeePercent)],
          [say("yearlyPay"), format.yen(one.yearlyPayYen)],
          [say("participationAYear"), format.yen(one.participationYenAYear)],
          [say("note"), one.note ?? "–"],
        ]}
      />
    </div>
  ));
}

type FormProps = { last: Assumptions | null; validFrom: string; onSaved: () => void };

function AssumptionsForm({ last, validFrom, onSaved }: FormProps) {
  const say = useTexts(texts);
  const toast = useToast();
  const { run, errors, busy } = useChange(StateAssumptions);
  const save = async (values: FormData) => {
    const number = (name: string) => {
      const text = optionalText(values, name);
      return text === null ? null : Number.parseInt(text, 10);
    };
    const input = {
      validFrom: textOf(values, "validFrom"),
      costPerHireYen: number("costPerHireYen"),
      hiresAYear: number("hiresAYear"),
      advertisingYenAYear: number("advertisingYenAYear"),
      agencyHiresAYear: number("agencyHiresAYear"),
      agencyFeePercent: number("agencyFeePercent"),
      yearlyPayYen: number("yearlyPayYen"),
      participationYenAYear: number("participationYenAYear"),
      note: optionalText(values, "note"),
    };
    if ((await run({ input })) === null) return;
    toast(say("savedAssumptions"));
    onSaved();
  };
  const numbers = [
    ["costPerHireYen", say("costPerHire"), say("costPerHireHint"), last?.costPerHireYen],
    ["hiresAYear", say("hiresAYear"), undefined, last?.hiresAYear],
    ["advertisingYenAYear", say("advertising"), undefined, last?.advertisingYenAYear],
    ["agencyHiresAYear", say("agencyHires"), undefined, last?.agencyHiresAYear],
    ["agencyFeePercent", say("agencyFee"), undefined, last?.agencyFeePercent],
    ["yearlyPayYen", say("yearlyPay"), undefined, last?.yearlyPayYen],
    ["participationYenAYear", say("participationAYear"), say("participationHint"), last?.participationYenAYear],
  ] as const;
  return (
    <Form onSubmit={save} errors={errors}>
      <TextField
        name="validFrom"
        type="date"
        label={say("validFrom")}
        hint={say("validFromHint")}
        defaultValue={validFrom}
        required
      />
      {numbers.map(([name, label, hint, value]) => (
        <TextField key={name} name={name} type="number" min={0} label={label} hint={hint} defaultValue={value ?? ""} />
      ))}
      <TextArea name="note" rows={3} label={say("note")} hint={say("noteHint")} defaultValue={last?.note ?? ""} />
      <div className="actions">
        <Button kind="primary" type="submit" busy={busy}>
          {say("save")}
        </Button>
      </div>
    </Form>
  );
}
