import { Refusals } from "@/lib/fragments";
import { graphql } from "@/lib/graphql";

export const SignIn = graphql(
  `
    mutation SignIn($input: SignInInput!) {
      signIn(input: $input) {
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const AcceptInvitation = graphql(
  `
    mutation AcceptInvitation($input: AcceptInvitationInput!) {
      acceptInvitation(input: $input) {
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const ChangePassword = graphql(
  `
    mutation ChangePassword($input: ChangePasswordInput!) {
      changePassword(input: $input) {
        ...Refusals
      }
    }
  `,
  [Refusals],
);
