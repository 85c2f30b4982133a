// What a viewer can do with a partnership, from where it stands. The server decides; this offers.
import type { graphql } from "@/lib/graphql";

type Status = ReturnType<typeof graphql.scalar<"PartnershipStatus">>;
type PartyStatus = ReturnType<typeof graphql.scalar<"PartyStatus">>;
type Deed = ReturnType<typeof graphql.scalar<"PartnershipDeed">>;
type Organization = { id: string } | null;

export type Action = "accept" | "decline" | "withdraw" | "resume" | "suspend" | "leave" | "end";
export type TermsAction = "accept" | "reject" | "propose";

export type Standing = {
  status: Status;
  proposer: Organization;
  parties: readonly { status: PartyStatus; leavesAt: string | null; company: Organization }[];
  proposedTerms: { acceptedBy: readonly { id: string }[] } | null;
  latest: { nodes: readonly { deed: Deed; company: Organization }[] };
};

/** The viewer's side: a company, or null for a consortium admin. */
export type Own = string | null;

export function actionsFor(partnership: Standing, own: Own): readonly Action[] {
  const party = partyOf(partnership, own);
  const found: Action[] = [];
  if (partnership.status === "PROPOSED") {
    if (party?.status === "INVITED") found.push("accept", "decline");
    if ((partnership.proposer?.id ?? null) === own) found.push("withdraw");
  }
  if (!takesPart(partnership, own)) return found;
  if (partnership.status === "SUSPENDED" && mayResume(partnership, own)) found.push("resume");
  if (partnership.status === "ACTIVE") found.push("suspend");
  if (own === null) found.push("end");
  else if (party?.leavesAt === null) found.push("leave");
  return found;
}

export function termsActionsFor(partnership: Standing, own: Own): readonly TermsAction[] {
  if (!takesPart(partnership, own)) return [];
  const { proposedTerms } = partnership;
  if (proposedTerms === null) return ["propose"];
  const hasAccepted = proposedTerms.acceptedBy.some((company) => company.id === own);
  return own === null || hasAccepted ? ["reject"] : ["accept", "reject"];
}

function partyOf(partnership: Standing, own: Own) {
  return own === null ? undefined : partnership.parties.find((party) => party.company?.id === own);
}

/** Whether it goes on, and the viewer has a say in it. */
function takesPart(partnership: Standing, own: Own): boolean {
  if (partnership.status !== "ACTIVE" && partnership.status !== "SUSPENDED") return false;
  return own === null || partyOf(partnership, own)?.status === "JOINED";
}

/** Who suspended it, or a consortium admin. Where the latest steps do not tell, it is offered. */
function mayResume({ latest }: Standing, own: Own): boolean {
  const suspended = latest.nodes.find((step) => step.deed === "SUSPENDED");
  return own === null || suspended === undefined || suspended.company?.id === own;
}
