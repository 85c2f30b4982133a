import { PageParts, Refusals } from "@/lib/fragments";
import { graphql, type ResultOf } from "@/lib/graphql";

export const CandidateRequests = graphql(
  `
    query CandidateRequests($where: CandidateRequestFilter, $first: Int, $after: String, $last: Int, $before: String) {
      candidateRequests(where: $where, first: $first, after: $after, last: $last, before: $before) {
        totalCount
        nodes {
          id
          candidateKey
          kind
          status
          text
          answer
          sentAt
          dueOn
          isOverdue
          endedAt
        }
        pageInfo {
          ...PageParts
        }
      }
    }
  `,
  [PageParts],
);

export type CandidateRequest = ResultOf<typeof CandidateRequests>["candidateRequests"]["nodes"][number];

export const AnswerRequest = graphql(
  `
    mutation AnswerRequest($input: AnswerRequestInput!) {
      answerRequest(input: $input) {
        request {
          id
          status
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const RefuseRequest = graphql(
  `
    mutation RefuseRequest($input: AnswerRequestInput!) {
      refuseRequest(input: $input) {
        request {
          id
          status
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);
