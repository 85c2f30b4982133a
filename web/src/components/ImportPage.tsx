// A CSV file that is taken in: the form, and what became of every row.
import { useState, type ReactNode } from "react";
import { useChange, type UserError } from "@/lib/changes";
import { useFormat } from "@/lib/format";
import { joined, useTexts } from "@/lib/i18n";
import { base64Of, FILE_BYTES_MAX } from "@/lib/upload";
import type { TypedDocumentNode } from "urql";
import { Button } from "./Button";
import { Facts } from "./Facts";
import { CheckField, fileOf, Form, TextField } from "./Form";
import { Page, Section } from "./Page";
import { RefusedRows, type RefusedRow } from "./RefusedRows";

const texts = {
  file: ["CSVファイル", "CSV file"],
  keepGood: ["問題のない行だけを取り込む", "Take in the good rows even if others are refused"],
  keepGoodHint: ["選ばない場合、1行でも問題があれば何も取り込みません。", "Otherwise nothing is taken in if any row is refused."],
  doUpload: ["取り込む", "Take them in"],
  reading: ["ファイルを確認しています…", "Reading the file…"],
  report: ["取り込みの結果", "What became of the file"],
  refused: ["受け付けられなかった行", "Refused rows"],
  refusedMore: ["先頭の{n}行を表示しています。", "The first {n} are shown."],
  unknownColumns: ["使わなかった列", "Columns that were passed over"],
  needFile: ["ファイルを選んでください。", "Choose a file."],
  tooLarge: ["ファイルは5MBまでです。分けて取り込んでください。", "A file may have at most 5 MB. Split it."],
} as const;

type Report = {
  imported: number | null;
  refusedCount: number | null;
  refusedRows: readonly RefusedRow[] | null;
  unknownColumns: readonly string[] | null;
};

type ImportPageProps<Data, Input> = {
  title: string;
  back: ReactNode;
  /** What the file is called, where there is another in the form. */
  file?: string;
  /** The columns of the file, in words. */
  hint: string;
  /** What the number of rows that were taken in is called. */
  imported: string;
  mutation: TypedDocumentNode<Data, { input: Input }>;
  /** What is sent of the file and the other fields. */
  inputOf: (csvBase64: string, values: FormData) => Input | Promise<Input>;
  reportOf: (payload: NonNullable<Data[keyof Data]>) => Report;
  /** The fields beside the file. */
  children: ReactNode;
};

/** Whether the good rows of a file that has bad ones are to be taken in. */
export function KeepGoodRows() {
  const say = useTexts(texts);
  return <CheckField name="keepGoodRows" label={say("keepGood")} hint={say("keepGoodHint")} />;
}

export function withGoodRows(csvBase64: string, values: FormData) {
  return { csvBase64, keepGoodRows: values.has("keepGoodRows") };
}

export function ImportPage<Data, Input>(props: ImportPageProps<Data, Input>) {
  const { title, back, hint, imported, mutation, inputOf, reportOf, children } = props;
  const say = useTexts(texts);
  const { run, errors, busy } = useChange(mutation);
  const [wrong, setWrong] = useState<readonly UserError[]>([]);
  const [report, setReport] = useState<Report | null>(null);
  const upload = async (values: FormData) => {
    const file = fileOf(values, "csvBase64");
    const found = wrongWith(file, say("needFile"), say("tooLarge"));
    setWrong(found);
    if (file === null || found.length > 0) return;
    const read = async () => ({ input: await inputOf(await base64Of(file), values) });
    const done = await run(read());
    setReport(done === null ? null : reportOf(done));
  };
  return (
    <Page title={title} back={back}>
      <Form onSubmit={upload} errors={wrong.length > 0 ? wrong : errors}>
        <TextField name="csvBase64" type="file" accept=".csv,text/csv" label={props.file ?? say("file")} hint={hint} required />
        {children}
        <div className="actions">
          <Button kind="primary" type="submit" busy={busy}>
            {say("doUpload")}
          </Button>
        </div>
      </Form>
      <div role="status">
        {busy && <p>{say("reading")}</p>}
        {report && <ReportSection report={report} imported={imported} />}
      </div>
    </Page>
  );
}

function ReportSection({ report, imported }: { report: Report; imported: string }) {
  const say = useTexts(texts);
  const format = useFormat();
  const rows = report.refusedRows ?? [];
  return (
    <Section title={say("report")}>
      <Facts
        facts={[
          [imported, format.number(report.imported)],
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
