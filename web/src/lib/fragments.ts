// What every document asks for in the same way.
import { graphql } from "./graphql";

/** Why a mutation was refused. */
export const Refusals = graphql(`
  fragment Refusals on Payload @_unmask {
    errors {
      code
      message
      path
    }
  }
`);

export const PageParts = graphql(`
  fragment PageParts on PageInfo @_unmask {
    hasNextPage
    hasPreviousPage
    startCursor
    endCursor
  }
`);
