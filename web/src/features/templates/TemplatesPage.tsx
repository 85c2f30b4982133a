import { Link } from "wouter";
import { useQuery } from "urql";
import { LinkButton } from "@/components/Button";
import { Loaded } from "@/components/Loaded";
import { Page } from "@/components/Page";
import { Table } from "@/components/Table";
import { useFormat } from "@/lib/format";
import { useTexts } from "@/lib/i18n";
import { useViewer } from "@/lib/viewer";
import { MailTemplates, type Template } from "./documents";
import { DEFAULT_NAME, texts } from "./texts";

export default function TemplatesPage() {
  const say = useTexts(texts);
  const format = useFormat();
  const [result, again] = useQuery({ query: MailTemplates });
  const create = useViewer().may("MANAGE_MAILINGS") && (
    <LinkButton href="/templates/edit">{say("create")}</LinkButton>
  );
  const place = (template: Template) =>
    `/templates/edit?${new URLSearchParams({ name: template.name, locale: template.locale }).toString()}`;
  const nameOf = (template: Template) => (template.name === DEFAULT_NAME ? say("isDefault") : template.name);
  return (
    <Page title={say("title")} lead={say("lead")} actions={create}>
      <Loaded result={result} retry={again}>
        {({ mailTemplates }) => (
          <Table
            caption={say("title")}
            rows={mailTemplates}
            rowKey={(template) => template.id}
            columns={[
              {
                key: "name",
                title: say("name"),
                cell: (template) => <Link href={place(template)}>{nameOf(template)}</Link>,
              },
              {
                key: "language",
                title: say("language"),
                cell: (template) => say(template.locale === "ja" ? "ja" : "en"),
              },
              { key: "subject", title: say("subject"), cell: (template) => template.subject },
              {
                key: "saved",
                title: say("saved"),
                cell: (template) => (template.savedAt === null ? say("provided") : format.moment(template.savedAt)),
              },
            ]}
          />
        )}
      </Loaded>
    </Page>
  );
}
