import { Table } from "@/components/Table";
import { useTexts } from "@/lib/i18n";

const texts = {
  title: ["受け付けられなかった行", "Rows that were refused"],
  line: ["行", "Line"],
  column: ["列", "Column"],
  reason: ["理由", "Reason"],
  whole: ["行全体", "the whole row"],
} as const;

export type RefusedRow = { line: number; column: string | null; code: string; reason: string };

/** Each refused row of a file: where, and what to do about it. */
export function RefusedRows({ rows }: { rows: readonly RefusedRow[] }) {
  const say = useTexts(texts);
  return (
    <Table
      caption={say("title")}
      rows={rows}
      rowKey={(row) => `${row.line} ${row.column ?? ""} ${row.code}`}
      columns={[
        { key: "line", title: say("line"), cell: (row) => row.line },
        { key: "column", title: say("column"), cell: (row) => row.column ?? say("whole") },
        { key: "reason", title: say("reason"), cell: (row) => row.reason },
      ]}
    />
  );
}
