import { useState } from "react";
import { Link } from "wouter";
import { Button } from "@/components/Button";
import { Facts } from "@/components/Facts";
import { CheckField, fileOf, Form, TextField } from "@/components/Form";
import { Page, Section } from "@/components/Page";
import { RefusedRows } from "@/components/RefusedRows";
import { useChange, type UserError } from "@/lib/changes";
import { useFormat } from "@/lib/format";
import type { ResultOf } from "@/lib/graphql";
import { joined, useTexts } from "@/lib/i18n";
import { base64Of, FILE_BYTES_MAX } from "@/lib/upload";
import { ImportMembers } from "./documents";
import { texts } from "./texts";

type Report = ResultOf<typeof ImportMembers>["importMembers"];

export default function ImportMembersPage() {
  const say = useTexts(texts);
  const { run, errors, busy } = useChange(ImportMembers);
  const [wrong, setWrong] = useState<readonly UserError[]>([]);
  const [report, setReport] = useState<Report | null>(null);
  const upload = async (values: FormData) => {
    const file = fileOf(values, "csvBase64");
    const found = wrongWith(file, say("needFile"), say("tooLarge"));
    setWrong(found);
    if (file === null || found.length > 0) return;
    const keepGoodRows = values.has("keepGoodRows");
    setReport(await run(base64Of(file).then((csvBase64) => ({ input: { csvBase64, keepGoodRows } }))));
  };
  return (
    <Page title={say("upload")} back={<Link href="/members">{say("back")}</Link>}>
      <Form onSubmit={upload} errors={wrong.length > 0 ? wrong : errors}>
        <TextField
          name="csvBase64"
          type="file"
          accept=".csv,text/csv"
          label={say("file")}
          hint={say("fileHint")}
          required
        />
        <CheckField name="keepGoodRows" label={say("keepGood")} hint={say("keepGoodHint")} />
        <div className="actions">
          <Button kind="primary" type="submit" busy={busy}>
            {say("doUpload")}
          </Button>
        </div>
      </Form>
      <div role="status">
        {busy && <p>{say("reading")}</p>}
        {report && <ReportSection report={report} />}
      </div>
    </Page>
  );
}

function ReportSection({ report }: { report: Report }) {
  const say = useTexts(texts);
  const format = useFormat();
  const rows = report.refusedRows ?? [];
  return (
    <Section title={say("report")}>
      <Facts
        facts={[
          [say("imported"), format.number(report.imported)],
          [say("refused"), format.number(report.refusedCount)],
          [say("unknownColumns"), joined(report.unknownColumns, "、")],
        ]}
      />
      {rows.length > 0 && <RefusedRows rows={rows} />}
      {(report.refusedCount ?? 0) > rows.length && <p className="note">{say("refusedMore", { n: rows.length })}</p>}
    </Section>
  );
}

function wrongWith(file: File | null, missing: string, tooLarge: string): readonly UserError[] {
  if (file === null) return [{ code: "NO_FILE", message: missing, path: ["csvBase64"] }];
  if (file.size > FILE_BYTES_MAX) return [{ code: "TOO_LARGE", message: tooLarge, path: ["csvBase64"] }];
  return [];
}
