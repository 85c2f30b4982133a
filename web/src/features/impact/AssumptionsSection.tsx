import { Button } from "@/components/Button";
import { Form, optionalText, TextArea, TextField, textOf } from "@/components/Form";
import { Section } from "@/components/Page";
import { Table, type Column } from "@/components/Table";
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
  const columns: Column<Assumptions>[] = [
    { key: "from", title: say("validFrom"), cell: (one) => format.day(one.validFrom) },
    { key: "cost", title: say("costPerHire"), number: true, cell: (one) => format.yen(one.costPerHireYen) },
    { key: "hires", title: say("hiresAYear"), number: true, cell: (one) => format.number(one.hiresAYear) },
    { key: "ads", title: say("advertising"), number: true, cell: (one) => format.yen(one.advertisingYenAYear) },
    { key: "agency", title: say("agencyHires"), number: true, cell: (one) => format.number(one.agencyHiresAYear) },
    { key: "fee", title: say("agencyFee"), number: true, cell: (one) => format.number(one.agencyFeePercent) },
    { key: "pay", title: say("yearlyPay"), number: true, cell: (one) => format.yen(one.yearlyPayYen) },
    {
      key: "part",
      title: say("participationAYear"),
      number: true,
      cell: (one) => format.yen(one.participationYenAYear),
    },
    { key: "note", title: say("note"), cell: (one) => one.note ?? "–" },
  ];
  return <Table caption={say("stated")} rows={stated} rowKey={(one) => one.validFrom} columns={columns} />;
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
