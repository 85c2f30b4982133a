import type { ReactNode } from "react";
import type { CandidateParts } from "@/lib/candidate";
import type { graphql } from "@/lib/graphql";
import { useName, useTexts, type Text } from "@/lib/i18n";
import { candidateFieldNames, type CandidateField } from "@/lib/names";
import { useTerm, type Term } from "@/lib/vocabulary";
import { Facts } from "./Facts";

type Reason = ReturnType<typeof graphql.scalar<"VisibilityReason">>;

const texts = { years: ["{n}年", "{n#year|years}"], comma: ["、", ", "] } as const;

const reasonNames: Record<Reason, Text> = {
  SHOWN: ["記入なし", "not given"],
  NOT_PROVIDED: ["提供されていません", "not provided to you"],
  NO_CONSENT: ["本人の同意がありません", "the candidate has not agreed"],
  NO_TERMS: ["提携の条件に含まれていません", "not under the terms of a partnership"],
  ROLE: ["この役割では見られません", "not for your role"],
  ERASED: ["本人が削除しました", "erased by the candidate"],
};

/** Each field of a candidate: its value, or why it is not shown. */
export function CandidateFacts({ candidate }: { candidate: CandidateParts }) {
  const name = useName();
  const values = useValues(candidate);
  return (
    <Facts
      facts={candidate.visibility.map(({ field, shown, reason }) => {
        const value = values[field];
        const isTold = shown && value !== "";
        return [
          name(candidateFieldNames[field]),
          isTold ? value : <span className="soft">{name(reasonNames[reason])}</span>,
        ] as const;
      })}
    />
  );
}

function useValues(candidate: CandidateParts): Record<CandidateField, ReactNode> {
  const say = useTexts(texts);
  const term = useTerm();
  const terms = (all: readonly Term[] | null) => (all ?? []).map(term).join(say("comma"));
  return {
    NAME: candidate.name ?? "",
    EMAIL: candidate.email === null ? "" : <a href={`mailto:${candidate.email}`}>{candidate.email}</a>,
    PHONE: candidate.phone ?? "",
    WISHES: candidate.wishes ?? "",
    CATEGORY: candidate.category === null ? "" : term(candidate.category),
    EXPERIENCE: candidate.experienceYears === null ? "" : say("years", { n: candidate.experienceYears }),
    SKILLS: terms(candidate.skills),
    PREFECTURE: candidate.prefecture === null ? "" : term(candidate.prefecture),
    DESIRED_PREFECTURES: terms(candidate.desiredPrefectures),
  };
}
