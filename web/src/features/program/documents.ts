import { PageParts, Refusals } from "@/lib/fragments";
import { graphql, type FragmentOf, type ResultOf } from "@/lib/graphql";

export const VersionParts = graphql(`
  fragment VersionParts on ProgramVersion @_unmask {
    id
    number
    effectiveFrom
    countsPerFreeHire
    countRule
    windowDays
    freeHireValidDays
    openLinks
    guaranteeDays
    refundSchedule {
      days
      percent
    }
    graceDays
    linkLimit
    deviceLimit
    createdAt
    defaultAgency {
      id
      name
      nameEn
    }
  }
`);

export type Version = FragmentOf<typeof VersionParts>;

export const ProgramVersions = graphql(
  `
    query ProgramVersions($first: Int, $after: String, $last: Int, $before: String) {
      program {
        id
        inForce {
          ...VersionParts
        }
        versions(first: $first, after: $after, last: $last, before: $before) {
          nodes {
            ...VersionParts
          }
          pageInfo {
            ...PageParts
          }
        }
      }
    }
  `,
  [VersionParts, PageParts],
);

export const ReplayProgram = graphql(
  `
    query ReplayProgram(
      $versionId: ID
      $rules: ReplayRulesInput
      $first: Int
      $after: String
      $last: Int
      $before: String
    ) {
      program {
        id
        replay(versionId: $versionId, rules: $rules) {
          counts
          freeHires
          givenCounts
          givenFreeHires
          companies(first: $first, after: $after, last: $last, before: $before) {
            edges {
              counts
              freeHires
              remainder
              givenCounts
              givenFreeHires
              node {
                id
                name
                nameEn
              }
            }
            pageInfo {
              ...PageParts
            }
          }
        }
      }
    }
  `,
  [PageParts],
);

export type Replay = NonNullable<ResultOf<typeof ReplayProgram>["program"]>["replay"];

export const PublishProgramVersion = graphql(
  `
    mutation PublishProgramVersion($input: PublishProgramVersionInput!) {
      publishProgramVersion(input: $input) {
        programVersion {
          id
          number
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);
