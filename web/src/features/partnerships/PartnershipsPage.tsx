import { Link } from "wouter";
import { useQuery } from "urql";
import { LinkButton } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { Filter } from "@/components/Filter";
import { Loaded } from "@/components/Loaded";
import { Page } from "@/components/Page";
import { Pagination } from "@/components/Pagination";
import { Search } from "@/components/Search";
import { Status } from "@/components/Status";
import { Table } from "@/components/Table";
import { useFormat } from "@/lib/format";
import { joined, useName, useTexts } from "@/lib/i18n";
import { usePartnershipChanges } from "@/lib/live";
import { usePaging, useSearchValue } from "@/lib/paging";
import { useViewer } from "@/lib/viewer";
import { useNameOf } from "@/lib/vocabulary";
import { Partnerships, type PartnershipRow } from "./documents";
import { statusNames, statusTones, texts, waitingNames } from "./texts";

type At = keyof typeof statusNames;
const STATUSES = Object.keys(statusNames) as At[];
const WAITS = ["WAITING", "OVERDUE"] as const;
const LONGEST_FIRST = [{ field: "WAITING_SINCE" as const, direction: "ASC" as const }];

export default function PartnershipsPage() {
  const say = useTexts(texts);
  const name = useName();
  const paging = usePaging();
  const [chosen, choose] = useSearchValue("status");
  const status = STATUSES.find((one) => one === chosen);
  const [sought, seek] = useSearchValue("search");
  const [wait, chooseWait] = useSearchValue("answers");
  const waiting = WAITS.find((one) => one === wait);
  const [result, refresh] = useQuery({
    query: Partnerships,
    variables: {
      ...paging.variables,
      where: {
        status: status ? { eq: status } : null,
        search: sought || null,
        isOverdue: waiting === "OVERDUE" ? true : null,
      },
      orderBy: waiting ? LONGEST_FIRST : null,
    },
  });
  const again = () => {
    refresh({ requestPolicy: "network-only" });
  };
  usePartnershipChanges(again);
  const viewer = useViewer();
  const actions = (
    <>
      {viewer.may("MANAGE_PROGRAM") && <LinkButton href="/partnerships/policy">{say("policy")}</LinkButton>}
      <LinkButton href="/partnerships/find">{say("find")}</LinkButton>
      {viewer.may("MANAGE_PARTNERSHIPS") && (
        <LinkButton href="/partnerships/new" kind="primary">
          {say("propose")}
        </LinkButton>
      )}
    </>
  );
  return (
    <Page title={say("title")} lead={say("lead")} actions={actions}>
      <Search label={say("searchLabel")} action={say("search")} value={sought} onSearch={seek} />
      <div className="filters">
        <Filter
          label={say("status")}
          empty={say("all")}
          value={status ?? ""}
          onChange={choose}
          options={STATUSES.map((value) => ({ value, label: name(statusNames[value]) }))}
        />
        <Filter
          label={say("waiting")}
          empty={say("all")}
          value={waiting ?? ""}
          onChange={chooseWait}
          options={WAITS.map((value) => ({ value, label: name(waitingNames[value]) }))}
        />
      </div>
      <Loaded result={result} retry={again}>
        {({ partnerships: { nodes, pageInfo, totalCount } }) => {
          if (nodes.length > 0) {
            return (
              <>
                <PartnershipTable partnerships={nodes} />
                <Pagination paging={paging} info={pageInfo} total={totalCount} />
              </>
            );
          }
          if (status || waiting || sought) return <EmptyState title={say("noneFiltered")} />;
          return (
            <EmptyState title={say("none")}>
              <p>{say("noneLead")}</p>
            </EmptyState>
          );
        }}
      </Loaded>
    </Page>
  );
}

function PartnershipTable({ partnerships }: { partnerships: readonly PartnershipRow[] }) {
  const say = useTexts(texts);
  const name = useName();
  const nameOf = useNameOf();
  const format = useFormat();
  return (
    <Table
      caption={say("title")}
      rows={partnerships}
      rowKey={(partnership) => partnership.id}
      columns={[
        {
          key: "name",
          title: say("name"),
          cell: (partnership) => <Link href={`/partnerships/${partnership.id}`}>{partnership.name}</Link>,
        },
        {
          key: "companies",
          title: say("companies"),
          cell: ({ parties }) => joined(parties.map((party) => nameOf(party.company)), " / "),
        },
        { key: "since", title: say("since"), cell: ({ createdAt }) => format.day(createdAt) },
        {
          key: "status",
          title: say("status"),
          cell: ({ status: at, terms }) => (
            <>
              <Status tone={statusTones[at]}>{name(statusNames[at])}</Status>
              {terms !== null && terms.policyBreaches.length > 0 && <Status tone="stop">{say("outside")}</Status>}
            </>
          ),
        },
        {
          key: "waiting",
          title: say("waitingSince"),
          cell: ({ waitingSince, isOverdue }) => (
            <>
              {waitingSince === null ? "–" : format.day(waitingSince)}
              {isOverdue && <Status tone="stop">{say("overdue")}</Status>}
            </>
          ),
        },
      ]}
    />
  );
}
