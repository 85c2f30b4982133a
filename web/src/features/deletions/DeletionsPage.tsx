import { useState } from "react";
import { Link } from "wouter";
import { useQuery } from "urql";
import { Button } from "@/components/Button";
import { Confirm } from "@/components/Dialog";
import { EmptyState } from "@/components/EmptyState";
import { Filter } from "@/components/Filter";
import { ErrorSummary } from "@/components/Form";
import { Loaded } from "@/components/Loaded";
import { Page } from "@/components/Page";
import { Pagination } from "@/components/Pagination";
import { Status } from "@/components/Status";
import { Table, type Column } from "@/components/Table";
import { useToast } from "@/components/Toast";
import { useChange } from "@/lib/changes";
import { useFormat } from "@/lib/format";
import { joined, useName, useTexts } from "@/lib/i18n";
import { candidateFieldNames } from "@/lib/names";
import { usePaging, useSearchValue } from "@/lib/paging";
import { useViewer } from "@/lib/viewer";
import { useNameOf } from "@/lib/vocabulary";
import { ConfirmDeletion, DeletionRequests, type DeletionRequest } from "./documents";
import { reasonNames, statusNames, statusTones, texts } from "./texts";

export default function DeletionsPage() {
  const say = useTexts(texts);
  const viewer = useViewer();
  const toast = useToast();
  const paging = usePaging();
  const [shown, show] = useSearchValue("show");
  const [confirming, confirm] = useState<DeletionRequest | null>(null);
  const { run, errors, busy } = useChange(ConfirmDeletion);
  const isAll = shown === "all";
  const [result, refresh] = useQuery({
    query: DeletionRequests,
    variables: {
      ...paging.variables,
      where: isAll ? null : { status: { eq: "OPEN" as const } },
      orderBy: isAll ? [{ field: "DUE_AT" as const, direction: "DESC" as const }] : null,
    },
  });
  const again = () => {
    refresh({ requestPolicy: "network-only" });
  };
  const close = () => {
    confirm(null);
  };
  const finish = async (request: DeletionRequest) => {
    const done = await run({ input: { id: request.id } });
    close();
    if (done === null) return;
    toast(say("confirmed"));
    again();
  };
  return (
    <Page title={say("title")} lead={say(viewer.organization === null ? "leadConsortium" : "lead")}>
      <ErrorSummary errors={errors} />
      <div className="filters">
        <Filter
          label={say("show")}
          empty={say("open")}
          value={shown}
          onChange={show}
          options={[{ value: "all", label: say("all") }]}
        />
      </div>
      <Loaded result={result} retry={again}>
        {({ deletionRequests: { nodes, pageInfo, totalCount } }) =>
          nodes.length === 0 ? (
            <EmptyState title={say(isAll ? "noneAtAll" : "none")} />
          ) : (
            <>
              <DeletionTable requests={nodes} onConfirm={confirm} />
              <Pagination paging={paging} info={pageInfo} total={totalCount} />
            </>
          )
        }
      </Loaded>
      {confirming && (
        <Confirm
          title={say("confirm")}
          action={say("confirm")}
          busy={busy}
          onClose={close}
          onConfirm={() => finish(confirming)}
        >
          <p>{say("question")}</p>
        </Confirm>
      )}
    </Page>
  );
}

type DeletionTableProps = {
  requests: readonly DeletionRequest[];
  onConfirm: (request: DeletionRequest) => void;
};

function DeletionTable({ requests, onConfirm }: DeletionTableProps) {
  const say = useTexts(texts);
  const name = useName();
  const format = useFormat();
  const viewer = useViewer();
  const who = useWho();
  const columns: Column<DeletionRequest>[] = [
    who,
    {
      key: "fields",
      title: say("fields"),
      cell: ({ fields, reason }) => (
        <>
          {joined(
            fields.map((field) => name(candidateFieldNames[field])),
            " / ",
          )}
          <span className="soft block">{name(reasonNames[reason])}</span>
        </>
      ),
    },
    {
      key: "due",
      title: say("due"),
      cell: ({ dueAt, askedAt }) => (
        <>
          {format.day(dueAt)}
          <span className="soft block">{say("asked", { day: format.day(askedAt) })}</span>
        </>
      ),
    },
    { key: "status", title: say("status"), cell: (request) => <Standing request={request} /> },
  ];
  if (viewer.organization !== null && viewer.may("HANDLE_REFERRALS")) {
    columns.push({
      key: "doing",
      title: say("doing"),
      cell: (request) =>
        request.status === "OPEN" && (
          <Button
            aria-label={`${say("confirm")}: ${format.day(request.askedAt)}`}
            onClick={() => {
              onConfirm(request);
            }}
          >
            {say("confirm")}
          </Button>
        ),
    });
  }
  return <Table caption={say("title")} rows={requests} rowKey={(one) => one.id} columns={columns} />;
}

/** Admins of the consortium see who was asked; who was asked sees the hand-over to find it by. */
function useWho(): Column<DeletionRequest> {
  const say = useTexts(texts);
  const nameOf = useNameOf();
  const viewer = useViewer();
  if (viewer.organization === null) {
    return { key: "recipient", title: say("recipient"), cell: ({ recipient }) => nameOf(recipient) };
  }
  return {
    key: "referral",
    title: say("referral"),
    cell: ({ referral }) =>
      referral === null ? (
        say("referralNone")
      ) : (
        <Link href={`/referrals/${referral.id}`}>
          {say("referralLink", { reference: referral.reference })}
        </Link>
      ),
  };
}

function Standing({ request }: { request: DeletionRequest }) {
  const say = useTexts(texts);
  const name = useName();
  const format = useFormat();
  if (request.isOverdue) return <Status tone="stop">{say("overdue")}</Status>;
  return (
    <>
      <Status tone={statusTones[request.status]}>{name(statusNames[request.status])}</Status>
      {request.confirmedAt !== null && (
        <span className="soft block">
          {format.moment(request.confirmedAt)}
          {request.confirmedBy !== null && ` ${say("by", { name: request.confirmedBy.name })}`}
        </span>
      )}
    </>
  );
}
