// What an organization may read of a candidate, and why not the rest.
import { graphql, type FragmentOf } from "./graphql";

export const CandidateParts = graphql(`
  fragment CandidateParts on Candidate @_unmask {
    id
    name
    email
    phone
    wishes
    experienceYears
    category {
      code
      name
      nameEn
    }
    skills {
      code
      name
      nameEn
    }
    prefecture {
      code
      name
      nameEn
    }
    desiredPrefectures {
      code
      name
      nameEn
    }
    visibility {
      field
      shown
      reason
    }
  }
`);

export type CandidateParts = FragmentOf<typeof CandidateParts>;
