// What the two subscription clients share: their arguments, and how a run ends.
import { parseArgs } from "node:util";

const OPTIONS = {
  count: { type: "string", default: "1" },
  "timeout-ms": { type: "string", default: "10000" },
  variables: { type: "string", default: "{}" },
};

/** Reads `URL TOKEN QUERY [--count N] [--timeout-ms MS] [--variables JSON]`; an empty TOKEN sends none. */
export function readArguments() {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  const [url, token, query] = positionals;
  const count = Number(values.count);
  const timeoutMs = Number(values["timeout-ms"]);
  if (!url || !query || !(count > 0) || !(timeoutMs > 0)) {
    console.error("usage: URL TOKEN QUERY [--count N] [--timeout-ms MS] [--variables JSON]");
    process.exit(2);
  }
  return { url, token, count, timeoutMs, request: { query, variables: JSON.parse(values.variables) } };
}

/**
 * Prints each result as a JSON line; `connected` goes to stderr once the server has taken the connection.
 * Exit 0 after `count` results; 1 when the stream ended or failed before; 3 when time was up.
 */
export async function printResults(stream, { count, timeoutMs }) {
  const deadline = setTimeout(() => {
    console.error(`no ${count} results within ${timeoutMs} ms`);
    process.exit(3);
  }, timeoutMs);
  let seen = 0;
  try {
    for await (const result of stream) {
      console.log(JSON.stringify(result));
      if (++seen === count) break;
    }
  } catch (error) {
    console.error(describe(error));
  }
  clearTimeout(deadline);
  if (seen < count) console.error(`the stream ended after ${seen} of ${count} results`);
  process.exit(seen === count ? 0 : 1);
}

function describe(error) {
  if (Array.isArray(error)) return JSON.stringify({ errors: error });
  if (typeof error?.code === "number") return `closed ${error.code} ${error.reason ?? ""}`.trim();
  return error?.message ?? String(error);
}
