import { Link } from "wouter";
import { useQuery } from "urql";
import { LinkButton } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { Filter } from "@/components/Filter";
import { Loaded } from "@/components/Loaded";
import { Page } from "@/components/Page";
import { Pagination } from "@/components/Pagination";
import { Table } from "@/components/Table";
import { joined, useName, useTexts } from "@/lib/i18n";
import { usePaging, useSearchValue } from "@/lib/paging";
import { useViewer } from "@/lib/viewer";
import { useNameOf, useTerm } from "@/lib/vocabulary";
import { PossiblePartners } from "./documents";
import { PolicyInForce } from "./policy";
import { PartnerSuggestions, type Suggestion } from "./suggestions";
import { bandNames, industryNames, texts } from "./texts";

type Choice = keyof typeof industryNames;
const CHOICES = Object.keys(industryNames) as Choice[];
const COMPANIES = { where: { kind: { eq: "COMPANY" as const }, status: { eq: "ACTIVE" as const } } };

/** Companies whose needs overlap with one's own; consortium admins look for any company. */
export default function FindPartnersPage() {
  const say = useTexts(texts);
  const name = useName();
  const paging = usePaging();
  const isOwn = useViewer().organization !== null;
  const [companyId, chooseCompany] = useSearchValue("company");
  const [chosen, choose] = useSearchValue("industry");
  const industry = CHOICES.find((one) => one === chosen) ?? null;
  const variables = { ...paging.variables, companyId: companyId || null, industry };
  const [result, again] = useQuery({ query: PartnerSuggestions, variables });
  return (
    <Page title={say("find")} lead={say("findLead")} back={<Link href="/partnerships">{say("back")}</Link>}>
      <div className="filters">
        {!isOwn && <CompanyFilter value={companyId} onChange={chooseCompany} />}
        <Filter
          label={say("industry")}
          empty={say("all")}
          value={industry ?? ""}
          onChange={choose}
          options={CHOICES.map((value) => ({ value, label: name(industryNames[value]) }))}
        />
      </div>
      <Loaded result={result} retry={again}>
        {({ partnerSuggestions: { edges, pageInfo, totalCount } }) => {
          if (edges.length > 0) {
            return (
              <>
                <SuggestionTable suggestions={edges} forCompany={companyId} />
                <Pagination paging={paging} info={pageInfo} total={totalCount} />
              </>
            );
          }
          if (!isOwn && companyId === "") return <EmptyState title={say("findFor")} />;
          return (
            <EmptyState title={say("findNone")}>
              <p>{say("findNoneLead")}</p>
            </EmptyState>
          );
        }}
      </Loaded>
    </Page>
  );
}

function CompanyFilter({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const say = useTexts(texts);
  const nameOf = useNameOf();
  const [{ data }] = useQuery({ query: PossiblePartners, variables: COMPANIES });
  return (
    <Filter
      label={say("company")}
      empty={say("choose")}
      value={value}
      onChange={onChange}
      options={(data?.consortium.members.nodes ?? []).map((one) => ({ value: one.id, label: nameOf(one) }))}
    />
  );
}

type SuggestionTableProps = { suggestions: readonly Suggestion[]; forCompany: string };

function SuggestionTable({ suggestions, forCompany }: SuggestionTableProps) {
  const say = useTexts(texts);
  const nameOf = useNameOf();
  const term = useTerm();
  const mayPropose = useMayPropose();
  const needs = useNeeds();
  const companies = (id: string) => [...(forCompany === "" ? [] : [forCompany]), id].join(",");
  const propose = {
    key: "propose",
    title: say("propose"),
    cell: ({ node: company }: Suggestion) =>
      company !== null && (
        <LinkButton href={`/partnerships/new?companies=${companies(company.id)}`}>
          {say("proposeTo", { name: nameOf(company) })}
        </LinkButton>
      ),
  };
  return (
    <Table
      caption={say("find")}
      rows={suggestions}
      rowKey={({ node }) => node?.id ?? ""}
      columns={[
        {
          key: "company",
          title: say("company"),
          cell: ({ node: company }) => (
            <>
              <strong>{nameOf(company)}</strong>
              <br />
              {term(company?.industryDivision ?? null)} / {term(company?.prefecture ?? null)}
            </>
          ),
        },
        { key: "theySeek", title: say("theySeek"), cell: ({ giving }) => needs(giving) },
        { key: "theyTurnDown", title: say("theyTurnDown"), cell: ({ taking }) => needs(taking) },
        { key: "why", title: say("why"), cell: ({ reasons }) => joined(reasons, " / ") },
        {
          key: "fit",
          title: say("fit"),
          cell: ({ score }) => say("percent", { n: Math.round(score * 100) }),
        },
        ...(mayPropose ? [propose] : []),
      ]}
    />
  );
}

/** Whether the reader may begin a proposal: administrators, unless the consortium keeps it to itself. */
function useMayPropose(): boolean {
  const viewer = useViewer();
  const [{ data }] = useQuery({ query: PolicyInForce });
  const isAllowed = viewer.organization === null || data?.consortium.partnershipPolicy.companiesMayPropose === true;
  return viewer.may("MANAGE_PARTNERSHIPS") && isAllowed;
}

function useNeeds() {
  const name = useName();
  const term = useTerm();
  return (needs: Suggestion["giving"]) =>
    needs.length === 0 ? "–" : joined(needs.map((need) => `${term(need.category)} (${name(bandNames[need.theirs])})`), " / ");
}
