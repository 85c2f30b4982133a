import { CandidateParts } from "@/lib/candidate";
import { PageParts, Refusals } from "@/lib/fragments";
import { graphql, type ResultOf } from "@/lib/graphql";

export const Pool = graphql(
  `
    query Pool($where: PoolFilter, $first: Int, $after: String, $last: Int, $before: String) {
      pool(where: $where, first: $first, after: $after, last: $last, before: $before) {
        totalCount
        nodes {
          id
          listedOn
          candidate {
            ...CandidateParts
          }
          partner {
            id
            name
            nameEn
          }
        }
        pageInfo {
          ...PageParts
        }
      }
    }
  `,
  [CandidateParts, PageParts],
);

export type PoolListing = ResultOf<typeof Pool>["pool"]["nodes"][number];

export const OwnOpenings = graphql(`
  query OwnOpenings($companyId: ID!) {
    openings(where: { companyId: $companyId, status: { eq: OPEN } }, first: 100) {
      nodes {
        id
        title
      }
    }
  }
`);

export const AskForCandidate = graphql(
  `
    mutation AskForCandidate($input: AskForCandidateInput!) {
      askForCandidate(input: $input) {
        referral {
          id
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);
