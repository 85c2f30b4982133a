import { Link } from "wouter";
import { useQuery } from "urql";
import { EmptyState } from "@/components/EmptyState";
import { Loaded } from "@/components/Loaded";
import { Page } from "@/components/Page";
import { Pagination } from "@/components/Pagination";
import { Table } from "@/components/Table";
import { useFormat } from "@/lib/format";
import { useName, useTexts } from "@/lib/i18n";
import { usePaging, useSearchValue } from "@/lib/paging";
import { rewardEventNames } from "@/lib/rewards";
import { LedgerEntries, type Account, type Entry } from "./documents";
import { RegistrationsView } from "./RegistrationsView";
import { entryKindNames, texts } from "./texts";

const VIEWS = ["counts", "freeHires", "yen", "registrations"] as const;
type View = (typeof VIEWS)[number];
const UNITS = { counts: "COUNT", freeHires: "FREE_HIRE", yen: "REWARD" } as const;

export default function LedgerPage() {
  const say = useTexts(texts);
  const [chosen] = useSearchValue("view");
  const view: View = VIEWS.find((one) => one === chosen) ?? "counts";
  return (
    <Page title={say("title")} lead={say("lead")}>
      <nav className="tabs" aria-label={say("views")}>
        {VIEWS.map((one) => (
          <Link key={one} href={`/ledger?view=${one}`} aria-current={one === view ? "page" : undefined}>
            {say(one)}
          </Link>
        ))}
      </nav>
      {view === "registrations" ? <RegistrationsView /> : <Entries key={view} view={view} />}
    </Page>
  );
}

function Entries({ view }: { view: Exclude<View, "registrations"> }) {
  const say = useTexts(texts);
  const paging = usePaging();
  const [result, again] = useQuery({
    query: LedgerEntries,
    variables: { ...paging.variables, unit: UNITS[view], book: "BALANCE" },
  });
  return (
    <Loaded result={result} retry={again}>
      {({ viewer }) => {
        const company = viewer?.organization;
        if (company?.__typename !== "Company" || company.account === null) {
          return <EmptyState title={say("notCompany")} />;
        }
        const { entries } = company.account;
        return (
          <>
            <Balances account={company.account} paidYen={company.rewardAccount?.paidYen ?? 0} />
            {entries.nodes.length === 0 ? (
              <EmptyState title={say("none")}>
                <p>{say("noneLead")}</p>
              </EmptyState>
            ) : (
              <EntryTable entries={entries.nodes} caption={say(view)} isYen={view === "yen"} />
            )}
            <Pagination paging={paging} info={entries.pageInfo} />
          </>
        );
      }}
    </Loaded>
  );
}

function Balances({ account, paidYen }: { account: Account; paidYen: number }) {
  const say = useTexts(texts);
  const format = useFormat();
  const figures: [string, string][] = [
    [say("balance"), `${format.number(account.counts)} / ${format.number(account.countsPerFreeHire)}`],
    [say("missing"), format.number(account.missing)],
    [say("available"), format.number(account.freeHiresAvailable)],
    [say("reserved"), format.number(account.freeHiresReserved)],
  ];
  if (paidYen > 0) figures.push([say("paid"), format.yen(paidYen)]);
  if (account.debt > 0) figures.push([say("debt"), format.number(account.debt)]);
  return (
    <dl className="figures">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

type EntryTableProps = { entries: readonly Entry[]; caption: string; isYen: boolean };

function EntryTable({ entries, caption, isYen }: EntryTableProps) {
  const say = useTexts(texts);
  const name = useName();
  const format = useFormat();
  return (
    <Table
      caption={caption}
      rows={entries}
      rowKey={(entry) => entry.id}
      columns={[
        { key: "number", title: say("number"), cell: (entry) => format.number(entry.number) },
        { key: "day", title: say("day"), cell: (entry) => format.day(entry.postedOn) },
        { key: "kind", title: say("kind"), cell: (entry) => name(entryKindNames[entry.kind]) },
        {
          key: "amount",
          title: say("amount"),
          number: true,
          cell: ({ amount }) => {
            const told = isYen ? format.yen(amount) : format.number(amount);
            return amount > 0 ? `+${told}` : told;
          },
        },
        { key: "why", title: say("why"), cell: (entry) => <Why entry={entry} /> },
      ]}
    />
  );
}

function Why({ entry: { registration, freeHire, reverses, reward, programVersion } }: { entry: Entry }) {
  const say = useTexts(texts);
  const name = useName();
  const format = useFormat();
  const reason = registration?.whyCounted ?? registration?.whyNotCounted;
  return (
    <>
      {reason}
      {reward !== null && (
        <span className="block">
          {reward.referral === null ? (
            name(rewardEventNames[reward.event])
          ) : (
            <Link href={`/referrals/${reward.referral.id}`}>{name(rewardEventNames[reward.event])}</Link>
          )}
        </span>
      )}
      {reverses !== null && <span className="block">{say("reverses", { n: reverses.number })}</span>}
      {freeHire !== null && <span className="block">{say("expires", { day: format.day(freeHire.expiresOn) })}</span>}
      <span className="soft block">{say("version", { n: programVersion })}</span>
    </>
  );
}
