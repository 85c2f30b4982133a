import { Link } from "wouter";
import { useQuery } from "urql";
import { LinkButton } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { Filter } from "@/components/Filter";
import { Loaded } from "@/components/Loaded";
import { Page } from "@/components/Page";
import { Pagination } from "@/components/Pagination";
import { Status } from "@/components/Status";
import { Table } from "@/components/Table";
import { useFormat } from "@/lib/format";
import { useName, useTexts } from "@/lib/i18n";
import { usePaging, useSearchValue } from "@/lib/paging";
import { useViewer } from "@/lib/viewer";
import { useNameOf, useTerm } from "@/lib/vocabulary";
import { Openings, type Opening } from "./documents";
import { statusNames, statusTones, texts } from "./texts";

const STATUSES = ["OPEN", "CLOSED"] as const;

export default function OpeningsPage() {
  const say = useTexts(texts);
  const name = useName();
  const paging = usePaging();
  const [chosen, choose] = useSearchValue("status");
  const status = STATUSES.find((one) => one === chosen);
  const [result, again] = useQuery({
    query: Openings,
    variables: { ...paging.variables, where: status ? { status: { eq: status } } : null },
  });
  const create = useViewer().may("MANAGE_OPENINGS") && (
    <>
      <LinkButton href="/openings/import">{say("upload")}</LinkButton>
      <LinkButton href="/openings/new" kind="primary">
        {say("create")}
      </LinkButton>
    </>
  );
  return (
    <Page title={say("title")} lead={say("lead")} actions={create}>
      <div className="filters">
        <Filter
          label={say("filter")}
          empty={say("all")}
          value={status ?? ""}
          onChange={choose}
          options={STATUSES.map((value) => ({ value, label: name(statusNames[value]) }))}
        />
      </div>
      <Loaded result={result} retry={again}>
        {({ openings: { nodes, pageInfo } }) =>
          nodes.length === 0 ? (
            <EmptyState title={say("none")}>
              <p>{say("noneLead")}</p>
              {create}
            </EmptyState>
          ) : (
            <>
              <OpeningTable openings={nodes} />
              <Pagination paging={paging} info={pageInfo} />
            </>
          )
        }
      </Loaded>
    </Page>
  );
}

function OpeningTable({ openings }: { openings: readonly Opening[] }) {
  const say = useTexts(texts);
  const name = useName();
  const nameOf = useNameOf();
  const term = useTerm();
  const format = useFormat();
  return (
    <Table
      caption={say("title")}
      rows={openings}
      rowKey={(opening) => opening.id}
      columns={[
        {
          key: "title",
          title: say("name"),
          cell: (opening) => (
            <>
              <Link href={`/openings/${opening.id}`}>{opening.title}</Link>
              <span className="soft block">{nameOf(opening.company)}</span>
            </>
          ),
        },
        { key: "category", title: say("category"), cell: (opening) => term(opening.category) },
        { key: "place", title: say("prefecture"), cell: (opening) => term(opening.prefecture) },
        {
          key: "headcount",
          title: say("headcount"),
          number: true,
          cell: (opening) => say("people", { n: opening.headcount }),
        },
        {
          key: "until",
          title: say("until"),
          cell: (opening) => (opening.openUntil === null ? say("noEnd") : format.day(opening.openUntil)),
        },
        {
          key: "status",
          title: say("status"),
          cell: ({ status }) => <Status tone={statusTones[status]}>{name(statusNames[status])}</Status>,
        },
      ]}
    />
  );
}
