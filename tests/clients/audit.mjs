// Runs every GraphQL-over-HTTP audit against a server.
//   node audit.mjs URL [TOKEN]
// One line per audit, then a last line such as `61 of 61 ok`. Exit 0 only if all are ok.
import { serverAudits } from "graphql-http";

const AUDIT_LIMIT_MS = 10_000;

const [url, token] = process.argv.slice(2);
if (!url) {
  console.error("usage: node audit.mjs URL [TOKEN]");
  process.exit(2);
}

function fetchAsToken(address, init = {}) {
  const headers = new Headers(init.headers);
  if (token) headers.set("authorization", `Bearer ${token}`);
  return fetch(address, { ...init, headers, signal: AbortSignal.timeout(AUDIT_LIMIT_MS) });
}

async function outcome(audit) {
  try {
    const { status, reason } = await audit.fn();
    return { ok: status === "ok", status, reason };
  } catch (error) {
    return { ok: false, status: "error", reason: error.cause?.code ?? error.message };
  }
}

let passed = 0;
const audits = serverAudits({ url, fetchFn: fetchAsToken });
for (const audit of audits) {
  const { ok, status, reason } = await outcome(audit);
  passed += ok ? 1 : 0;
  console.log(`${status} ${audit.id} ${audit.name}${ok ? "" : ` — ${reason}`}`);
}
console.log(`${passed} of ${audits.length} ok`);
process.exitCode = audits.length > 0 && passed === audits.length ? 0 : 1;
