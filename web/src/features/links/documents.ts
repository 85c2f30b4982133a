import { PageParts, Refusals } from "@/lib/fragments";
import { graphql, type FragmentOf } from "@/lib/graphql";

export const RelayLinkRow = graphql(`
  fragment RelayLinkRow on RelayLink @_unmask {
    id
    campaign
    openingTitle
    stage
    usage
    status
    url
    registrations
    expiresAt
    createdAt
  }
`);

export type RelayLink = FragmentOf<typeof RelayLinkRow>;

export const RelayLinks = graphql(
  `
    query RelayLinks($where: RelayLinkFilter, $first: Int, $after: String, $last: Int, $before: String) {
      relayLinks(where: $where, first: $first, after: $after, last: $last, before: $before) {
        nodes {
          ...RelayLinkRow
        }
        pageInfo {
          ...PageParts
        }
      }
    }
  `,
  [RelayLinkRow, PageParts],
);

export const RelayLinkCode = graphql(`
  query RelayLinkCode($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on RelayLink {
        qrSvg
      }
    }
  }
`);

export const CreateRelayLink = graphql(
  `
    mutation CreateRelayLink($input: CreateRelayLinkInput!) {
      createRelayLink(input: $input) {
        relayLink {
          id
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const PauseRelayLink = graphql(
  `
    mutation PauseRelayLink($input: RelayLinkInput!) {
      pauseRelayLink(input: $input) {
        relayLink {
          id
          status
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const ResumeRelayLink = graphql(
  `
    mutation ResumeRelayLink($input: RelayLinkInput!) {
      resumeRelayLink(input: $input) {
        relayLink {
          id
          status
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const RevokeRelayLink = graphql(
  `
    mutation RevokeRelayLink($input: RelayLinkInput!) {
      revokeRelayLink(input: $input) {
        relayLink {
          id
          status
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const ReissueRelayLink = graphql(
  `
    mutation ReissueRelayLink($input: RelayLinkInput!) {
      reissueRelayLink(input: $input) {
        relayLink {
          id
          status
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);
