import { CandidateParts } from "@/lib/candidate";
import { PageParts, Refusals } from "@/lib/fragments";
import { graphql, type ResultOf } from "@/lib/graphql";
import { MatchParts } from "@/lib/matches";

export const Cases = graphql(
  `
    query Cases($where: CaseFilter, $first: Int, $after: String, $last: Int, $before: String) {
      cases(where: $where, first: $first, after: $after, last: $last, before: $before) {
        totalCount
        nodes {
          id
          status
          openedAt
          changedAt
          note
          candidate {
            id
            name
            experienceYears
            category {
              name
              nameEn
            }
            prefecture {
              name
              nameEn
            }
          }
          referral {
            id
            giver {
              id
              name
              nameEn
            }
          }
          introductions(first: 1) {
            totalCount
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

export type CaseRow = ResultOf<typeof Cases>["cases"]["nodes"][number];

export const CaseById = graphql(
  `
    query CaseById($id: ID!) {
      node(id: $id) {
        __typename
        id
        ... on Case {
          status
          openedAt
          changedAt
          closedAt
          note
          candidate {
            ...CandidateParts
          }
          referral {
            id
            createdOn
            giver {
              id
              name
              nameEn
            }
          }
          introductions(first: 50) {
            nodes {
              id
              createdOn
              status
              isFree
              receiver {
                id
                name
                nameEn
              }
              opening {
                id
                title
              }
            }
          }
        }
      }
    }
  `,
  [CandidateParts],
);

export type Case = Extract<NonNullable<ResultOf<typeof CaseById>["node"]>, { __typename: "Case" }>;

export const MatchesOfCase = graphql(
  `
    query MatchesOfCase($id: ID!) {
      node(id: $id) {
        __typename
        id
        ... on Case {
          matches {
            ...MatchParts
            opening {
              id
              title
              company {
                id
                name
                nameEn
              }
            }
          }
        }
      }
    }
  `,
  [MatchParts],
);

export const NoteOnCase = graphql(
  `
    mutation NoteOnCase($input: NoteOnCaseInput!) {
      noteOnCase(input: $input) {
        case {
          id
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const CloseCase = graphql(
  `
    mutation CloseCase($input: CloseCaseInput!) {
      closeCase(input: $input) {
        case {
          id
          status
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const IntroductionTargets = graphql(`
  query IntroductionTargets($name: String) {
    consortium {
      id
      members(
        where: { kind: { eq: COMPANY }, status: { eq: ACTIVE }, name: { contains: $name } }
        first: 50
      ) {
        nodes {
          id
          name
          nameEn
        }
      }
    }
  }
`);

export const OpeningsOfCompany = graphql(`
  query OpeningsOfCompany($companyId: ID!) {
    openings(where: { companyId: $companyId, status: { eq: OPEN } }, first: 50) {
      nodes {
        id
        title
      }
    }
  }
`);

export const IntroduceCandidate = graphql(
  `
    mutation IntroduceCandidate($input: IntroduceCandidateInput!) {
      introduceCandidate(input: $input) {
        referral {
          id
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);
