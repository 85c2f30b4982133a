import { useQuery } from "urql";
import { CopyButton } from "@/components/CopyButton";
import { EmptyState } from "@/components/EmptyState";
import { Loaded } from "@/components/Loaded";
import { Page } from "@/components/Page";
import { Pagination } from "@/components/Pagination";
import { Search } from "@/components/Search";
import { Table } from "@/components/Table";
import { containing } from "@/lib/filters";
import { useFormat } from "@/lib/format";
import type { graphql } from "@/lib/graphql";
import { useName, useTexts, type Text } from "@/lib/i18n";
import { usePaging, useSearchValue } from "@/lib/paging";
import { AuditEntries } from "./documents";

const texts = {
  title: ["監査ログ", "Audit log"],
  lead: [
    "何が、いつ、だれによって行われたかの記録です。鍵付きハッシュでつながり、書き換えや欠落は検査で見つかります。",
    "Who did what, and when. The entries are chained by keyed hashes: an edited or missing one is found.",
  ],
  head: ["最新の記録（番号:ハッシュ）。控えておくと、後の検査で欠落が見つかります。", "The latest entry, as NUMBER:HASH. Keep it elsewhere: a later check then finds what was cut off."],
  copy: ["コピー", "Copy"],
  search: ["操作で探す", "Search by action"],
  doSearch: ["探す", "Search"],
  none: ["該当する記録がありません", "No entry is like that"],
  number: ["番号", "Number"],
  at: ["日時", "At"],
  who: ["だれが", "Who"],
  action: ["操作", "Action"],
  details: ["内容", "Details"],
} as const;

type ActorKind = ReturnType<typeof graphql.scalar<"ActorKind">>;

const actorNames: Record<ActorKind, Text> = {
  USER: ["利用者", "A person"],
  TOKEN: ["プログラム", "A program"],
  CANDIDATE: ["候補者", "A candidate"],
  SYSTEM: ["Tasuki", "Tasuki"],
};

export default function AuditPage() {
  const say = useTexts(texts);
  const name = useName();
  const format = useFormat();
  const paging = usePaging();
  const [action, seek] = useSearchValue("action");
  const where = { action: containing(action) };
  const [result, again] = useQuery({ query: AuditEntries, variables: { ...paging.variables, where } });
  return (
    <Page title={say("title")} lead={say("lead")}>
      <div className="filters">
        <Search label={say("search")} action={say("doSearch")} value={action} onSearch={seek} />
      </div>
      <Loaded result={result} retry={again}>
        {({ auditEntries: { nodes, pageInfo }, auditHead }) => (
          <>
            <HeadOfChain head={`${String(auditHead.number)}:${auditHead.hash}`} />
            {nodes.length === 0 ? (
              <EmptyState title={say("none")} />
            ) : (
              <Table
                caption={say("title")}
                rows={nodes}
                rowKey={(entry) => String(entry.number)}
                columns={[
                  { key: "number", title: say("number"), cell: (entry) => format.number(entry.number) },
                  { key: "at", title: say("at"), cell: (entry) => format.moment(entry.at) },
                  { key: "who", title: say("who"), cell: (entry) => name(actorNames[entry.actorKind]) },
                  { key: "action", title: say("action"), cell: (entry) => <code>{entry.action}</code> },
                  {
                    key: "details",
                    title: say("details"),
                    cell: (entry) => <code>{entry.details === "{}" ? "–" : entry.details}</code>,
                  },
                ]}
              />
            )}
            <Pagination paging={paging} info={pageInfo} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

/** As `tasuki audit verify --head` takes it. */
function HeadOfChain({ head }: { head: string }) {
  const say = useTexts(texts);
  return (
    <div className="audit-head">
      <p className="note">{say("head")}</p>
      <code>{head}</code>
      <CopyButton text={head} label={say("copy")} />
    </div>
  );
}
