import { useState } from "react";
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
import { Table } from "@/components/Table";
import { useToast } from "@/components/Toast";
import { useChange } from "@/lib/changes";
import { useFormat } from "@/lib/format";
import { useTexts } from "@/lib/i18n";
import { usePaging, useSearchValue } from "@/lib/paging";
import { useNameOf } from "@/lib/vocabulary";
import { ExitCompanies, RecordedExits, ReverseExit, type RecordedExit } from "./documents";
import { texts } from "./texts";

const COMPANIES = { where: { kind: { eq: "COMPANY" as const } } };

export default function ExitsPage() {
  const say = useTexts(texts);
  const nameOf = useNameOf();
  const toast = useToast();
  const paging = usePaging();
  const [companyId, choose] = useSearchValue("company");
  const [asked, ask] = useState<RecordedExit | null>(null);
  const { run, errors, busy } = useChange(ReverseExit);
  const [{ data }] = useQuery({ query: ExitCompanies, variables: COMPANIES });
  const where = companyId === "" ? null : { companyId };
  const [result, refresh] = useQuery({ query: RecordedExits, variables: { ...paging.variables, where } });
  const again = () => {
    refresh({ requestPolicy: "network-only" });
  };
  const takeBack = async (exit: RecordedExit) => {
    const done = await run({ input: { hireId: exit.hireId } });
    ask(null);
    if (done === null) return;
    toast(say("done"));
    again();
  };
  return (
    <Page title={say("title")} lead={say("lead")}>
      <ErrorSummary errors={errors} />
      <div className="filters">
        <Filter
          label={say("company")}
          empty={say("all")}
          value={companyId}
          onChange={choose}
          options={(data?.consortium.members.nodes ?? []).map((one) => ({ value: one.id, label: nameOf(one) }))}
        />
      </div>
      <Loaded result={result} retry={again}>
        {({ recordedExits: { nodes, pageInfo, totalCount } }) =>
          nodes.length === 0 ? (
            <EmptyState title={say("none")} />
          ) : (
            <>
              <ExitTable exits={nodes} onTakeBack={ask} />
              <Pagination paging={paging} info={pageInfo} total={totalCount} />
            </>
          )
        }
      </Loaded>
      {asked !== null && (
        <Confirm
          title={say("takeBack")}
          action={say("takeBack")}
          busy={busy}
          onClose={() => {
            ask(null);
          }}
          onConfirm={() => takeBack(asked)}
        >
          <p>{say("ask")}</p>
        </Confirm>
      )}
    </Page>
  );
}

type ExitTableProps = { exits: readonly RecordedExit[]; onTakeBack: (exit: RecordedExit) => void };

function ExitTable({ exits, onTakeBack }: ExitTableProps) {
  const say = useTexts(texts);
  const nameOf = useNameOf();
  const format = useFormat();
  return (
    <Table
      caption={say("title")}
      rows={exits}
      rowKey={(exit) => exit.id}
      columns={[
        { key: "company", title: say("company"), cell: (exit) => nameOf(exit.company) },
        { key: "introducer", title: say("introducer"), cell: (exit) => nameOf(exit.introducer) },
        { key: "joined", title: say("joined"), cell: (exit) => format.day(exit.joinedOn) },
        { key: "left", title: say("left"), cell: (exit) => format.day(exit.leftOn) },
        {
          key: "recorded",
          title: say("recorded"),
          cell: (exit) => (
            <>
              {nameOf(exit.recordedBy)}
              <br />
              {format.moment(exit.recordedAt)}
            </>
          ),
        },
        {
          key: "status",
          title: say("status"),
          cell: ({ status }) => <Status tone="rest">{say(status === "LEFT_EARLY" ? "early" : "late")}</Status>,
        },
        {
          key: "action",
          title: say("action"),
          cell: (exit) => (
            <Button
              aria-label={say("takeBackOf", { company: nameOf(exit.company), day: format.day(exit.leftOn) })}
              onClick={() => {
                onTakeBack(exit);
              }}
            >
              {say("takeBack")}
            </Button>
          ),
        },
      ]}
    />
  );
}
