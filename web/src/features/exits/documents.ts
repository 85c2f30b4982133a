import { PageParts, Refusals } from "@/lib/fragments";
import { graphql, type ResultOf } from "@/lib/graphql";

export const RecordedExits = graphql(
  `
    query RecordedExits(
      $where: RecordedExitFilter
      $first: Int
      $after: String
      $last: Int
      $before: String
    ) {
      recordedExits(where: $where, first: $first, after: $after, last: $last, before: $before) {
        totalCount
        nodes {
          id
          hireId
          status
          joinedOn
          leftOn
          recordedAt
          company {
            id
            name
            nameEn
          }
          introducer {
            id
            name
            nameEn
          }
          recordedBy {
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
  [PageParts],
);

export type RecordedExit = ResultOf<typeof RecordedExits>["recordedExits"]["nodes"][number];

export const ExitCompanies = graphql(`
  query ExitCompanies($where: MemberFilter!) {
    consortium {
      id
      members(where: $where, first: 100) {
        nodes {
          id
          name
          nameEn
        }
      }
    }
  }
`);

export const ReverseExit = graphql(
  `
    mutation ReverseExit($input: ReverseExitInput!) {
      reverseExit(input: $input) {
        ...Refusals
      }
    }
  `,
  [Refusals],
);
