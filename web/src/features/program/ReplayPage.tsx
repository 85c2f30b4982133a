import { Link, useSearchParams } from "wouter";
import { useQuery } from "urql";
import { Button } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { Form } from "@/components/Form";
import { Loaded } from "@/components/Loaded";
import { Page, Section } from "@/components/Page";
import { Pagination } from "@/components/Pagination";
import { Table } from "@/components/Table";
import { useFormat } from "@/lib/format";
import { useTexts } from "@/lib/i18n";
import { usePaging } from "@/lib/paging";
import { useNameOf } from "@/lib/vocabulary";
import { ProgramVersions, ReplayProgram, type Replay } from "./documents";
import { RuleFields, rulesOf, type Rules } from "./RuleFields";
import { texts } from "./texts";

const FIRST = { first: 1, after: null, last: null, before: null };
const RULES = ["countsPerFreeHire", "countRule", "windowDays", "openLinks"] as const;

/** What is replayed stands in the address: a version, or rules of one's own. */
export default function ReplayPage() {
  const say = useTexts(texts);
  const [search, setSearch] = useSearchParams();
  const [versions, again] = useQuery({ query: ProgramVersions, variables: FIRST });
  const asked = search.has("version") || search.has("countRule");
  const replay = (values: FormData) => {
    const rules = rulesOf(values);
    setSearch(new URLSearchParams(RULES.map((name) => [name, String(rules[name])])));
  };
  return (
    <Page title={say("replay")} lead={say("replayLead")} back={<Link href="/program">{say("back")}</Link>}>
      <Section title={say("hypothesis")}>
        <Loaded result={versions} retry={again}>
          {({ program }) => (
            <Form onSubmit={replay} errors={[]}>
              <RuleFields rules={rulesIn(search) ?? program?.inForce ?? null} />
              <div className="actions">
                <Button kind="primary" type="submit">
                  {say("doReplay")}
                </Button>
              </div>
            </Form>
          )}
        </Loaded>
      </Section>
      {asked && <Results search={search} />}
    </Page>
  );
}

function Results({ search }: { search: URLSearchParams }) {
  const say = useTexts(texts);
  const paging = usePaging();
  const versionId = search.get("version");
  const rules = versionId === null ? rulesIn(search) : null;
  const [result, again] = useQuery({
    query: ReplayProgram,
    variables: { ...paging.variables, versionId, rules },
  });
  return (
    <Section title={say("results")}>
      <Loaded result={result} retry={again}>
        {({ program }) =>
          program === null || program.replay.companies.edges.length === 0 ? (
            <EmptyState title={say("nothing")} />
          ) : (
            <>
              <Totals replay={program.replay} />
              <Companies replay={program.replay} />
              <Pagination paging={paging} info={program.replay.companies.pageInfo} />
            </>
          )
        }
      </Loaded>
    </Section>
  );
}

/** The rules that the address names. */
function rulesIn(search: URLSearchParams): Rules | null {
  if (!search.has("countRule")) return null;
  const given = new FormData();
  for (const [name, value] of search) given.set(name, value);
  return rulesOf(given);
}

function Totals({ replay }: { replay: Replay }) {
  const say = useTexts(texts);
  const format = useFormat();
  const figures = [
    [`${say("counts")} – ${say("given")}`, replay.givenCounts],
    [`${say("counts")} – ${say("wouldBe")}`, replay.counts],
    [`${say("freeHires")} – ${say("given")}`, replay.givenFreeHires],
    [`${say("freeHires")} – ${say("wouldBe")}`, replay.freeHires],
  ] as const;
  return (
    <dl className="figures">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{format.number(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function Companies({ replay }: { replay: Replay }) {
  const say = useTexts(texts);
  const nameOf = useNameOf();
  const format = useFormat();
  const change = (given: number, would: number) => {
    const difference = would - given;
    const sign = difference > 0 ? "+" : "";
    return `${format.number(given)} → ${format.number(would)}（${sign}${format.number(difference)}）`;
  };
  return (
    <Table
      caption={say("results")}
      rows={replay.companies.edges}
      rowKey={(row) => row.node?.id ?? ""}
      columns={[
        { key: "company", title: say("company"), cell: (row) => nameOf(row.node) },
        {
          key: "counts",
          title: `${say("counts")}：${say("given")} → ${say("wouldBe")}`,
          number: true,
          cell: (row) => change(row.givenCounts, row.counts),
        },
        {
          key: "hires",
          title: `${say("freeHires")}：${say("given")} → ${say("wouldBe")}`,
          number: true,
          cell: (row) => change(row.givenFreeHires, row.freeHires),
        },
        { key: "rest", title: say("remainder"), number: true, cell: (row) => format.number(row.remainder) },
      ]}
    />
  );
}
