import assert from "node:assert/strict";
import { test } from "node:test";
import { malformedIn } from "../src/lib/malformed";

void test("a value of a wrong form is said at its field", () => {
  const found = malformedIn(
    "Variable '$input' has invalid value at .corporateNumber: CorporateNumber has a wrong check digit.",
  );
  assert.deepEqual(found?.path, ["corporateNumber"]);
  assert.match(found.hint[1], /13 digits/);
});

void test("the path into a nested input is kept, and an unknown form still has words", () => {
  const found = malformedIn("Variable '$input' has invalid value at .terms.openUntil: Hour must be early.");
  assert.deepEqual(found?.path, ["terms", "openUntil"]);
  assert.equal(found.hint[1], "This value cannot be used.");
});

void test("any other error is not about a field", () => {
  assert.equal(malformedIn("Sign in first."), null);
});
