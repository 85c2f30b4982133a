// Values of a wrong form are refused before a mutation runs, in words for developers. These are for people.
import type { Text } from "./i18n";

const MALFORMED = /^Variable '\$input' has invalid value at \.(?<path>[\w.]+): (?<scalar>\w+) /;

const DATE: Text = ["日付を選んでください。", "Choose a date."];
const OTHER: Text = ["この値は使えません。", "This value cannot be used."];

const HINTS: Readonly<Partial<Record<string, Text>>> = {
  CorporateNumber: [
    "法人番号は13桁で、検査数字が合うものを入力してください。",
    "Enter a corporate number: 13 digits with the right check digit.",
  ],
  EmailAddress: ["正しいメールアドレスを入力してください。", "Enter a mail address, such as name@example.jp."],
  Date: DATE,
  DateTime: DATE,
  Yen: ["金額は0以上の整数で入力してください。", "Enter an amount in whole yen."],
  URL: ["http または https の URL を入力してください。", "Enter an http or https address."],
};

export type Malformed = { path: string[]; hint: Text };

/** Which field of the input a top-level error is about, and what to do; null for any other error. */
export function malformedIn(message: string): Malformed | null {
  const { path, scalar } = MALFORMED.exec(message)?.groups ?? {};
  if (path === undefined || scalar === undefined) return null;
  return { path: path.split("."), hint: HINTS[scalar] ?? OTHER };
}
