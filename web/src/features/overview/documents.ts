import { graphql } from "@/lib/graphql";

export const Overview = graphql(`
  query Overview {
    consortium {
      id
      name
      companies: members(where: { kind: { eq: COMPANY }, status: { eq: ACTIVE } }, first: 1) {
        totalCount
      }
      agencies: members(where: { kind: { eq: AGENCY }, status: { eq: ACTIVE } }, first: 1) {
        totalCount
      }
      invited: members(where: { status: { eq: INVITED } }, first: 1) {
        totalCount
      }
    }
    heldCounts(where: { status: { eq: HELD } }, first: 1) {
      totalCount
    }
    program {
      id
      inForce {
        id
        number
        countsPerFreeHire
        freeHireValidDays
        effectiveFrom
        defaultAgency {
          id
          name
          nameEn
        }
      }
    }
  }
`);
