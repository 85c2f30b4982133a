import { PageParts, Refusals } from "@/lib/fragments";
import { graphql, type ResultOf } from "@/lib/graphql";

export const Fundings = graphql(
  `
    query Fundings($where: FundingFilter, $first: Int, $after: String, $last: Int, $before: String) {
      fundings(where: $where, first: $first, after: $after, last: $last, before: $before) {
        totalCount
        nodes {
          id
          partnershipName
          termsNumber
          status
          proposedAt
          acceptedAt
          stoppedAt
          companies {
            id
            name
            nameEn
          }
          rewards {
            event
            unit
            amount
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

export type Funding = ResultOf<typeof Fundings>["fundings"]["nodes"][number];

export const YenEntries = graphql(
  `
    query YenEntries($first: Int, $after: String, $last: Int, $before: String) {
      viewer {
        organization {
          __typename
          id
          ... on Agency {
            rewardAccount {
              receivedYen
              entries(first: $first, after: $after, last: $last, before: $before) {
                nodes {
                  id
                  number
                  kind
                  amount
                  postedOn
                  reverses {
                    id
                    number
                  }
                  reward {
                    id
                    event
                  }
                }
                pageInfo {
                  ...PageParts
                }
              }
            }
          }
        }
      }
    }
  `,
  [PageParts],
);

type Organization = NonNullable<NonNullable<ResultOf<typeof YenEntries>["viewer"]>["organization"]>;
type RewardAccount = NonNullable<Extract<Organization, { __typename: "Agency" }>["rewardAccount"]>;
export type YenEntry = RewardAccount["entries"]["nodes"][number];

export const AcceptFunding = graphql(
  `
    mutation AcceptFunding($input: FundingInput!) {
      acceptFunding(input: $input) {
        funding {
          id
          status
          acceptedAt
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const DeclineFunding = graphql(
  `
    mutation DeclineFunding($input: FundingInput!) {
      declineFunding(input: $input) {
        funding {
          id
          status
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const StopFunding = graphql(
  `
    mutation StopFunding($input: FundingInput!) {
      stopFunding(input: $input) {
        funding {
          id
          stoppedAt
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);
