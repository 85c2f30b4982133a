import { useState } from "react";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { Form, SelectField, TextArea, TextField, optionalText, textOf } from "@/components/Form";
import { useChange } from "@/lib/changes";
import { useName, useTexts } from "@/lib/i18n";
import { useNameOf } from "@/lib/vocabulary";
import { DecideMeeting, type Meeting } from "./documents";
import { figureNames, texts } from "./texts";

type Figure = keyof typeof figureNames;
const FIGURES = Object.keys(figureNames) as Figure[];
const COUNTS: readonly Figure[] = ["HANDED_OVER", "HIRES"];
const DECISIONS_MAX = 20;

type DecideDialogProps = { meeting: Meeting; onClose: () => void; onDone: () => void };

export function DecideDialog({ meeting, onClose, onDone }: DecideDialogProps) {
  const say = useTexts(texts);
  const { run, errors, busy } = useChange(DecideMeeting);
  const [rows, setRows] = useState<readonly number[]>([1]);
  const send = async (values: FormData) => {
    const decisions = rows.map((row) => decisionOf(values, row));
    if ((await run({ input: { id: meeting.id, decisions } })) !== null) onDone();
  };
  return (
    <Dialog title={say("decide")} onClose={onClose}>
      <Form onSubmit={send} errors={errors}>
        <p>{say("decideLead")}</p>
        <p>{say("noNames")}</p>
        {rows.map((row, index) => (
          <fieldset key={row} className="checks">
            <legend>{say("decision", { n: index + 1 })}</legend>
            <DecisionFields meeting={meeting} row={row} />
            <Button
              onClick={() => {
                setRows(rows.filter((one) => one !== row));
              }}
            >
              {say("removeDecision", { n: index + 1 })}
            </Button>
          </fieldset>
        ))}
        <div className="actions end">
          {rows.length < DECISIONS_MAX && (
            <Button
              onClick={() => {
                setRows([...rows, Math.max(0, ...rows) + 1]);
              }}
            >
              {say("addDecision")}
            </Button>
          )}
          <Button kind="primary" type="submit" busy={busy}>
            {say("decide")}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}

function DecisionFields({ meeting, row }: { meeting: Meeting; row: number }) {
  const say = useTexts(texts);
  const name = useName();
  const nameOf = useNameOf();
  const parties = (meeting.partnership?.parties ?? [])
    .filter(({ status }) => status === "JOINED")
    .flatMap(({ company }) => (company === null ? [] : [{ value: company.id, label: nameOf(company) }]));
  const figures = meeting.isOfConsortium ? COUNTS : FIGURES;
  const field = (key: string) => `${key}-${row}`;
  return (
    <>
      <TextArea name={field("text")} label={say("decisionText")} rows={3} maxLength={500} required />
      {parties.length > 0 && (
        <SelectField name={field("owner")} label={say("owner")} empty={say("noOwner")} options={parties} />
      )}
      <TextField name={field("ownerName")} label={say("ownerName")} maxLength={80} />
      <TextField name={field("dueOn")} type="date" label={say("dueOn")} />
      <SelectField
        name={field("figure")}
        label={say("figure")}
        hint={say("figureHint")}
        empty={say("noFigure")}
        options={figures.map((value) => ({ value, label: name(figureNames[value]) }))}
      />
      {parties.length > 0 && (
        <div className="pair">
          <SelectField name={field("giver")} label={say("giver")} empty={say("anyParty")} options={parties} />
          <SelectField name={field("receiver")} label={say("receiver")} empty={say("anyParty")} options={parties} />
        </div>
      )}
    </>
  );
}

function decisionOf(values: FormData, row: number) {
  const given = (key: string) => optionalText(values, `${key}-${row}`);
  const figure = FIGURES.find((one) => one === given("figure")) ?? null;
  return {
    text: textOf(values, `text-${row}`),
    ownerId: given("owner"),
    ownerName: given("ownerName"),
    dueOn: given("dueOn"),
    figure,
    giverId: figure === null ? null : given("giver"),
    receiverId: figure === null ? null : given("receiver"),
  };
}
