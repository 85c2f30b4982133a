import { useState } from "react";
import { useQuery } from "urql";
import { EmptyState } from "@/components/EmptyState";
import { Filter } from "@/components/Filter";
import { Loaded } from "@/components/Loaded";
import { Page } from "@/components/Page";
import { Pagination } from "@/components/Pagination";
import { useTexts } from "@/lib/i18n";
import { usePartnershipChanges } from "@/lib/live";
import { usePaging, useSearchValue } from "@/lib/paging";
import { useTerm, Vocabularies, type Term } from "@/lib/vocabulary";
import { AskDialog } from "./AskDialog";
import { Pool } from "./documents";
import { PoolTable } from "./PoolTable";
import { texts } from "./texts";

const YEARS = [1, 3, 5, 10] as const;

export default function PoolPage() {
  const say = useTexts(texts);
  const paging = usePaging();
  const [category, chooseCategory] = useSearchValue("category");
  const [prefecture, choosePrefecture] = useSearchValue("prefecture");
  const [skill, chooseSkill] = useSearchValue("skill");
  const [yearsText, chooseYears] = useSearchValue("years");
  const [asked, ask] = useState<string | null>(null);
  const years = YEARS.find((one) => String(one) === yearsText);
  const where = {
    category: category ? { eq: category } : null,
    prefecture: prefecture ? { eq: prefecture } : null,
    experienceYears: years ? { gte: years } : null,
    skills: skill ? [skill] : null,
  };
  const [result, refresh] = useQuery({ query: Pool, variables: { ...paging.variables, where } });
  const again = () => {
    refresh({ requestPolicy: "network-only" });
  };
  usePartnershipChanges(again);
  const isFiltered = Object.values(where).some((one) => one !== null);
  const terms = useOptions();
  return (
    <Page title={say("title")} lead={say("lead")}>
      <div className="filters">
        <Filter
          label={say("category")}
          empty={say("all")}
          value={category}
          onChange={chooseCategory}
          options={terms.categories}
        />
        <Filter
          label={say("prefecture")}
          empty={say("all")}
          value={prefecture}
          onChange={choosePrefecture}
          options={terms.prefectures}
        />
        <Filter
          label={say("experience")}
          empty={say("all")}
          value={years ? String(years) : ""}
          onChange={chooseYears}
          options={YEARS.map((n) => ({ value: String(n), label: say("atLeast", { n }) }))}
        />
        <Filter label={say("skill")} empty={say("all")} value={skill} onChange={chooseSkill} options={terms.skills} />
      </div>
      <Loaded result={result} retry={again}>
        {({ pool: { nodes, pageInfo, totalCount } }) => {
          if (nodes.length > 0) {
            return (
              <>
                <PoolTable listings={nodes} onAsk={ask} />
                <Pagination paging={paging} info={pageInfo} total={totalCount} />
              </>
            );
          }
          if (isFiltered) return <EmptyState title={say("none")} />;
          return (
            <EmptyState title={say("noneYet")}>
              <p>{say("noneYetLead")}</p>
            </EmptyState>
          );
        }}
      </Loaded>
      {asked !== null && (
        <AskDialog
          candidateId={asked}
          onClose={() => {
            ask(null);
          }}
          onDone={() => {
            ask(null);
            again();
          }}
        />
      )}
    </Page>
  );
}

function useOptions() {
  const term = useTerm();
  const [{ data }] = useQuery({ query: Vocabularies });
  const options = (words: readonly Term[] = []) => words.map((word) => ({ value: word.code, label: term(word) }));
  return {
    categories: options(data?.vocabularies.jobCategories),
    prefectures: options(data?.vocabularies.prefectures),
    skills: options(data?.vocabularies.skills),
  };
}
