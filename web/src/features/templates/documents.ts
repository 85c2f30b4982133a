import { Refusals } from "@/lib/fragments";
import { graphql, type ResultOf } from "@/lib/graphql";

export const MailTemplates = graphql(`
  query MailTemplates {
    mailTemplates {
      id
      name
      locale
      subject
      body
      savedAt
    }
  }
`);

export type Template = ResultOf<typeof MailTemplates>["mailTemplates"][number];

export const TemplatePreview = graphql(`
  query TemplatePreview($subject: String!, $body: String!, $locale: String!) {
    mailTemplatePreview(subject: $subject, body: $body, locale: $locale) {
      preview {
        subject
        text
        html
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const SaveMailTemplate = graphql(
  `
    mutation SaveMailTemplate($input: SaveMailTemplateInput!) {
      saveMailTemplate(input: $input) {
        mailTemplate {
          id
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const DeleteMailTemplate = graphql(
  `
    mutation DeleteMailTemplate($input: DeleteMailTemplateInput!) {
      deleteMailTemplate(input: $input) {
        ...Refusals
      }
    }
  `,
  [Refusals],
);
