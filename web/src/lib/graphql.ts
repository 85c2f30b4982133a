// Documents typed from schema.graphql.
import { initGraphQLTada } from "gql.tada";
import type { introspection } from "../../node_modules/.tada/graphql-env";

export const graphql = initGraphQLTada<{
  introspection: introspection;
  scalars: {
    DateTime: string;
    Date: string;
    Yen: number;
    YenDifference: number;
    CorporateNumber: string;
    EmailAddress: string;
    URL: string;
  };
}>();

export { readFragment } from "gql.tada";
export type { FragmentOf, ResultOf, VariablesOf } from "gql.tada";
