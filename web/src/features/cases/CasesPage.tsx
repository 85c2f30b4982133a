import { Link } from "wouter";
import { useQuery } from "urql";
import { EmptyState } from "@/components/EmptyState";
import { Filter } from "@/components/Filter";
import { Loaded } from "@/components/Loaded";
import { Page } from "@/components/Page";
import { Pagination } from "@/components/Pagination";
import { Status } from "@/components/Status";
import { Table } from "@/components/Table";
import { WaitingSection } from "@/components/WaitingSection";
import { useFormat } from "@/lib/format";
import { useName, useTexts } from "@/lib/i18n";
import { useReferralChanges } from "@/lib/live";
import { usePaging, useSearchValue } from "@/lib/paging";
import { useNameOf, useTerm } from "@/lib/vocabulary";
import { Cases, type CaseRow } from "./documents";
import { caseStatusNames, caseStatusTones, texts } from "./texts";

const STATUSES = ["OPEN", "CLOSED"] as const;

export default function CasesPage() {
  const say = useTexts(texts);
  const name = useName();
  const paging = usePaging();
  const [chosen, choose] = useSearchValue("status");
  const status = STATUSES.find((one) => one === chosen);
  const [result, refresh] = useQuery({
    query: Cases,
    variables: { ...paging.variables, where: status ? { status: { eq: status } } : null },
  });
  const again = () => {
    refresh({ requestPolicy: "network-only" });
  };
  useReferralChanges(again);
  return (
    <Page title={say("title")} lead={say("lead")}>
      <WaitingSection />
      <div className="filters">
        <Filter
          label={say("filter")}
          empty={say("all")}
          value={status ?? ""}
          onChange={choose}
          options={STATUSES.map((value) => ({ value, label: name(caseStatusNames[value]) }))}
        />
      </div>
      <Loaded result={result} retry={again}>
        {({ cases: { nodes, pageInfo, totalCount } }) =>
          nodes.length === 0 ? (
            <EmptyState title={say(status ? "noneFiltered" : "none")}>
              {!status && <p>{say("noneLead")}</p>}
            </EmptyState>
          ) : (
            <>
              <CaseTable cases={nodes} />
              <Pagination paging={paging} info={pageInfo} total={totalCount} />
            </>
          )
        }
      </Loaded>
    </Page>
  );
}

function CaseTable({ cases }: { cases: readonly CaseRow[] }) {
  const say = useTexts(texts);
  const name = useName();
  const nameOf = useNameOf();
  const format = useFormat();
  return (
    <Table
      caption={say("title")}
      rows={cases}
      rowKey={(one) => one.id}
      columns={[
        {
          key: "name",
          title: say("name"),
          cell: (one) => (
            <>
              <Link href={`/cases/${one.id}`}>{one.candidate?.name ?? say("unnamed")}</Link>
              {isNew(one) && <span className="new-mark">{say("newOne")}</span>}
            </>
          ),
        },
        { key: "work", title: say("work"), cell: (one) => <Work of={one} /> },
        { key: "from", title: say("from"), cell: (one) => nameOf(one.referral?.giver ?? null) },
        { key: "opened", title: say("opened"), cell: (one) => format.moment(one.openedAt) },
        {
          key: "introductions",
          title: say("introductions"),
          number: true,
          cell: (one) => format.number(one.introductions.totalCount),
        },
        {
          key: "status",
          title: say("status"),
          cell: ({ status }) => <Status tone={caseStatusTones[status]}>{name(caseStatusNames[status])}</Status>,
        },
      ]}
    />
  );
}

/** Nobody has noted anything or introduced the person yet. */
function isNew(one: CaseRow): boolean {
  return one.status === "OPEN" && one.note === null && one.introductions.totalCount === 0;
}

function Work({ of: { candidate } }: { of: CaseRow }) {
  const say = useTexts(texts);
  const term = useTerm();
  if (candidate === null) return "–";
  const years = candidate.experienceYears;
  return (
    <>
      {term(candidate.category)}
      <span className="soft block">
        {[term(candidate.prefecture), years === null ? "" : say("years", { n: years })].filter(Boolean).join(" · ")}
      </span>
    </>
  );
}
