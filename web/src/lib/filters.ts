// Conditions of lists, from what was typed.

/** What a text must contain; no condition where nothing was typed, which the schema refuses. */
export function containing(text: string): { contains: string } | null {
  return text === "" ? null : { contains: text };
}
