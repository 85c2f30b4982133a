// graphql-sse, distinct connections: one stream for one subscription, made anew when it breaks.
import type { ExecutionResult } from "urql";

export type Sink = {
  next: (value: ExecutionResult) => void;
  error: (error: unknown) => void;
  complete: () => void;
};

type Sent = { event: string; data: string };

const RETRY_MILLISECONDS = [1000, 2000, 5000, 15_000, 30_000];

export async function readEvents(
  url: string,
  operation: unknown,
  headers: Record<string, string>,
  sink: Sink,
  signal: AbortSignal,
): Promise<void> {
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    try {
      const answer = await fetch(url, {
        method: "POST",
        credentials: "same-origin",
        headers: { ...headers, "content-type": "application/json", accept: "text/event-stream" },
        body: JSON.stringify(operation),
        signal,
      });
      if (answer.status >= 400 && answer.status < 500) {
        sink.error(new Error(`refused with ${answer.status}`));
        return;
      }
      if (answer.body !== null) {
        for await (const sent of eventsOf(answer.body)) {
          attempt = 0;
          if (sent.event === "complete") {
            sink.complete();
            return;
          }
          if (sent.event === "next") sink.next(JSON.parse(sent.data) as ExecutionResult);
        }
      }
    } catch {
      // The network went away or the page is leaving; the loop knows which.
    }
    await pause(RETRY_MILLISECONDS[Math.min(attempt, RETRY_MILLISECONDS.length - 1)] ?? 0, signal);
  }
}

/** Splits a stream of server-sent events into their names and data. */
export async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Sent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let waiting = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    waiting += decoder.decode(value, { stream: true }).replaceAll("\r\n", "\n");
    const blocks = waiting.split("\n\n");
    waiting = blocks.pop() ?? "";
    for (const block of blocks) {
      const sent = eventOf(block);
      if (sent.event !== "") yield sent;
    }
  }
}

function eventOf(block: string): Sent {
  const sent: Sent = { event: "", data: "" };
  for (const line of block.split("\n")) {
    if (line.startsWith("event:")) sent.event = line.slice(6).trim();
    if (line.startsWith("data:")) sent.data += line.slice(5).trim();
  }
  return sent;
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
