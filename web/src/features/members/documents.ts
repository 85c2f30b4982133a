import { PageParts, Refusals } from "@/lib/fragments";
import { graphql, type ResultOf } from "@/lib/graphql";

export const Members = graphql(
  `
    query Members($where: MemberFilter, $first: Int, $after: String, $last: Int, $before: String) {
      consortium {
        id
        members(where: $where, first: $first, after: $after, last: $last, before: $before) {
          totalCount
          nodes {
            __typename
            id
            name
            nameEn
            corporateNumber
            membershipStatus
            joinedAt
            industryDivision {
              name
              nameEn
            }
            prefecture {
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
  `,
  [PageParts],
);

export type Member = ResultOf<typeof Members>["consortium"]["members"]["nodes"][number];

export const MemberById = graphql(`
  query MemberById($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on Organization {
        name
        nameEn
        corporateNumber
        mailDomain
        membershipStatus
        joinedAt
        leftAt
        industryDivision {
          code
          name
          nameEn
        }
        industryGroup {
          code
          name
          nameEn
        }
        prefecture {
          code
          name
          nameEn
        }
      }
      ... on Agency {
        licenceNumber
        licenceExpiresOn
        licenceIsValid
      }
    }
  }
`);

export type MemberNode = Extract<
  NonNullable<ResultOf<typeof MemberById>["node"]>,
  { __typename: "Agency" | "Company" }
>;

export const AddMember = graphql(
  `
    mutation AddMember($input: AddMemberInput!) {
      addMember(input: $input) {
        member {
          id
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const UpdateMember = graphql(
  `
    mutation UpdateMember($input: UpdateMemberInput!) {
      updateMember(input: $input) {
        member {
          id
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const AcceptMembership = graphql(
  `
    mutation AcceptMembership($input: MemberInput!) {
      acceptMembership(input: $input) {
        member {
          id
          membershipStatus
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const EndMembership = graphql(
  `
    mutation EndMembership($input: MemberInput!) {
      endMembership(input: $input) {
        member {
          id
          membershipStatus
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const ImportMembers = graphql(
  `
    mutation ImportMembers($input: ImportMembersInput!) {
      importMembers(input: $input) {
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

export const InviteFirstAdmin = graphql(
  `
    mutation InviteFirstAdmin($input: InviteUserInput!) {
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
