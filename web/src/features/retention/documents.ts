import { Refusals } from "@/lib/fragments";
import { graphql, type FragmentOf, type ResultOf } from "@/lib/graphql";

export const RetentionParts = graphql(`
  fragment RetentionParts on Retention @_unmask {
    hires
    exits
    earlyExits
    feesYen
    refundsYen
    costPerHireYen
    milestones {
      days
      could
      did
      percent
      lowestPercent
      highestPercent
    }
  }
`);

export type Retention = FragmentOf<typeof RetentionParts>;

export const OwnRetention = graphql(
  `
    query OwnRetention {
      viewer {
        organization {
          __typename
          id
          ... on Company {
            retention {
              ...RetentionParts
            }
            baseline {
              stayed30Percent
              stayed90Percent
              stayed180Percent
              costPerHireYen
              changedAt
            }
          }
          ... on Agency {
            retention {
              ...RetentionParts
            }
          }
        }
      }
    }
  `,
  [RetentionParts],
);

type Own = NonNullable<NonNullable<ResultOf<typeof OwnRetention>["viewer"]>["organization"]>;
export type Baseline = Extract<Own, { __typename: "Company" }>["baseline"];

export const StateBaseline = graphql(
  `
    mutation StateBaseline($input: StateBaselineInput!) {
      stateBaseline(input: $input) {
        company {
          id
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);
