import assert from "node:assert/strict";
import { test } from "node:test";
import { eventsOf } from "../src/lib/events";

function streamOf(...chunks: string[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(encoder.encode(chunk));
      controller.close();
    },
  });
}

async function all(...chunks: string[]) {
  const found = [];
  for await (const sent of eventsOf(streamOf(...chunks))) found.push(sent);
  return found;
}

void test("events are read however the stream is cut", async () => {
  const expected = [
    { event: "next", data: '{"data":1}' },
    { event: "complete", data: "" },
  ];
  const text = 'event: next\ndata: {"data":1}\n\n:\n\nevent: complete\ndata:\n\n';
  assert.deepEqual(await all(text), expected);
  assert.deepEqual(await all(...Array.from(text)), expected);
});

void test("an event that never ended is not told", async () => {
  assert.deepEqual(await all("event: next\ndata: {}"), []);
});
