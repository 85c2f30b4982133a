export type Tone = "good" | "wait" | "stop" | "rest";

/** A state in a word; the mark before it differs in shape as well as in colour. */
export function Status({ tone, children }: { tone: Tone; children: string }) {
  return <span className={`status ${tone}`}>{children}</span>;
}
