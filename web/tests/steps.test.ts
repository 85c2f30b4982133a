import assert from "node:assert/strict";
import { test } from "node:test";
import { hasEnded, stepsFor, takesFreeHire } from "../src/features/referrals/steps";
import { referralStatusNames, type ReferralStatus } from "../src/lib/names";

const STATUSES = Object.keys(referralStatusNames) as ReferralStatus[];

void test("the receiver goes on or declines until the person has joined", () => {
  assert.deepEqual(stepsFor("receiver", "DELIVERED"), ["accept", "decline"]);
  assert.deepEqual(stepsFor("receiver", "ACCEPTED"), ["interview", "decline"]);
  assert.deepEqual(stepsFor("receiver", "INTERVIEWING"), ["offer", "decline"]);
  assert.deepEqual(stepsFor("receiver", "OFFERED"), ["hire", "decline"]);
});

void test("the giver takes back only what the receiver has not learned of", () => {
  assert.deepEqual(stepsFor("giver", "PROPOSED"), ["withdraw"]);
  assert.deepEqual(stepsFor("giver", "DELIVERED"), []);
});

void test("nothing is offered of what has ended, or to others", () => {
  for (const status of STATUSES) {
    assert.deepEqual(stepsFor("none", status), []);
    if (hasEnded(status)) assert.deepEqual(stepsFor("receiver", status), []);
  }
  assert.deepEqual(STATUSES.filter(takesFreeHire), ["ACCEPTED", "INTERVIEWING", "OFFERED"]);
});
