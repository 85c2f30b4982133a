import { useState } from "react";
import { useQuery } from "urql";
import { Button } from "@/components/Button";
import { Form, TextField, textOf } from "@/components/Form";
import { Loaded } from "@/components/Loaded";
import { Section } from "@/components/Page";
import { Table } from "@/components/Table";
import { daysBefore, useFormat } from "@/lib/format";
import { useTexts } from "@/lib/i18n";
import { NetworkChange, type Changed, type Where } from "./documents";
import { texts } from "./texts";

const YEAR_DAYS = 365;

type Days = { sinceFirstDay: string; sinceLastDay: string };

export function ComparedSection({ where }: { where: Where }) {
  const say = useTexts(texts);
  const [days, setDays] = useState<Days | null>(null);
  const lastDay = daysBefore(where.firstDay, 1);
  return (
    <Section title={say("compare")}>
      <Form
        className="form inline"
        errors={[]}
        onSubmit={(values) => {
          setDays({ sinceFirstDay: textOf(values, "since"), sinceLastDay: textOf(values, "sinceUntil") });
        }}
      >
        <TextField
          name="since"
          type="date"
          required
          label={say("from")}
          defaultValue={daysBefore(lastDay, YEAR_DAYS)}
        />
        <TextField name="sinceUntil" type="date" required label={say("until")} defaultValue={lastDay} />
        <Button type="submit">{say("compareShow")}</Button>
      </Form>
      {days !== null && <Compared where={where} days={days} />}
    </Section>
  );
}

function Compared({ where, days }: { where: Where; days: Days }) {
  const [result, again] = useQuery({ query: NetworkChange, variables: { where, ...days } });
  return (
    <Loaded result={result} retry={again}>
      {({ flowNetwork: { change } }) => (
        <>
          <p>{change.inWords}</p>
          {change.rows.edges.length > 0 && <Moves rows={change.rows.edges} />}
        </>
      )}
    </Loaded>
  );
}

function Moves({ rows }: { rows: readonly Changed[] }) {
  const say = useTexts(texts);
  const format = useFormat();
  return (
    <Table
      caption={say("compare")}
      rows={rows}
      rowKey={(row) => row.cursor}
      columns={[
        { key: "edge", title: say("edges"), cell: (row) => `${row.from.name} → ${row.to.name}` },
        { key: "before", title: say("before"), number: true, cell: (row) => format.number(row.beforePeople) },
        { key: "after", title: say("after"), number: true, cell: (row) => format.number(row.afterPeople) },
        { key: "moved", title: say("moved"), cell: (row) => say(row.moved) },
        { key: "sure", title: say("sure"), cell: (row) => say(row.isSignificant ? "yes" : "no") },
      ]}
    />
  );
}
