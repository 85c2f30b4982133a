import assert from "node:assert/strict";
import { test } from "node:test";
import { readRefunds, writeRefunds } from "../src/features/program/refunds";

void test("a schedule is read as it was written", () => {
  const steps = [
    { days: 30, percent: 80 },
    { days: 90, percent: 50 },
  ];
  assert.deepEqual(readRefunds(writeRefunds(steps)), steps);
  assert.deepEqual(readRefunds("30: 80%\n\n 90、50％ \n"), steps);
  assert.deepEqual(readRefunds(""), []);
});

void test("what is no number is left to be refused", () => {
  assert.deepEqual(readRefunds("a month 80"), [{ days: -1, percent: -1 }]);
  assert.deepEqual(readRefunds("30"), [{ days: 30, percent: -1 }]);
  assert.deepEqual(readRefunds("30 80 1"), [{ days: 30, percent: -1 }]);
});
