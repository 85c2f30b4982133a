// Words of the vocabularies, in the reader's language.
import { useCallback } from "react";
import { graphql } from "./graphql";
import { useLanguage } from "./i18n";

export type Term = { code: string; name: string; nameEn: string };

export const Vocabularies = graphql(`
  query Vocabularies {
    vocabularies {
      jobCategories {
        code
        name
        nameEn
      }
      prefectures {
        code
        name
        nameEn
      }
      skills {
        code
        name
        nameEn
      }
    }
  }
`);

export function useTerm(): (term: { name: string; nameEn: string } | null) => string {
  const language = useLanguage();
  return useCallback(
    (term: { name: string; nameEn: string } | null) => {
      if (term === null) return "–";
      return language === "ja" ? term.name : term.nameEn;
    },
    [language],
  );
}

export function useNameOf(): (party: { name: string; nameEn: string | null } | null) => string {
  const language = useLanguage();
  return useCallback(
    (party: { name: string; nameEn: string | null } | null) =>
      (language === "en" ? party?.nameEn : null) ?? party?.name ?? "–",
    [language],
  );
}
