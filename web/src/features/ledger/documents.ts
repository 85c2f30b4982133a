import { PageParts } from "@/lib/fragments";
import { graphql, type ResultOf } from "@/lib/graphql";

export const LedgerEntries = graphql(
  `
    query LedgerEntries($unit: Unit!, $book: Book!, $first: Int, $after: String, $last: Int, $before: String) {
      viewer {
        organization {
          __typename
          id
          ... on Company {
            rewardAccount {
              paidYen
            }
            account {
              counts
              countsPerFreeHire
              missing
              debt
              freeHiresAvailable
              freeHiresReserved
              entries(
                unit: $unit
                book: $book
                first: $first
                after: $after
                last: $last
                before: $before
              ) {
                nodes {
                  id
                  number
                  kind
                  amount
                  postedOn
                  programVersion
                  registration {
                    id
                    whyCounted
                    whyNotCounted
                  }
                  freeHire {
                    id
                    expiresOn
                  }
                  reverses {
                    id
                    number
                  }
                  reward {
                    id
                    event
                    referral {
                      id
                    }
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

type Organization = NonNullable<NonNullable<ResultOf<typeof LedgerEntries>["viewer"]>["organization"]>;
export type Account = NonNullable<Extract<Organization, { __typename: "Company" }>["account"]>;
export type Entry = Account["entries"]["nodes"][number];

export const Registrations = graphql(
  `
    query Registrations(
      $where: RegistrationFilter
      $first: Int
      $after: String
      $last: Int
      $before: String
    ) {
      viewer {
        organization {
          __typename
          id
          ... on Company {
            registrations(where: $where, first: $first, after: $after, last: $last, before: $before) {
              nodes {
                id
                completedOn
                countStatus
                whyCounted
                whyNotCounted
                programVersion
              }
              pageInfo {
                ...PageParts
              }
            }
          }
        }
      }
    }
  `,
  [PageParts],
);

export type Registration = Extract<
  NonNullable<NonNullable<ResultOf<typeof Registrations>["viewer"]>["organization"]>,
  { __typename: "Company" }
>["registrations"]["nodes"][number];
