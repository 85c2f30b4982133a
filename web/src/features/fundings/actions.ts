// What an agency can do with its part in terms, from where they stand. The server decides.
import type { Funding } from "./documents";

export type Action = "accept" | "decline" | "stop";

export function actionsFor(funding: Pick<Funding, "status" | "acceptedAt" | "stoppedAt">): readonly Action[] {
  if (funding.status === "PROPOSED") return funding.acceptedAt === null ? ["accept", "decline"] : ["decline"];
  return funding.status === "IN_FORCE" && funding.stoppedAt === null ? ["stop"] : [];
}
