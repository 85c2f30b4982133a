// The companies that could be partners.
import { PageParts } from "@/lib/fragments";
import { graphql, type ResultOf } from "@/lib/graphql";

export const PartnerSuggestions = graphql(
  `
    query PartnerSuggestions(
      $companyId: ID
      $industry: IndustryChoice
      $first: Int
      $after: String
      $last: Int
      $before: String
    ) {
      partnerSuggestions(
        companyId: $companyId
        industry: $industry
        first: $first
        after: $after
        last: $last
        before: $before
      ) {
        totalCount
        edges {
          score
          reasons
          node {
            __typename
            id
            name
            nameEn
            industryDivision {
              code
              name
              nameEn
            }
            prefecture {
              code
              name
              nameEn
            }
          }
          giving {
            theirs
            category {
              code
              name
              nameEn
            }
          }
          taking {
            theirs
            category {
              code
              name
              nameEn
            }
          }
        }
        pageInfo {
          ...PageParts
        }
      }
    }
  `,
  [PageParts],
);

export type Suggestion = ResultOf<typeof PartnerSuggestions>["partnerSuggestions"]["edges"][number];
