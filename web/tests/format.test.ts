import assert from "node:assert/strict";
import { test } from "node:test";
import { daysBefore, endOfDay, formatIn, startOfDay } from "../src/lib/format";

void test("an instant is a day of the consortium's calendar", () => {
  const lateInTokyo = "2026-03-31T15:30:00Z";
  assert.equal(formatIn("ja", "Asia/Tokyo").day(lateInTokyo), "2026/4/1");
  assert.equal(formatIn("en", "Asia/Tokyo").day(lateInTokyo), "1 Apr 2026");
  assert.equal(formatIn("en", "UTC").day(lateInTokyo), "31 Mar 2026");
});

void test("a date without a time is the same day everywhere", () => {
  assert.equal(formatIn("ja", "America/New_York").day("2026-04-01"), "2026/4/1");
});

void test("what is absent is a dash", () => {
  const format = formatIn("ja", "Asia/Tokyo");
  assert.deepEqual([format.day(null), format.moment(null), format.number(null), format.yen(null)], [
    "–",
    "–",
    "–",
    "–",
  ]);
});

void test("a day begins and ends by the consortium's clock, through summer time too", () => {
  assert.equal(startOfDay("2026-04-01", "Asia/Tokyo"), "2026-03-31T15:00:00.000Z");
  assert.equal(endOfDay("2026-04-01", "Asia/Tokyo"), "2026-04-01T14:59:59.000Z");
  assert.equal(startOfDay("2026-07-01", "Europe/Berlin"), "2026-06-30T22:00:00.000Z");
  assert.equal(startOfDay("2026-01-01", "Europe/Berlin"), "2025-12-31T23:00:00.000Z");
});

void test("days are counted over months and leap days", () => {
  assert.equal(daysBefore("2028-03-01", 1), "2028-02-29");
  assert.equal(daysBefore("2026-01-01", 365), "2025-01-01");
});
