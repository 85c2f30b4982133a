// What the consortium allows terms to say.
import { graphql, type ResultOf } from "@/lib/graphql";
import { Refusals } from "@/lib/fragments";

export const PolicyParts = graphql(`
  fragment PolicyParts on PartnershipPolicy @_unmask {
    fields
    categories {
      code
      name
      nameEn
    }
    sharedDaysMax
    noticeDaysMin
    rewardsAllowed
    companiesMayPropose
    changedAt
  }
`);

export const PolicyInForce = graphql(
  `
    query PolicyInForce {
      consortium {
        id
        partnershipPolicy {
          ...PolicyParts
        }
      }
    }
  `,
  [PolicyParts],
);

export type Policy = ResultOf<typeof PolicyInForce>["consortium"]["partnershipPolicy"];

export const SetPolicy = graphql(
  `
    mutation SetPolicy($input: SetPartnershipPolicyInput!) {
      setPartnershipPolicy(input: $input) {
        consortium {
          id
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);
