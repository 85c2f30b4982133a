// What each side can do with a referral, from where it stands. The server decides; this offers.
import type { ReferralStatus } from "@/lib/names";

export type Step = "accept" | "interview" | "offer" | "hire" | "decline" | "withdraw";
export type Side = "giver" | "receiver" | "none";

const RECEIVER: Partial<Record<ReferralStatus, readonly Step[]>> = {
  DELIVERED: ["accept", "decline"],
  ACCEPTED: ["interview", "decline"],
  INTERVIEWING: ["offer", "decline"],
  OFFERED: ["hire", "decline"],
};

const GIVER: Partial<Record<ReferralStatus, readonly Step[]>> = {
  PROPOSED: ["withdraw"],
  OFFERED: ["hire"],
};

const ENDED: readonly ReferralStatus[] = [
  "HIRED",
  "DECLINED",
  "WITHDRAWN",
  "RECALLED",
  "EXPIRED",
  "NO_SUITABLE_OPENING",
];

export function stepsFor(side: Side, status: ReferralStatus): readonly Step[] {
  if (side === "none") return [];
  return (side === "receiver" ? RECEIVER : GIVER)[status] ?? [];
}

const UNDELIVERED: readonly ReferralStatus[] = ["REQUESTED", "PROPOSED", "AGREED"];

/** Between partners who began it can take it back; once delivered all of it is the receiver's. */
export function partnerStepsFor(side: Side, status: ReferralStatus, isAsked: boolean): readonly Step[] {
  if (UNDELIVERED.includes(status)) return side === (isAsked ? "receiver" : "giver") ? ["withdraw"] : [];
  return side === "receiver" ? stepsFor(side, status) : [];
}

export function hasEnded(status: ReferralStatus): boolean {
  return ENDED.includes(status);
}

/** A company can put a free hire on an introduction that it has taken up and not finished. */
export function takesFreeHire(status: ReferralStatus): boolean {
  return status === "ACCEPTED" || status === "INTERVIEWING" || status === "OFFERED";
}
