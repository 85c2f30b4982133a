import type { ReactNode } from "react";
import { useNarrow } from "@/lib/viewport";

export type Column<Row> = {
  key: string;
  title: string;
  cell: (row: Row) => ReactNode;
  /** Numbers stand to the right. */
  number?: boolean;
};

type TableProps<Row> = {
  caption: string;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  rowKey: (row: Row) => string;
};

/** Rows as a table; on a narrow window each row is a card that names its values. */
export function Table<Row>(props: TableProps<Row>) {
  return useNarrow() ? <Cards {...props} /> : <Grid {...props} />;
}

function Grid<Row>({ caption, rows, columns, rowKey }: TableProps<Row>) {
  const [first, ...others] = columns;
  if (first === undefined) return null;
  return (
    <table className="table">
      <caption className="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.key} scope="col" className={column.number ? "number" : undefined}>
              {column.title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={rowKey(row)}>
            <th scope="row">{first.cell(row)}</th>
            {others.map((column) => (
              <td key={column.key} className={column.number ? "number" : undefined}>
                {column.cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Cards<Row>({ caption, rows, columns, rowKey }: TableProps<Row>) {
  const [first, ...others] = columns;
  if (first === undefined) return null;
  return (
    <ul className="cards" aria-label={caption}>
      {rows.map((row) => (
        <li key={rowKey(row)}>
          <div className="card-title">{first.cell(row)}</div>
          <dl>
            {others.map((column) => (
              <div key={column.key}>
                <dt>{column.title}</dt>
                <dd>{column.cell(row)}</dd>
              </div>
            ))}
          </dl>
        </li>
      ))}
    </ul>
  );
}
