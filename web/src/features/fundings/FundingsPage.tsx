import { Link } from "wouter";
import { useQuery } from "urql";
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
import { rewardEventNames, useAmount } from "@/lib/rewards";
import { useViewer } from "@/lib/viewer";
import { useNameOf } from "@/lib/vocabulary";
import { AccountView } from "./AccountView";
import { AnswerPart } from "./AnswerPart";
import { Fundings, type Funding } from "./documents";
import { termsStatusNames, termsStatusTones, texts } from "./texts";

const VIEWS = ["terms", "account"] as const;
type At = keyof typeof termsStatusNames;
const STATUSES = Object.keys(termsStatusNames) as At[];

export default function FundingsPage() {
  const say = useTexts(texts);
  const [chosen] = useSearchValue("view");
  const view = VIEWS.find((one) => one === chosen) ?? "terms";
  return (
    <Page title={say("title")} lead={say("lead")}>
      <nav className="tabs" aria-label={say("views")}>
        {VIEWS.map((one) => (
          <Link key={one} href={`/fundings?view=${one}`} aria-current={one === view ? "page" : undefined}>
            {say(one)}
          </Link>
        ))}
      </nav>
      {view === "account" ? <AccountView /> : <TermsView />}
    </Page>
  );
}

function TermsView() {
  const say = useTexts(texts);
  const name = useName();
  const paging = usePaging();
  const [chosen, choose] = useSearchValue("status");
  const status = STATUSES.find((one) => one === chosen);
  const [result, refresh] = useQuery({
    query: Fundings,
    variables: { ...paging.variables, where: status ? { status: { eq: status } } : null },
  });
  const again = () => {
    refresh({ requestPolicy: "network-only" });
  };
  return (
    <>
      <div className="filters">
        <Filter
          label={say("status")}
          empty={say("all")}
          value={status ?? ""}
          onChange={choose}
          options={STATUSES.map((value) => ({ value, label: name(termsStatusNames[value]) }))}
        />
      </div>
      <Loaded result={result} retry={again}>
        {({ fundings: { nodes, pageInfo, totalCount } }) =>
          nodes.length === 0 ? (
            <EmptyState title={say(status ? "noneFiltered" : "none")} />
          ) : (
            <>
              <FundingTable fundings={nodes} onChanged={again} />
              <Pagination paging={paging} info={pageInfo} total={totalCount} />
            </>
          )
        }
      </Loaded>
    </>
  );
}

function FundingTable({ fundings, onChanged }: { fundings: readonly Funding[]; onChanged: () => void }) {
  const say = useTexts(texts);
  const name = useName();
  const nameOf = useNameOf();
  const mayAnswer = useViewer().may("FUND_REWARDS");
  return (
    <Table
      caption={say("terms")}
      rows={fundings}
      rowKey={(funding) => funding.id}
      columns={[
        {
          key: "partnership",
          title: say("partnership"),
          cell: ({ partnershipName, termsNumber }) => say("version", { name: partnershipName, n: termsNumber }),
        },
        { key: "companies", title: say("companies"), cell: ({ companies }) => companies.map(nameOf).join(" / ") },
        { key: "promised", title: say("promised"), cell: (funding) => <Promised funding={funding} /> },
        {
          key: "status",
          title: say("status"),
          cell: ({ status }) => <Status tone={termsStatusTones[status]}>{name(termsStatusNames[status])}</Status>,
        },
        {
          key: "answer",
          title: say("answer"),
          cell: (funding) => (
            <>
              <Answer funding={funding} />
              {mayAnswer && <AnswerPart funding={funding} onChanged={onChanged} />}
            </>
          ),
        },
      ]}
    />
  );
}

function Promised({ funding: { rewards } }: { funding: Funding }) {
  const name = useName();
  const amount = useAmount();
  return (
    <ul className="plain">
      {rewards.map((clause) => (
        <li key={`${clause.event} ${clause.unit}`}>
          {name(rewardEventNames[clause.event])}: {amount(clause)}
        </li>
      ))}
    </ul>
  );
}

function Answer({ funding: { acceptedAt, stoppedAt } }: { funding: Funding }) {
  const say = useTexts(texts);
  const format = useFormat();
  if (stoppedAt !== null) return <p>{say("stopped", { day: format.day(stoppedAt) })}</p>;
  return <p>{acceptedAt === null ? say("waiting") : say("agreed", { day: format.day(acceptedAt) })}</p>;
}
