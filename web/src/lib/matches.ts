// How a candidate and an opening fit, as an agency with a valid licence reads it.
import { graphql, type FragmentOf } from "./graphql";

export const MatchParts = graphql(`
  fragment MatchParts on Match @_unmask {
    score
    known
    reasons
    parts {
      kind
      missing
    }
  }
`);

export type MatchParts = FragmentOf<typeof MatchParts>;
