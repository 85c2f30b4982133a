import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOf, isPeriod } from "../src/features/registers/period";

void test("a period is of local days, and has an end to its length", () => {
  assert.equal(isPeriod("2026-01-01", "2026-01-01"), true);
  assert.equal(isPeriod("2026-01-01", "2027-01-01"), true);
  assert.equal(isPeriod("2026-01-01", "2027-01-02"), false);
  assert.equal(isPeriod("2026-01-02", "2026-01-01"), false);
  assert.equal(isPeriod("", "2026-01-01"), false);
});

void test("a file has an address", () => {
  assert.equal(
    addressOf("fees", "pdf", { from: "2026-01-01", to: "2026-01-31" }, "ja"),
    "/registers/fees.pdf?from=2026-01-01&to=2026-01-31&lang=ja",
  );
});
