import { PageParts, Refusals } from "@/lib/fragments";
import { graphql, type ResultOf } from "@/lib/graphql";

export const HeldCounts = graphql(
  `
    query HeldCounts($where: HeldCountFilter, $first: Int, $after: String, $last: Int, $before: String) {
      heldCounts(where: $where, first: $first, after: $after, last: $last, before: $before) {
        totalCount
        nodes {
          id
          completedOn
          campaign
          holdReason
          status
          decisionNote
          decidedAt
          companyMailDomain
          company {
            id
            name
            nameEn
          }
          evidence {
            throughLink
            fromDevice
            samePhone
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

export type HeldCount = ResultOf<typeof HeldCounts>["heldCounts"]["nodes"][number];

export const ResolveHeldCount = graphql(
  `
    mutation ResolveHeldCount($input: ResolveHeldCountInput!) {
      resolveHeldCount(input: $input) {
        heldCount {
          id
          status
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);
