import assert from "node:assert/strict";
import { test } from "node:test";
import { actionsFor, termsActionsFor, type Standing } from "../src/features/partnerships/actions";
import { partnerStepsFor } from "../src/features/referrals/steps";

const OURS = "ours";
const THEIRS = "theirs";

function partnership(changes: Partial<Standing>): Standing {
  return {
    status: "ACTIVE",
    proposer: { id: THEIRS },
    parties: [OURS, THEIRS].map((id) => ({ status: "JOINED", leavesAt: null, company: { id } })),
    proposedTerms: null,
    latest: { nodes: [] },
    ...changes,
  };
}

const asked: Standing["parties"] = [
  { status: "INVITED", leavesAt: null, company: { id: OURS } },
  { status: "JOINED", leavesAt: null, company: { id: THEIRS } },
];

void test("who is asked answers, and who proposed takes the proposal back", () => {
  const proposal = partnership({ status: "PROPOSED", parties: asked });
  assert.deepEqual(actionsFor(proposal, OURS), ["accept", "decline"]);
  assert.deepEqual(actionsFor(proposal, THEIRS), ["withdraw"]);
  assert.deepEqual(actionsFor(proposal, null), []);
  assert.deepEqual(actionsFor({ ...proposal, proposer: null }, null), ["withdraw"]);
  assert.deepEqual(termsActionsFor(proposal, OURS), []);
});

void test("a company pauses and leaves, a consortium admin pauses and ends", () => {
  assert.deepEqual(actionsFor(partnership({}), OURS), ["suspend", "leave"]);
  assert.deepEqual(actionsFor(partnership({}), null), ["suspend", "end"]);
  assert.deepEqual(actionsFor(partnership({}), "others"), []);
  assert.deepEqual(actionsFor(partnership({ status: "ENDED" }), null), []);
});

void test("who gave notice does not leave twice", () => {
  const parties = [{ status: "JOINED" as const, leavesAt: "2027-01-01T00:00:00Z", company: { id: OURS } }];
  assert.deepEqual(actionsFor(partnership({ parties }), OURS), ["suspend"]);
});

void test("who suspended it resumes it, or a consortium admin", () => {
  const nodes = [{ deed: "SUSPENDED" as const, company: { id: THEIRS } }];
  const suspended = partnership({ status: "SUSPENDED", latest: { nodes } });
  assert.deepEqual(actionsFor(suspended, THEIRS), ["resume", "leave"]);
  assert.deepEqual(actionsFor(suspended, OURS), ["leave"]);
  assert.deepEqual(actionsFor(suspended, null), ["resume", "end"]);
});

void test("proposed terms are answered once, and wait before others are proposed", () => {
  assert.deepEqual(termsActionsFor(partnership({}), OURS), ["propose"]);
  const waiting = partnership({ proposedTerms: { acceptedBy: [{ id: THEIRS }] } });
  assert.deepEqual(termsActionsFor(waiting, OURS), ["accept", "reject"]);
  assert.deepEqual(termsActionsFor(waiting, THEIRS), ["reject"]);
  assert.deepEqual(termsActionsFor(waiting, null), ["reject"]);
});

void test("between partners who began it takes it back, and the rest is the receiver's", () => {
  assert.deepEqual(partnerStepsFor("receiver", "REQUESTED", true), ["withdraw"]);
  assert.deepEqual(partnerStepsFor("giver", "REQUESTED", true), []);
  assert.deepEqual(partnerStepsFor("giver", "PROPOSED", false), ["withdraw"]);
  assert.deepEqual(partnerStepsFor("receiver", "DELIVERED", false), ["accept", "decline"]);
  assert.deepEqual(partnerStepsFor("giver", "OFFERED", false), []);
});
