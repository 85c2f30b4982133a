import { PageParts, Refusals } from "@/lib/fragments";
import { graphql, type FragmentOf, type ResultOf } from "@/lib/graphql";

export const MailingParts = graphql(`
  fragment MailingParts on Mailing @_unmask {
    id
    templateName
    status
    total
    purgeAfter
    purgedAt
    createdAt
    startedAt
    endedAt
    relayLink {
      id
      campaign
    }
    progress {
      queued
      sent
      bounced
      failed
      cancelled
    }
  }
`);

export type Mailing = FragmentOf<typeof MailingParts>;

export const Mailings = graphql(
  `
    query Mailings($first: Int, $after: String, $last: Int, $before: String) {
      mailings(first: $first, after: $after, last: $last, before: $before) {
        nodes {
          ...MailingParts
        }
        pageInfo {
          ...PageParts
        }
      }
    }
  `,
  [MailingParts, PageParts],
);

export const MailingById = graphql(
  `
    query MailingById($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
      node(id: $id) {
        __typename
        id
        ... on Mailing {
          ...MailingParts
          rejections(first: $first, after: $after, last: $last, before: $before) {
            nodes {
              id
              line
              name
              email
              opening
              status
              failure
              endedAt
            }
            pageInfo {
              ...PageParts
            }
          }
        }
      }
    }
  `,
  [MailingParts, PageParts],
);

type MailingNode = Extract<NonNullable<ResultOf<typeof MailingById>["node"]>, { __typename: "Mailing" }>;
export type Rejection = MailingNode["rejections"]["nodes"][number];

/** What a mailing is made of: the links in use, and the templates. */
export const MailingChoices = graphql(`
  query MailingChoices {
    relayLinks(where: { status: { eq: ACTIVE } }, first: 100) {
      nodes {
        id
        campaign
        usage
      }
    }
    mailTemplates {
      id
      name
      locale
    }
  }
`);

export const CreateMailing = graphql(
  `
    mutation CreateMailing($input: CreateMailingInput!) {
      createMailing(input: $input) {
        mailing {
          id
        }
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

export type Report = ResultOf<typeof CreateMailing>["createMailing"];

export const StartMailing = graphql(
  `
    mutation StartMailing($input: MailingInput!) {
      startMailing(input: $input) {
        mailing {
          id
          status
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const CancelMailing = graphql(
  `
    mutation CancelMailing($input: MailingInput!) {
      cancelMailing(input: $input) {
        mailing {
          id
          status
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);
