import { useState } from "react";
import { Link } from "wouter";
import { useQuery } from "urql";
import { Button, LinkButton } from "@/components/Button";
import { Confirm } from "@/components/Dialog";
import { EmptyState } from "@/components/EmptyState";
import { ErrorSummary } from "@/components/Form";
import { Loaded } from "@/components/Loaded";
import { Page } from "@/components/Page";
import { Pagination } from "@/components/Pagination";
import { Table, type Column } from "@/components/Table";
import { useToast } from "@/components/Toast";
import { useChange } from "@/lib/changes";
import { useFormat } from "@/lib/format";
import { useTexts } from "@/lib/i18n";
import { usePaging } from "@/lib/paging";
import { useViewer } from "@/lib/viewer";
import { FlowSources, RemoveFlowSource, texts, type Source } from "./sources";

/** The imported sources of flows; consortium admins add and remove them. */
export default function SourcesPage() {
  const say = useTexts(texts);
  const paging = usePaging();
  const [result, again] = useQuery({ query: FlowSources, variables: paging.variables });
  const mayImport = useViewer().may("IMPORT_FLOWS");
  return (
    <Page
      title={say("title")}
      lead={say("lead")}
      back={<Link href="/flows">{say("back")}</Link>}
      actions={mayImport && <LinkButton href="/flows/import">{say("upload")}</LinkButton>}
    >
      <Loaded result={result} retry={again}>
        {({ flowSources: { nodes, pageInfo, totalCount } }) =>
          nodes.length === 0 ? (
            <EmptyState title={say("none")} />
          ) : (
            <>
              <SourceTable
                sources={nodes}
                mayRemove={mayImport}
                onRemoved={() => {
                  again({ requestPolicy: "network-only" });
                }}
              />
              <Pagination paging={paging} info={pageInfo} total={totalCount} />
            </>
          )
        }
      </Loaded>
    </Page>
  );
}

type SourceTableProps = { sources: readonly Source[]; mayRemove: boolean; onRemoved: () => void };

function SourceTable({ sources, mayRemove, onRemoved }: SourceTableProps) {
  const say = useTexts(texts);
  const format = useFormat();
  const period = ({ firstDay, lastDay }: Source) =>
    firstDay === null || lastDay === null ? say("undated") : `${format.day(firstDay)} – ${format.day(lastDay)}`;
  const remove: Column<Source> = {
    key: "remove",
    title: say("remove"),
    cell: (source) => <RemoveAction source={source} onRemoved={onRemoved} />,
  };
  return (
    <Table
      caption={say("title")}
      rows={sources}
      rowKey={(source) => source.id}
      columns={[
        { key: "label", title: say("label"), cell: (source) => source.label },
        { key: "period", title: say("period"), cell: period },
        { key: "nodes", title: say("nodes"), number: true, cell: (source) => format.number(source.nodeCount) },
        { key: "people", title: say("people"), number: true, cell: (source) => format.number(source.people) },
        { key: "smallest", title: say("smallest"), number: true, cell: (source) => format.number(source.smallestCount) },
        { key: "importedAt", title: say("importedAt"), cell: (source) => format.moment(source.importedAt) },
        ...(mayRemove ? [remove] : []),
      ]}
    />
  );
}

function RemoveAction({ source, onRemoved }: { source: Source; onRemoved: () => void }) {
  const say = useTexts(texts);
  const toast = useToast();
  const { run, errors, busy } = useChange(RemoveFlowSource);
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button
        aria-label={say("removeOf", { label: source.label })}
        onClick={() => {
          setAsking(true);
        }}
      >
        {say("remove")}
      </Button>
      {asking && (
        <Confirm
          title={say("removeOf", { label: source.label })}
          action={say("remove")}
          busy={busy}
          onClose={() => {
            setAsking(false);
          }}
          onConfirm={async () => {
            const done = await run({ input: { id: source.id } });
            if (done === null) return;
            setAsking(false);
            toast(say("removed"));
            onRemoved();
          }}
        >
          <ErrorSummary errors={errors} />
          <p>{say("removeAsk")}</p>
        </Confirm>
      )}
    </>
  );
}
