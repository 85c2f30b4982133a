// Subscribes over graphql-transport-ws and prints each result as a JSON line.
//   node ws-subscribe.mjs URL TOKEN QUERY [--count N] [--timeout-ms MS] [--variables JSON]
// The token goes into the connection's first message, as `{"authorization": "Bearer TOKEN"}`.
import { createClient } from "graphql-ws";
import WebSocket from "ws";

import { printResults, readArguments } from "./subscribe.mjs";

const { url, token, request, ...limits } = readArguments();
const client = createClient({
  url: url.replace(/^http/, "ws"),
  webSocketImpl: WebSocket,
  connectionParams: token ? { authorization: `Bearer ${token}` } : {},
  retryAttempts: 0,
  on: { connected: () => console.error("connected") },
});
await printResults(client.iterate(request), limits);
