// Subscribes over server-sent events (graphql-sse, distinct connections) and prints each result
// as a JSON line.
//   node sse-subscribe.mjs URL TOKEN QUERY [--count N] [--timeout-ms MS] [--variables JSON]
import { createClient } from "graphql-sse";

import { printResults, readArguments } from "./subscribe.mjs";

const { url, token, request, ...limits } = readArguments();
const client = createClient({
  url,
  headers: token ? { authorization: `Bearer ${token}` } : {},
  retryAttempts: 0,
  fetchFn: async (...request) => {
    const response = await fetch(...request);
    if (response.ok) console.error("connected");
    return response;
  },
});
await printResults(client.iterate(request), limits);
