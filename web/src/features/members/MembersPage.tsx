import { Link } from "wouter";
import { useQuery } from "urql";
import { LinkButton } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { Filter } from "@/components/Filter";
import { Loaded } from "@/components/Loaded";
import { Page } from "@/components/Page";
import { Pagination } from "@/components/Pagination";
import { Search } from "@/components/Search";
import { Status } from "@/components/Status";
import { Table } from "@/components/Table";
import { containing } from "@/lib/filters";
import { useFormat } from "@/lib/format";
import { useName, useTexts } from "@/lib/i18n";
import { usePaging, useSearchValue } from "@/lib/paging";
import { useNameOf, useTerm } from "@/lib/vocabulary";
import { Members, type Member } from "./documents";
import { statusNames, statusTones, texts } from "./texts";

const KINDS = ["COMPANY", "AGENCY"] as const;
type Status = keyof typeof statusNames;
const STATUSES = Object.keys(statusNames) as Status[];

export default function MembersPage() {
  const say = useTexts(texts);
  const name = useName();
  const paging = usePaging();
  const [sought, seek] = useSearchValue("name");
  const [kindText, chooseKind] = useSearchValue("kind");
  const [statusText, chooseStatus] = useSearchValue("status");
  const kind = KINDS.find((one) => one === kindText);
  const status = STATUSES.find((one) => one === statusText);
  const where = {
    name: containing(sought),
    kind: kind ? { eq: kind } : null,
    status: status ? { eq: status } : null,
  };
  const [result, again] = useQuery({ query: Members, variables: { ...paging.variables, where } });
  const actions = (
    <>
      <LinkButton href="/members/import">{say("upload")}</LinkButton>
      <LinkButton href="/members/new" kind="primary">
        {say("add")}
      </LinkButton>
    </>
  );
  return (
    <Page title={say("title")} lead={say("lead")} actions={actions}>
      <div className="filters">
        <Search label={say("search")} action={say("doSearch")} value={sought} onSearch={seek} />
        <Filter
          label={say("kind")}
          empty={say("all")}
          value={kind ?? ""}
          onChange={chooseKind}
          options={KINDS.map((value) => ({ value, label: say(value === "COMPANY" ? "company" : "agency") }))}
        />
        <Filter
          label={say("status")}
          empty={say("all")}
          value={status ?? ""}
          onChange={chooseStatus}
          options={STATUSES.map((value) => ({ value, label: name(statusNames[value]) }))}
        />
      </div>
      <Loaded result={result} retry={again}>
        {({ consortium: { members } }) =>
          members.nodes.length === 0 ? (
            <EmptyState title={say("none")} />
          ) : (
            <>
              <MemberTable members={members.nodes} />
              <Pagination paging={paging} info={members.pageInfo} total={members.totalCount} />
            </>
          )
        }
      </Loaded>
    </Page>
  );
}

function MemberTable({ members }: { members: readonly Member[] }) {
  const say = useTexts(texts);
  const name = useName();
  const nameOf = useNameOf();
  const term = useTerm();
  const format = useFormat();
  return (
    <Table
      caption={say("title")}
      rows={members}
      rowKey={(member) => member.id}
      columns={[
        {
          key: "name",
          title: say("name"),
          cell: (member) => (
            <>
              <Link href={`/members/${member.id}`}>{nameOf(member)}</Link>
              <span className="soft block">{member.corporateNumber}</span>
            </>
          ),
        },
        {
          key: "kind",
          title: say("kind"),
          cell: (member) => say(member.__typename === "Company" ? "company" : "agency"),
        },
        { key: "industry", title: say("industry"), cell: (member) => term(member.industryDivision) },
        { key: "prefecture", title: say("prefecture"), cell: (member) => term(member.prefecture) },
        {
          key: "status",
          title: say("status"),
          cell: ({ membershipStatus: at }) => <Status tone={statusTones[at]}>{name(statusNames[at])}</Status>,
        },
        { key: "joined", title: say("joined"), cell: (member) => format.day(member.joinedAt) },
      ]}
    />
  );
}
