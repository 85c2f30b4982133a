import { useState } from "react";
import { Link, useLocation } from "wouter";
import { useQuery } from "urql";
import { Button, LinkButton } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { CheckField, fileOf, Form, SelectField, TextField, textOf } from "@/components/Form";
import { Loaded } from "@/components/Loaded";
import { Page, Section } from "@/components/Page";
import { RefusedRows } from "@/components/RefusedRows";
import { useToast } from "@/components/Toast";
import { idempotencyKey, useChange, type UserError } from "@/lib/changes";
import { useTexts } from "@/lib/i18n";
import { base64Of, FILE_BYTES_MAX } from "@/lib/upload";
import { CreateMailing, MailingChoices, type Report } from "./documents";
import { DEFAULT_NAME, texts } from "./texts";

const PURGE_AFTER_DAYS = 30;

export default function NewMailingPage() {
  const say = useTexts(texts);
  const [result, again] = useQuery({ query: MailingChoices });
  return (
    <Page title={say("create")} lead={say("noneLead")} back={<Link href="/mailings">{say("back")}</Link>}>
      <Loaded result={result} retry={again}>
        {({ relayLinks, mailTemplates }) => {
          const links = relayLinks.nodes.filter((link) => link.usage === "REJECTION_MAIL");
          return links.length === 0 ? (
            <EmptyState title={say("noLinks")}>
              <LinkButton href="/links/new" kind="primary">
                {say("makeLink")}
              </LinkButton>
            </EmptyState>
          ) : (
            <LoadForm links={links} templates={[...new Set(mailTemplates.map((template) => template.name))]} />
          );
        }}
      </Loaded>
    </Page>
  );
}

type LoadFormProps = { links: readonly { id: string; campaign: string }[]; templates: readonly string[] };

function LoadForm({ links, templates }: LoadFormProps) {
  const say = useTexts(texts);
  const toast = useToast();
  const [, go] = useLocation();
  const [wrong, setWrong] = useState<readonly UserError[]>([]);
  const [report, setReport] = useState<Report | null>(null);
  const [key, renewKey] = useState(idempotencyKey);
  const { run, errors, busy } = useChange(CreateMailing);
  const load = async (values: FormData) => {
    const file = fileOf(values, "csvBase64");
    const found = wrongWith(file, say("needFile"), say("tooLarge"));
    setWrong(found);
    if (file === null || found.length > 0) return;
    const done = await run(base64Of(file).then((csvBase64) => ({ input: inputOf(values, csvBase64, key) })));
    setReport(done);
    if (done !== null) renewKey(idempotencyKey());
    if (!done?.mailing || done.refusedCount !== 0) return;
    toast(say("loaded"));
    go(`/mailings/${done.mailing.id}`);
  };
  return (
    <>
      <Form onSubmit={load} errors={wrong.length > 0 ? wrong : errors}>
        <SelectField
          name="relayLinkId"
          label={say("link")}
          hint={say("linkHint")}
          required
          {...(links.length > 1 ? { empty: say("chooseLink") } : {})}
          options={links.map((link) => ({ value: link.id, label: link.campaign }))}
        />
        <SelectField
          name="templateName"
          label={say("template")}
          defaultValue={DEFAULT_NAME}
          options={templates.map((value) => ({
            value,
            label: value === DEFAULT_NAME ? say("standard") : value,
          }))}
        />
        <TextField
          name="csvBase64"
          type="file"
          accept=".csv,text/csv"
          label={say("file")}
          hint={say("fileHint")}
          required
        />
        <CheckField name="keepGoodRows" label={say("keepGood")} hint={say("keepGoodHint")} />
        <TextField
          name="purgeAfterDays"
          type="number"
          min={1}
          max={90}
          label={say("purge")}
          hint={say("purgeHint")}
          defaultValue={PURGE_AFTER_DAYS}
          required
        />
        <div className="actions">
          <Button kind="primary" type="submit" busy={busy}>
            {say("doLoad")}
          </Button>
        </div>
      </Form>
      <div role="status">
        {busy && <p>{say("reading")}</p>}
        {report !== null && (report.refusedCount ?? 0) > 0 && <ReportSection report={report} />}
      </div>
    </>
  );
}

function inputOf(values: FormData, csvBase64: string, idempotencyKey: string) {
  return {
    relayLinkId: textOf(values, "relayLinkId"),
    templateName: textOf(values, "templateName"),
    csvBase64,
    keepGoodRows: values.has("keepGoodRows"),
    purgeAfterDays: Number.parseInt(textOf(values, "purgeAfterDays"), 10),
    idempotencyKey,
  };
}

function ReportSection({ report }: { report: Report }) {
  const say = useTexts(texts);
  const rows = report.refusedRows ?? [];
  const n = report.refusedCount ?? 0;
  const columns = report.unknownColumns ?? [];
  return (
    <Section title={say("report")}>
      <p>{say(report.mailing === null ? "reportNone" : "reportSome", { n })}</p>
      {report.mailing !== null && (
        <div className="actions">
          <LinkButton href={`/mailings/${report.mailing.id}`} kind="primary">
            {say("goOn")}
          </LinkButton>
        </div>
      )}
      {columns.length > 0 && <p className="note">{say("unknownColumns", { columns: columns.join("、") })}</p>}
      <RefusedRows rows={rows} />
      {n > rows.length && <p className="note">{say("refusedMore", { n: rows.length })}</p>}
    </Section>
  );
}

function wrongWith(file: File | null, missing: string, tooLarge: string): readonly UserError[] {
  if (file === null) return [{ code: "NO_FILE", message: missing, path: ["csvBase64"] }];
  if (file.size > FILE_BYTES_MAX) return [{ code: "TOO_LARGE", message: tooLarge, path: ["csvBase64"] }];
  return [];
}
