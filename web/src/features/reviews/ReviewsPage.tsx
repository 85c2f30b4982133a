import { useState } from "react";
import { useQuery } from "urql";
import { Button } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { Filter } from "@/components/Filter";
import { Loaded } from "@/components/Loaded";
import { Page } from "@/components/Page";
import { Pagination } from "@/components/Pagination";
import { Status } from "@/components/Status";
import { Table } from "@/components/Table";
import { useFormat } from "@/lib/format";
import { useName, useTexts } from "@/lib/i18n";
import { countStatusNames, countStatusTones } from "@/lib/names";
import { usePaging, useSearchValue } from "@/lib/paging";
import { useNameOf } from "@/lib/vocabulary";
import { DecideDialog } from "./DecideDialog";
import { HeldCounts, type HeldCount } from "./documents";
import { holdReasonNames, texts } from "./texts";

export default function ReviewsPage() {
  const say = useTexts(texts);
  const paging = usePaging();
  const [shown, show] = useSearchValue("show");
  const [deciding, decide] = useState<HeldCount | null>(null);
  const where = shown === "decided" ? null : { status: { eq: "HELD" as const } };
  const [result, refresh] = useQuery({ query: HeldCounts, variables: { ...paging.variables, where } });
  const again = () => {
    refresh({ requestPolicy: "network-only" });
  };
  return (
    <Page title={say("title")} lead={say("lead")}>
      <div className="filters">
        <Filter
          label={say("show")}
          empty={say("held")}
          value={shown}
          onChange={show}
          options={[{ value: "decided", label: say("decided") }]}
        />
      </div>
      <Loaded result={result} retry={again}>
        {({ heldCounts: { nodes, pageInfo, totalCount } }) =>
          nodes.length === 0 ? (
            <EmptyState title={say("none")} />
          ) : (
            <>
              <HeldTable counts={nodes} onDecide={decide} />
              <Pagination paging={paging} info={pageInfo} total={totalCount} />
            </>
          )
        }
      </Loaded>
      {deciding && (
        <DecideDialog
          held={deciding}
          onClose={() => {
            decide(null);
          }}
          onDecided={() => {
            decide(null);
            again();
          }}
        />
      )}
    </Page>
  );
}

type HeldTableProps = { counts: readonly HeldCount[]; onDecide: (held: HeldCount) => void };

function HeldTable({ counts, onDecide }: HeldTableProps) {
  const say = useTexts(texts);
  const nameOf = useNameOf();
  const name = useName();
  const format = useFormat();
  return (
    <Table
      caption={say("title")}
      rows={counts}
      rowKey={(held) => held.id}
      columns={[
        {
          key: "company",
          title: say("company"),
          cell: (held) => (
            <>
              {nameOf(held.company)}
              <span className="soft block">{held.campaign}</span>
            </>
          ),
        },
        { key: "day", title: say("day"), cell: (held) => format.day(held.completedOn) },
        { key: "why", title: say("why"), cell: (held) => name(holdReasonNames[held.holdReason]) },
        { key: "evidence", title: say("evidence"), cell: (held) => <Evidence held={held} /> },
        {
          key: "status",
          title: say("status"),
          cell: (held) => (
            <>
              <Status tone={countStatusTones[held.status]}>{name(countStatusNames[held.status])}</Status>
              {held.decisionNote !== null && <span className="soft block">{held.decisionNote}</span>}
            </>
          ),
        },
        {
          key: "doing",
          title: say("doing"),
          cell: (held) =>
            held.status === "HELD" && (
              <Button
                aria-label={`${say("decide")}: ${nameOf(held.company)} ${format.day(held.completedOn)}`}
                onClick={() => {
                  onDecide(held);
                }}
              >
                {say("decide")}
              </Button>
            ),
        },
      ]}
    />
  );
}

function Evidence({ held: { evidence, companyMailDomain, holdReason } }: { held: HeldCount }) {
  const say = useTexts(texts);
  return (
    <ul className="soft">
      {evidence !== null && (
        <>
          <li>{say("throughLink", { n: evidence.throughLink })}</li>
          <li>{say("fromDevice", { n: evidence.fromDevice })}</li>
          <li>{say("samePhone", { n: evidence.samePhone })}</li>
        </>
      )}
      {holdReason === "COMPANY_DOMAIN" && companyMailDomain !== null && (
        <li>{say("domain", { domain: companyMailDomain })}</li>
      )}
    </ul>
  );
}
