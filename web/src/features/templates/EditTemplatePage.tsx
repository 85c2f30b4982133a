import { useState } from "react";
import { Link, useLocation, useSearchParams } from "wouter";
import { useQuery } from "urql";
import { Button } from "@/components/Button";
import { Confirm } from "@/components/Dialog";
import { Form, SelectField, TextArea, TextField, textOf } from "@/components/Form";
import { Loaded } from "@/components/Loaded";
import { Page, Section } from "@/components/Page";
import { useToast } from "@/components/Toast";
import { useChange } from "@/lib/changes";
import { useLanguage, useTexts } from "@/lib/i18n";
import { useViewer } from "@/lib/viewer";
import { DeleteMailTemplate, MailTemplates, SaveMailTemplate, type Template } from "./documents";
import { PreviewSection } from "./PreviewSection";
import { DEFAULT_NAME, texts } from "./texts";

type Words = { subject: string; body: string; locale: string };

/** A template that the address names, or a new one that begins with the standard words. */
export default function EditTemplatePage() {
  const say = useTexts(texts);
  const language = useLanguage();
  const [search] = useSearchParams();
  const [result, again] = useQuery({ query: MailTemplates });
  const name = search.get("name");
  const locale = search.get("locale") ?? language;
  return (
    <Loaded result={result} retry={again}>
      {({ mailTemplates }) => {
        const find = (wanted: string) =>
          mailTemplates.find((one) => one.name === wanted && one.locale === locale);
        const template = name === null ? undefined : find(name);
        const start = template ?? find(DEFAULT_NAME) ?? { subject: "", body: "" };
        return (
          <Page
            title={template === undefined ? say("create") : titleOf(template, say("isDefault"))}
            back={<Link href="/templates">{say("back")}</Link>}
            actions={template && <Remove template={template} />}
          >
            <Editor
              key={`${name ?? ""} ${locale}`}
              template={template}
              start={{ subject: start.subject, body: start.body, locale }}
            />
          </Page>
        );
      }}
    </Loaded>
  );
}

function titleOf(template: Template, standard: string): string {
  return template.name === DEFAULT_NAME ? standard : template.name;
}

function Editor({ template, start }: { template: Template | undefined; start: Words }) {
  const say = useTexts(texts);
  const toast = useToast();
  const [, go] = useLocation();
  const [words, setWords] = useState(start);
  const { run, errors, busy } = useChange(SaveMailTemplate);
  const mayWrite = useViewer().may("MANAGE_MAILINGS");
  const save = async (values: FormData) => {
    const name = template?.name ?? textOf(values, "name");
    if ((await run({ input: { ...words, name } })) === null) return;
    toast(say("savedNow"));
    if (template === undefined) go("/templates");
  };
  const type = (changed: Partial<Words>) => {
    setWords({ ...words, ...changed });
  };
  return (
    <div className="columns">
      <Section title={say("write")}>
        <Form onSubmit={save} errors={errors}>
          {template === undefined && (
            <div className="pair">
              <TextField name="name" label={say("name")} hint={say("nameHint")} required maxLength={60} />
              <SelectField
                name="locale"
                label={say("language")}
                value={words.locale}
                onChange={(event) => {
                  type({ locale: event.target.value });
                }}
                options={[
                  { value: "ja", label: say("ja") },
                  { value: "en", label: say("en") },
                ]}
              />
            </div>
          )}
          <TextField
            name="subject"
            label={say("subject")}
            required
            lang={words.locale}
            value={words.subject}
            onChange={(event) => {
              type({ subject: event.target.value });
            }}
          />
          <TextArea
            name="body"
            label={say("body")}
            hint={say("bodyHint", { name: "{{name}}", link: "{{link}}" })}
            rows={20}
            required
            lang={words.locale}
            value={words.body}
            onChange={(event) => {
              type({ body: event.target.value });
            }}
          />
          {mayWrite && (
            <div className="actions">
              <Button kind="primary" type="submit" busy={busy}>
                {say("save")}
              </Button>
            </div>
          )}
        </Form>
      </Section>
      <PreviewSection words={words} />
    </div>
  );
}

function Remove({ template }: { template: Template }) {
  const say = useTexts(texts);
  const toast = useToast();
  const [, go] = useLocation();
  const mayWrite = useViewer().may("MANAGE_MAILINGS");
  const [asking, setAsking] = useState(false);
  const { run, busy } = useChange(DeleteMailTemplate);
  if (template.savedAt === null || !mayWrite) return null;
  const action = say(template.name === DEFAULT_NAME ? "restore" : "remove");
  return (
    <>
      <Button
        kind="danger"
        onClick={() => {
          setAsking(true);
        }}
      >
        {action}
      </Button>
      {asking && (
        <Confirm
          title={action}
          action={action}
          busy={busy}
          onClose={() => {
            setAsking(false);
          }}
          onConfirm={async () => {
            const done = await run({ input: { id: template.id } });
            setAsking(false);
            if (done === null) return;
            toast(say("removed"));
            go("/templates");
          }}
        >
          <p>{say("removeAsk")}</p>
        </Confirm>
      )}
    </>
  );
}
