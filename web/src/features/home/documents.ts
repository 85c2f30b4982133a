import { graphql, type ResultOf } from "@/lib/graphql";

export const CompanyHome = graphql(`
  query CompanyHome {
    firstSteps {
      done
      steps {
        name
        title
        hint
        done
        isNext
      }
    }
    viewer {
      organization {
        __typename
        id
        ... on Company {
          account {
            counts
            countsPerFreeHire
            missing
            debt
            freeHiresAvailable
            freeHiresReserved
          }
          freeHires(status: { in: [AVAILABLE, RESERVED] }, first: 20) {
            nodes {
              id
              status
              earnedOn
              expiresOn
              referral {
                id
              }
            }
          }
        }
      }
    }
    referrals(first: 6) {
      nodes {
        id
        channel
        createdOn
        status
        isFree
        giver {
          id
          name
          nameEn
        }
        receiver {
          id
          name
          nameEn
        }
        candidate {
          id
          name
        }
      }
    }
  }
`);

export type Home = ResultOf<typeof CompanyHome>;
export type Company = Extract<
  NonNullable<NonNullable<Home["viewer"]>["organization"]>,
  { __typename: "Company" }
>;
export type Step = Home["firstSteps"]["steps"][number];
export type RecentReferral = Home["referrals"]["nodes"][number];
