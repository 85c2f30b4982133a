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
import { usePaging, useSearchValue } from "@/lib/paging";
import { AnswerDialog } from "./AnswerDialog";
import { CandidateRequests, type CandidateRequest } from "./documents";
import { kindNames, statusNames, statusTones, texts } from "./texts";

export default function RequestsPage() {
  const say = useTexts(texts);
  const paging = usePaging();
  const [shown, show] = useSearchValue("show");
  const [replying, reply] = useState<CandidateRequest | null>(null);
  const where = shown === "all" ? null : { status: { eq: "OPEN" as const } };
  const [result, refresh] = useQuery({ query: CandidateRequests, variables: { ...paging.variables, where } });
  const again = () => {
    refresh({ requestPolicy: "network-only" });
  };
  return (
    <Page title={say("title")} lead={say("lead")}>
      <div className="filters">
        <Filter
          label={say("show")}
          empty={say("waiting")}
          value={shown}
          onChange={show}
          options={[{ value: "all", label: say("all") }]}
        />
      </div>
      <Loaded result={result} retry={again}>
        {({ candidateRequests: { nodes, pageInfo, totalCount } }) =>
          nodes.length === 0 ? (
            <EmptyState title={say("none")} />
          ) : (
            <>
              <RequestTable requests={nodes} onReply={reply} />
              <Pagination paging={paging} info={pageInfo} total={totalCount} />
            </>
          )
        }
      </Loaded>
      {replying && (
        <AnswerDialog
          request={replying}
          onClose={() => {
            reply(null);
          }}
          onDone={() => {
            reply(null);
            again();
          }}
        />
      )}
    </Page>
  );
}

type RequestTableProps = { requests: readonly CandidateRequest[]; onReply: (request: CandidateRequest) => void };

function RequestTable({ requests, onReply }: RequestTableProps) {
  const say = useTexts(texts);
  const name = useName();
  const format = useFormat();
  return (
    <Table
      caption={say("title")}
      rows={requests}
      rowKey={(request) => request.id}
      columns={[
        {
          key: "due",
          title: say("due"),
          cell: (request) => (
            <>
              <span className="block">{format.day(request.dueOn)}</span>
              {request.isOverdue && <Status tone="stop">{say("overdue")}</Status>}
            </>
          ),
        },
        {
          key: "request",
          title: say("request"),
          cell: (request) => (
            <>
              {name(kindNames[request.kind])}
              <span className="soft block lines">{request.text ?? say("gone")}</span>
              <span className="soft block">{say("from", { key: request.candidateKey })}</span>
            </>
          ),
        },
        {
          key: "status",
          title: say("status"),
          cell: (request) => (
            <>
              <Status tone={statusTones[request.status]}>{name(statusNames[request.status])}</Status>
              {request.answer !== null && <span className="soft block lines">{request.answer}</span>}
            </>
          ),
        },
        {
          key: "doing",
          title: say("doing"),
          cell: (request) =>
            request.status === "OPEN" && (
              <Button
                aria-label={`${say("reply")}: ${name(kindNames[request.kind])} ${format.day(request.dueOn)}`}
                onClick={() => {
                  onReply(request);
                }}
              >
                {say("reply")}
              </Button>
            ),
        },
      ]}
    />
  );
}
