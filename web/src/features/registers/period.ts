// The period of an export, and where its file is.
const DAY_MILLISECONDS = 86_400_000;
export const PERIOD_DAYS_MAX = 366;

/** Whether a period of local days `YYYY-MM-DD`, both included, is one that the server takes. */
export function isPeriod(from: string, to: string): boolean {
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MILLISECONDS;
  return days >= 0 && days < PERIOD_DAYS_MAX;
}

export function addressOf(
  register: string,
  format: "csv" | "pdf",
  period: { from: string; to: string },
  language: string,
): string {
  const query = new URLSearchParams({ ...period, lang: language });
  return `/registers/${register}.${format}?${query.toString()}`;
}
