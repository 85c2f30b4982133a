// A refund schedule as people write it: one step a line, days and percent.
export type RefundStep = { days: number; percent: number };

export function writeRefunds(steps: readonly RefundStep[]): string {
  return steps.map(({ days, percent }) => `${String(days)} ${String(percent)}`).join("\n");
}

/** The steps of a text. What is no number becomes -1, which the server refuses and explains. */
export function readRefunds(text: string): RefundStep[] {
  const lines = text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  return lines.map((line) => {
    const [days = "", percent = "", ...rest] = line.split(/[\s,:、％%]+/).filter((part) => part !== "");
    return { days: numberOf(days), percent: rest.length > 0 ? -1 : numberOf(percent) };
  });
}

function numberOf(text: string): number {
  return /^\d{1,4}$/.test(text) ? Number.parseInt(text, 10) : -1;
}
