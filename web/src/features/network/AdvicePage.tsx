import { use, useMemo, useState } from "react";
import { useQuery } from "urql";
import { Button, LinkButton } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { Form, TextField, textOf } from "@/components/Form";
import { Loaded } from "@/components/Loaded";
import { Page, Section } from "@/components/Page";
import { Table } from "@/components/Table";
import { daysBefore, TimeZoneContext, today, useFormat } from "@/lib/format";
import { useTexts } from "@/lib/i18n";
import { useViewer } from "@/lib/viewer";
import { useNameOf } from "@/lib/vocabulary";
import { Partners, WhatIf, type Effect, type Pair, type Where } from "./documents";
import { texts } from "./texts";

const YEAR_DAYS = 365;

export default function AdvicePage() {
  const say = useTexts(texts);
  const timeZone = use(TimeZoneContext);
  const where = useMemo(() => {
    const lastDay = today(timeZone);
    return { firstDay: daysBefore(lastDay, YEAR_DAYS), lastDay };
  }, [timeZone]);
  const viewer = useViewer();
  const isAgency = viewer.organization !== null && !viewer.organization.isCompany;
  return (
    <Page
      title={say("adviceTitle")}
      lead={say("adviceLead")}
      back={<LinkButton href="/network">{say("title")}</LinkButton>}
    >
      {!isAgency && <PartnersSection where={where} />}
      <WhatIfSection where={where} />
    </Page>
  );
}

function PartnersSection({ where }: { where: Where }) {
  const say = useTexts(texts);
  const [result, again] = useQuery({ query: Partners, variables: { where } });
  return (
    <Section title={say("partners")}>
      <Loaded result={result} retry={again}>
        {({ partnersToConsider: pairs }) =>
          pairs.length === 0 ? <EmptyState title={say("noPartners")} /> : <Pairs pairs={pairs} />
        }
      </Loaded>
    </Section>
  );
}

function Pairs({ pairs }: { pairs: readonly Pair[] }) {
  const say = useTexts(texts);
  const nameOf = useNameOf();
  return (
    <Table
      caption={say("partners")}
      rows={pairs}
      rowKey={(pair) => `${pair.one?.id ?? ""}${pair.other?.id ?? ""}`}
      columns={[
        { key: "one", title: say("one"), cell: (pair) => nameOf(pair.one) },
        { key: "other", title: say("other"), cell: (pair) => nameOf(pair.other) },
        { key: "score", title: say("score"), number: true, cell: (pair) => Math.round(pair.score * 100) },
        { key: "reasons", title: say("reasons"), cell: (pair) => pair.reasons.join(" ") },
      ]}
    />
  );
}

type Asked = { toCounts: number; responseShare: number; aheadMonths: number };

function WhatIfSection({ where }: { where: Where }) {
  const say = useTexts(texts);
  const [asked, setAsked] = useState<Asked | null>(null);
  return (
    <Section title={say("whatIf")}>
      <Form
        className="form inline"
        errors={[]}
        onSubmit={(values) => {
          setAsked({
            toCounts: Number(textOf(values, "toCounts")),
            responseShare: Number(textOf(values, "growth")) / 100,
            aheadMonths: Number(textOf(values, "ahead")),
          });
        }}
      >
        <TextField name="toCounts" type="number" min={1} max={1000} label={say("toCounts")} defaultValue={8} required />
        <TextField name="growth" type="number" min={-100} max={1000} label={say("growth")} defaultValue={0} required />
        <TextField name="ahead" type="number" min={1} max={36} label={say("ahead")} defaultValue={12} required />
        <Button type="submit">{say("tryIt")}</Button>
      </Form>
      {asked !== null && <Effects where={where} asked={asked} />}
    </Section>
  );
}

function Effects({ where, asked }: { where: Where; asked: Asked }) {
  const say = useTexts(texts);
  const { toCounts, responseShare, aheadMonths } = asked;
  const input = useMemo(
    () => ({ where, aheadMonths, scenario: { changeThreshold: { toCounts, responseShare } } }),
    [where, aheadMonths, toCounts, responseShare],
  );
  const [result, again] = useQuery({ query: WhatIf, variables: { input } });
  return (
    <Loaded result={result} retry={again}>
      {({ simulate }) => (
        <>
          <EffectTable hires={simulate.hiredPeople} freeHires={simulate.freeHires} />
          <h3>{say("assumptions")}</h3>
          <ul className="sentences">
            {simulate.assumptions.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </>
      )}
    </Loaded>
  );
}

function EffectTable({ hires, freeHires }: { hires: Effect; freeHires: Effect | null }) {
  const say = useTexts(texts);
  const format = useFormat();
  const whole = (value: number) => format.number(Math.round(value));
  const rows = [
    { name: say("hires"), effect: hires },
    ...(freeHires === null ? [] : [{ name: say("freeHires"), effect: freeHires }]),
  ];
  return (
    <Table
      caption={say("effect")}
      rows={rows}
      rowKey={(row) => row.name}
      columns={[
        { key: "name", title: say("effect"), cell: (row) => row.name },
        { key: "now", title: say("now"), number: true, cell: ({ effect }) => whole(effect.now.mean) },
        { key: "then", title: say("then"), number: true, cell: ({ effect }) => whole(effect.then.mean) },
        {
          key: "difference",
          title: say("difference"),
          number: true,
          cell: ({ effect: { difference } }) =>
            `${whole(difference.mean)} (${whole(difference.low)} – ${whole(difference.high)})`,
        },
      ]}
    />
  );
}
