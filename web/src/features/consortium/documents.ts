import { Refusals } from "@/lib/fragments";
import { graphql, type ResultOf } from "@/lib/graphql";

export const ConsortiumSettings = graphql(`
  query ConsortiumSettings {
    consortium {
      id
      name
      timeZone
      smallestCount
      retentionMonths
      requestDays
    }
  }
`);

export type Settings = ResultOf<typeof ConsortiumSettings>["consortium"];

export const UpdateConsortium = graphql(
  `
    mutation UpdateConsortium($input: UpdateConsortiumInput!) {
      updateConsortium(input: $input) {
        consortium {
          id
          name
          smallestCount
          retentionMonths
          requestDays
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);
