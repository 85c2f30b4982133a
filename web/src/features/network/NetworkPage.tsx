import { use, useMemo, useState } from "react";
import { useQuery, useSubscription } from "urql";
import { useSearchParams } from "wouter";
import { Button, LinkButton } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { Form, SelectField, TextField, textOf } from "@/components/Form";
import { Loaded } from "@/components/Loaded";
import { Page, Section } from "@/components/Page";
import { Table } from "@/components/Table";
import { daysBefore, TimeZoneContext, today, useFormat } from "@/lib/format";
import { useTexts } from "@/lib/i18n";
import { ComparedSection } from "./ComparedSection";
import { NetworkChanged, NetworkPicture, Sources, type Picture, type Where } from "./documents";
import { Drawing } from "./Drawing";
import { MonthsSection, WordsSection } from "./WordsSection";
import { texts } from "./texts";

const YEAR_DAYS = 365;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const VIEWS = ["HAND_OVERS", "RELAYS"] as const;
const LEVELS = ["ORGANIZATION", "INDUSTRY_DIVISION", "PREFECTURE"] as const;

/** What the address says is asked for. */
function useWhere(): [Where, (values: FormData) => void] {
  const timeZone = use(TimeZoneContext);
  const [search, setSearch] = useSearchParams();
  const where = useMemo(() => {
    const day = (name: string, otherwise: string) => {
      const value = search.get(name) ?? "";
      return DAY.test(value) ? value : otherwise;
    };
    const lastDay = day("until", today(timeZone));
    const source = search.get("source") ?? "";
    return {
      firstDay: day("from", daysBefore(lastDay, YEAR_DAYS)),
      lastDay,
      view: VIEWS.find((one) => one === search.get("view")) ?? "HAND_OVERS",
      level: LEVELS.find((one) => one === search.get("level")) ?? "ORGANIZATION",
      sourceId: source === "" ? null : source,
    };
  }, [search, timeZone]);
  const change = (values: FormData) => {
    const names = ["from", "until", "view", "level", "source"];
    setSearch(Object.fromEntries(names.map((name) => [name, textOf(values, name)])));
  };
  return [where, change];
}

export default function NetworkPage() {
  const say = useTexts(texts);
  const [where, change] = useWhere();
  const [result, refresh] = useQuery({ query: NetworkPicture, variables: { where } });
  const again = () => {
    refresh({ requestPolicy: "network-only" });
  };
  return (
    <Page
      title={say("title")}
      lead={say("lead")}
      actions={
        <>
          <LinkButton href="/network/advice">{say("adviceTitle")}</LinkButton>
          <LinkButton href="/network/analyses">{say("jobsTitle")}</LinkButton>
        </>
      }
    >
      <Choice where={where} onChange={change} />
      <Loaded result={result} retry={again}>
        {({ flowNetwork }) => <Shown key={flowNetwork.dataVersion} network={flowNetwork} where={where} again={again} />}
      </Loaded>
    </Page>
  );
}

function Choice({ where, onChange }: { where: Where; onChange: (values: FormData) => void }) {
  const say = useTexts(texts);
  const [sources] = useQuery({ query: Sources });
  const known = sources.data?.flowSources.nodes ?? [];
  const named = (names: readonly (typeof VIEWS)[number][] | readonly (typeof LEVELS)[number][]) =>
    names.map((value) => ({ value, label: say(value) }));
  return (
    <Form className="form inline" errors={[]} onSubmit={onChange}>
      <TextField name="from" type="date" label={say("from")} defaultValue={where.firstDay} />
      <TextField name="until" type="date" label={say("until")} defaultValue={where.lastDay} />
      <SelectField name="view" label={say("view")} options={named(VIEWS)} defaultValue={where.view ?? ""} />
      <SelectField name="level" label={say("level")} options={named(LEVELS)} defaultValue={where.level ?? ""} />
      {known.length > 0 && (
        <SelectField
          name="source"
          label={say("source")}
          empty={say("own")}
          options={known.map(({ id, label }) => ({ value: id, label }))}
          defaultValue={where.sourceId ?? ""}
        />
      )}
      <Button type="submit">{say("show")}</Button>
    </Form>
  );
}

type ShownProps = { network: Picture; where: Where; again: () => void };

function Shown({ network, where, again }: ShownProps) {
  const say = useTexts(texts);
  const { edges, strength, toldFrom, toldUntil } = network;
  const told =
    toldFrom === null || toldUntil === null ? say("untold") : say("told", { from: toldFrom, until: toldUntil });
  return (
    <>
      <p className="note">
        {told} {say("version", { version: network.dataVersion })}
      </p>
      <News again={again} />
      {edges.edges.length === 0 ? (
        <EmptyState title={say("none")} />
      ) : (
        <>
          <Section
            title={say("picture")}
            note={say("pictureNote", { shown: edges.edges.length, all: edges.totalCount })}
          >
            <Drawing edges={edges.edges} />
          </Section>
          <Section title={say("nodes")} note={strength.inWords}>
            <Nodes rows={strength.rows.edges} />
          </Section>
          <Section title={say("edges")}>
            <Edges edges={edges.edges} />
          </Section>
          <WordsSection where={where} />
          <MonthsSection where={where} />
          <ComparedSection where={where} />
        </>
      )}
    </>
  );
}

/** Says that there is more to be told, and leaves the page as it is until it is asked. */
function News({ again }: { again: () => void }) {
  const say = useTexts(texts);
  const [isNew, setNew] = useState(false);
  useSubscription({ query: NetworkChanged }, (_, changed) => {
    setNew(true);
    return changed;
  });
  if (!isNew) return null;
  return (
    <p className="note" role="status">
      {say("changed")}{" "}
      <Button
        onClick={() => {
          setNew(false);
          again();
        }}
      >
        {say("again")}
      </Button>
    </p>
  );
}

function Nodes({ rows }: { rows: Picture["strength"]["rows"]["edges"] }) {
  const say = useTexts(texts);
  const format = useFormat();
  return (
    <Table
      caption={say("nodes")}
      rows={rows}
      rowKey={(row) => row.cursor}
      columns={[
        { key: "name", title: say("name"), cell: (row) => row.of.name },
        { key: "given", title: say("given"), number: true, cell: (row) => format.number(row.given) },
        { key: "taken", title: say("taken"), number: true, cell: (row) => format.number(row.taken) },
        { key: "net", title: say("net"), number: true, cell: (row) => format.number(row.net) },
      ]}
    />
  );
}

function Edges({ edges }: { edges: Picture["edges"]["edges"] }) {
  const say = useTexts(texts);
  const format = useFormat();
  return (
    <Table
      caption={say("edges")}
      rows={edges}
      rowKey={(edge) => edge.cursor}
      columns={[
        { key: "from", title: say("from"), cell: (edge) => edge.from.name },
        { key: "to", title: say("to"), cell: (edge) => edge.to.name },
        { key: "people", title: say("people"), number: true, cell: (edge) => format.number(edge.people) },
      ]}
    />
  );
}
