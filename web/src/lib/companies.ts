// The companies an agency can choose from.
import { graphql } from "./graphql";

export const Companies = graphql(`
  query Companies($name: StringFilter) {
    consortium {
      id
      members(where: { kind: { eq: COMPANY }, status: { eq: ACTIVE }, name: $name }, first: 50) {
        nodes {
          id
          name
          nameEn
        }
      }
    }
  }
`);
