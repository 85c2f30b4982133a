import { Refusals } from "@/lib/fragments";
import { graphql, type ResultOf } from "@/lib/graphql";

export const ViewerQuery = graphql(`
  query Viewer {
    viewer {
      role
      locale
      permissions
      user {
        id
        name
        email
      }
      organization {
        __typename
        id
        name
        nameEn
      }
      consortium {
        id
        name
        timeZone
      }
    }
  }
`);

export type ViewerData = NonNullable<ResultOf<typeof ViewerQuery>["viewer"]>;

export const ChangeLocale = graphql(
  `
    mutation ChangeLocale($input: ChangeLocaleInput!) {
      changeLocale(input: $input) {
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const SignOut = graphql(
  `
    mutation SignOut {
      signOut {
        ...Refusals
      }
    }
  `,
  [Refusals],
);
