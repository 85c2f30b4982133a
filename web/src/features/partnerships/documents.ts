import { PageParts, Refusals } from "@/lib/fragments";
import { graphql, type FragmentOf, type ResultOf } from "@/lib/graphql";

export const Partnerships = graphql(
  `
    query Partnerships(
      $where: PartnershipFilter
      $orderBy: [PartnershipOrder!]
      $first: Int
      $after: String
      $last: Int
      $before: String
    ) {
      partnerships(
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
          name
          status
          createdAt
          waitingSince
          isOverdue
          terms {
            id
            policyBreaches
          }
          parties {
            status
            company {
              id
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

export type PartnershipRow = ResultOf<typeof Partnerships>["partnerships"]["nodes"][number];

export const TermsParts = graphql(`
  fragment TermsParts on Terms @_unmask {
    id
    number
    fields
    sharedDays
    noticeDays
    policyBreaches
    proposedAt
    inForceAt
    categories {
      code
      name
      nameEn
    }
    proposer {
      id
      name
      nameEn
    }
    acceptedBy {
      id
      name
      nameEn
    }
    rewards {
      event
      unit
      amount
      agency {
        id
        name
        nameEn
      }
    }
    fundings {
      id
      acceptedAt
      stoppedAt
      agency {
        id
        name
        nameEn
      }
    }
  }
`);

export type Terms = FragmentOf<typeof TermsParts>;

export const PartnershipById = graphql(
  `
    query PartnershipById($id: ID!) {
      node(id: $id) {
        __typename
        id
        ... on Partnership {
          name
          status
          createdAt
          changedAt
          proposer {
            id
            name
            nameEn
          }
          parties {
            status
            answeredAt
            leavesAt
            company {
              id
              name
              nameEn
            }
          }
          terms {
            ...TermsParts
          }
          proposedTerms {
            ...TermsParts
          }
          latest: history(first: 20) {
            nodes {
              id
              deed
              company {
                id
              }
            }
          }
        }
      }
    }
  `,
  [TermsParts],
);

export type Partnership = Extract<
  NonNullable<ResultOf<typeof PartnershipById>["node"]>,
  { __typename: "Partnership" }
>;

export const PartnershipHistory = graphql(
  `
    query PartnershipHistory($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
      node(id: $id) {
        __typename
        id
        ... on Partnership {
          history(first: $first, after: $after, last: $last, before: $before) {
            nodes {
              id
              deed
              at
              termsNumber
              reason
              company {
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
      }
    }
  `,
  [PageParts],
);

/** The companies that can be asked to be partners. */
export const PossiblePartners = graphql(`
  query PossiblePartners($where: MemberFilter!) {
    consortium {
      id
      members(where: $where, first: 50) {
        nodes {
          id
          name
          nameEn
        }
      }
    }
  }
`);

/** The companies that a proposal begins with. */
export const ChosenCompanies = graphql(`
  query ChosenCompanies($ids: [ID!]!) {
    nodes(ids: $ids) {
      __typename
      id
      ... on Company {
        name
        nameEn
      }
    }
  }
`);

export const ProposePartnership = graphql(
  `
    mutation ProposePartnership($input: ProposePartnershipInput!) {
      proposePartnership(input: $input) {
        partnership {
          id
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const AcceptPartnership = graphql(
  `
    mutation AcceptPartnership($input: PartnershipInput!) {
      acceptPartnership(input: $input) {
        partnership {
          id
          status
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const DeclinePartnership = graphql(
  `
    mutation DeclinePartnership($input: PartnershipInput!) {
      declinePartnership(input: $input) {
        partnership {
          id
          status
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const WithdrawPartnership = graphql(
  `
    mutation WithdrawPartnership($input: PartnershipInput!) {
      withdrawPartnership(input: $input) {
        partnership {
          id
          status
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const SuspendPartnership = graphql(
  `
    mutation SuspendPartnership($input: PartnershipReasonInput!) {
      suspendPartnership(input: $input) {
        partnership {
          id
          status
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const ResumePartnership = graphql(
  `
    mutation ResumePartnership($input: PartnershipInput!) {
      resumePartnership(input: $input) {
        partnership {
          id
          status
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const LeavePartnership = graphql(
  `
    mutation LeavePartnership($input: PartnershipInput!) {
      leavePartnership(input: $input) {
        partnership {
          id
          status
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const EndPartnership = graphql(
  `
    mutation EndPartnership($input: PartnershipReasonInput!) {
      endPartnership(input: $input) {
        partnership {
          id
          status
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const ProposeTerms = graphql(
  `
    mutation ProposeTerms($input: ProposeTermsInput!) {
      proposeTerms(input: $input) {
        terms {
          id
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

/** The same, as a meeting decided it. */
export const ProposeDecidedTerms = graphql(
  `
    mutation ProposeDecidedTerms($input: ProposeDecidedTermsInput!) {
      proposeDecidedTerms(input: $input) {
        decision {
          id
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const AcceptTerms = graphql(
  `
    mutation AcceptTerms($input: TermsVersionInput!) {
      acceptTerms(input: $input) {
        terms {
          id
          status
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const RejectTerms = graphql(
  `
    mutation RejectTerms($input: TermsVersionInput!) {
      rejectTerms(input: $input) {
        terms {
          id
          status
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);
