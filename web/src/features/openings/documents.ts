import { PageParts, Refusals } from "@/lib/fragments";
import { graphql, type FragmentOf } from "@/lib/graphql";
import { MatchParts } from "@/lib/matches";

export const OpeningParts = graphql(`
  fragment OpeningParts on Opening @_unmask {
    id
    title
    experienceYearsMin
    headcount
    openUntil
    status
    changedAt
    category {
      code
      name
      nameEn
    }
    prefecture {
      code
      name
      nameEn
    }
    skills {
      code
      name
      nameEn
    }
    company {
      id
      name
      nameEn
    }
    keeper {
      id
      name
      nameEn
    }
  }
`);

export type Opening = FragmentOf<typeof OpeningParts>;

export const Openings = graphql(
  `
    query Openings($where: OpeningFilter, $first: Int, $after: String, $last: Int, $before: String) {
      openings(where: $where, first: $first, after: $after, last: $last, before: $before) {
        nodes {
          ...OpeningParts
        }
        pageInfo {
          ...PageParts
        }
      }
    }
  `,
  [OpeningParts, PageParts],
);

export const OpeningById = graphql(
  `
    query OpeningById($id: ID!) {
      node(id: $id) {
        __typename
        id
        ... on Opening {
          ...OpeningParts
        }
      }
    }
  `,
  [OpeningParts],
);

export const MatchesOfOpening = graphql(
  `
    query MatchesOfOpening($id: ID!) {
      node(id: $id) {
        __typename
        id
        ... on Opening {
          matches {
            ...MatchParts
            candidate {
              id
              name
              case {
                id
              }
            }
          }
        }
      }
    }
  `,
  [MatchParts],
);

/** The companies an agency can keep an opening for. */
export const Companies = graphql(`
  query OpeningCompanies($name: String) {
    consortium {
      id
      members(
        where: { kind: { eq: COMPANY }, status: { eq: ACTIVE }, name: { contains: $name } }
        first: 50
      ) {
        nodes {
          id
          name
          nameEn
        }
      }
    }
  }
`);

export const CreateOpening = graphql(
  `
    mutation CreateOpening($input: CreateOpeningInput!) {
      createOpening(input: $input) {
        opening {
          id
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const ImportOpenings = graphql(
  `
    mutation ImportOpenings($input: ImportOpeningsInput!) {
      importOpenings(input: $input) {
        imported
        refusedCount
        refusedRows {
          line
          column
          code
          reason
        }
        unknownColumns
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const UpdateOpening = graphql(
  `
    mutation UpdateOpening($input: UpdateOpeningInput!) {
      updateOpening(input: $input) {
        opening {
          id
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const CloseOpening = graphql(
  `
    mutation CloseOpening($input: OpeningInput!) {
      closeOpening(input: $input) {
        opening {
          id
          status
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);
