// The agencies that rules or rewards can name.
import { graphql } from "./graphql";

export const Agencies = graphql(`
  query Agencies {
    consortium {
      id
      members(where: { kind: { eq: AGENCY }, status: { eq: ACTIVE } }, first: 100) {
        nodes {
          id
          name
          nameEn
        }
      }
    }
  }
`);
