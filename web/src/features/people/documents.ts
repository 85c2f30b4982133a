import { PageParts, Refusals } from "@/lib/fragments";
import { graphql, type ResultOf } from "@/lib/graphql";

export const People = graphql(
  `
    query People($first: Int, $after: String, $last: Int, $before: String) {
      users(first: $first, after: $after, last: $last, before: $before) {
        nodes {
          id
          name
          email
          role
          status
          signedInAt
          organization {
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
  `,
  [PageParts],
);

export type Person = ResultOf<typeof People>["users"]["nodes"][number];

export const Tokens = graphql(`
  query Tokens {
    apiTokens(first: 100) {
      nodes {
        id
        name
        prefix
        role
        createdAt
        expiresAt
        revokedAt
        organization {
          id
          name
          nameEn
        }
      }
    }
  }
`);

export type Token = ResultOf<typeof Tokens>["apiTokens"]["nodes"][number];

export const InviteUser = graphql(
  `
    mutation InviteUser($input: InviteUserInput!) {
      inviteUser(input: $input) {
        user {
          id
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const DisableUser = graphql(
  `
    mutation DisableUser($input: UserInput!) {
      disableUser(input: $input) {
        user {
          id
          status
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const EnableUser = graphql(
  `
    mutation EnableUser($input: UserInput!) {
      enableUser(input: $input) {
        user {
          id
          status
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const ChangeUserRole = graphql(
  `
    mutation ChangeUserRole($input: ChangeUserRoleInput!) {
      changeUserRole(input: $input) {
        user {
          id
          role
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const CreateApiToken = graphql(
  `
    mutation CreateApiToken($input: CreateApiTokenInput!) {
      createApiToken(input: $input) {
        apiToken {
          id
        }
        secret
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const RevokeApiToken = graphql(
  `
    mutation RevokeApiToken($input: RevokeApiTokenInput!) {
      revokeApiToken(input: $input) {
        apiToken {
          id
          revokedAt
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);
