import { useQuery } from "urql";
import { EmptyState } from "@/components/EmptyState";
import { Loaded } from "@/components/Loaded";
import { Pagination } from "@/components/Pagination";
import { Table } from "@/components/Table";
import { useFormat } from "@/lib/format";
import { useName, useTexts } from "@/lib/i18n";
import { usePaging } from "@/lib/paging";
import { rewardEventNames } from "@/lib/rewards";
import { YenEntries, type YenEntry } from "./documents";
import { texts } from "./texts";

/** What the agency received by rewards, entry by entry. */
export function AccountView() {
  const say = useTexts(texts);
  const format = useFormat();
  const paging = usePaging();
  const [result, again] = useQuery({ query: YenEntries, variables: paging.variables });
  return (
    <Loaded result={result} retry={again}>
      {({ viewer }) => {
        const agency = viewer?.organization;
        if (agency?.__typename !== "Agency" || agency.rewardAccount === null) {
          return <EmptyState title={say("notAgency")} />;
        }
        const { receivedYen, entries } = agency.rewardAccount;
        return (
          <>
            <dl className="figures">
              <div>
                <dt>{say("balance")}</dt>
                <dd>{format.yen(receivedYen)}</dd>
              </div>
            </dl>
            {entries.nodes.length === 0 ? (
              <EmptyState title={say("noEntries")} />
            ) : (
              <EntryTable entries={entries.nodes} />
            )}
            <Pagination paging={paging} info={entries.pageInfo} />
          </>
        );
      }}
    </Loaded>
  );
}

function EntryTable({ entries }: { entries: readonly YenEntry[] }) {
  const say = useTexts(texts);
  const name = useName();
  const format = useFormat();
  return (
    <Table
      caption={say("account")}
      rows={entries}
      rowKey={(entry) => entry.id}
      columns={[
        { key: "number", title: say("number"), cell: (entry) => format.number(entry.number) },
        { key: "day", title: say("day"), cell: (entry) => format.day(entry.postedOn) },
        {
          key: "what",
          title: say("what"),
          cell: ({ reward, reverses }) => (
            <>
              {reward !== null && name(rewardEventNames[reward.event])}
              {reverses !== null && <span className="block">{say("takenBack", { n: reverses.number })}</span>}
            </>
          ),
        },
        { key: "amount", title: say("amount"), number: true, cell: (entry) => format.yen(entry.amount) },
      ]}
    />
  );
}
