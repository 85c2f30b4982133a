import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { test } from "node:test";
import { blanksOf, inLanguage, joined, sayIn } from "../src/lib/i18n";

const texts = {
  missing: ["あと{n}名", "{n#person is|people are} missing"],
  plain: ["こんにちは", "Hello"],
  named: ["「{name}」を消す", "Delete “{name}”"],
} as const;

void test("a text is said in the reader's language", () => {
  assert.equal(sayIn(texts, "ja")("plain"), "こんにちは");
  assert.equal(sayIn(texts, "en")("plain"), "Hello");
});

void test("English tells one from many", () => {
  const say = sayIn(texts, "en");
  assert.equal(say("missing", { n: 1 }), "1 person is missing");
  assert.equal(say("missing", { n: 1200 }), "1,200 people are missing");
  assert.equal(sayIn(texts, "ja")("missing", { n: 3 }), "あと3名");
});

void test("what is filled in is never read as a blank", () => {
  assert.equal(sayIn(texts, "en")("named", { name: "{n}" }), "Delete “{n}”");
});

void test("a list is joined, and none is a dash", () => {
  assert.equal(joined(["a", "b"], ", "), "a, b");
  assert.equal(joined([], ", "), "–");
  assert.equal(inLanguage(["一", "one"], "en"), "one");
});

const PAIR = /\[\s*"((?:[^"\\]|\\.)*)",\s*"((?:[^"\\]|\\.)*)",?\s*\]/g;

async function sources(): Promise<string[]> {
  const names = await readdir("src", { recursive: true });
  return names.filter((name) => /\.tsx?$/.test(name));
}

void test("every text has the same blanks in both languages", async () => {
  let found = 0;
  for (const name of await sources()) {
    const source = await readFile(`src/${name}`, "utf8");
    for (const [, japanese = "", english = ""] of source.matchAll(PAIR)) {
      if (!/[ぁ-んァ-ヶ一-龠]/.test(japanese)) continue;
      found += 1;
      assert.deepEqual(blanksOf(english), blanksOf(japanese), `${name}: ${japanese}`);
    }
  }
  assert.ok(found > 300, `only ${found} texts were found`);
});
