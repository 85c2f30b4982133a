import assert from "node:assert/strict";
import { test } from "node:test";
import { texts as links } from "../src/features/links/texts";

void test("who names a campaign is told that candidates read it", () => {
  const [ja, en] = links.campaignHint;
  assert.match(ja, /候補者のページ/);
  assert.match(en, /Candidates read it/);
});
