import { PageParts, Refusals } from "@/lib/fragments";
import { graphql, type ResultOf } from "@/lib/graphql";

export const DeletionRequests = graphql(
  `
    query DeletionRequests(
      $where: DeletionRequestFilter
      $orderBy: [DeletionRequestOrder!]
      $first: Int
      $after: String
      $last: Int
      $before: String
    ) {
      deletionRequests(
        where: $where
        orderBy: $orderBy
        first: $first
        after: $after
        last: $last
        before: $before
      ) {
        totalCount
        nodes {
          id
          status
          reason
          fields
          askedAt
          dueAt
          isOverdue
          confirmedAt
          confirmedBy {
            id
            name
          }
          recipient {
            id
            name
            nameEn
          }
          referral {
            id
            reference
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

export type DeletionRequest = ResultOf<typeof DeletionRequests>["deletionRequests"]["nodes"][number];

export const ConfirmDeletion = graphql(
  `
    mutation ConfirmDeletion($input: ConfirmDeletionInput!) {
      confirmDeletion(input: $input) {
        deletionRequest {
          id
          status
          confirmedAt
          isOverdue
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);
