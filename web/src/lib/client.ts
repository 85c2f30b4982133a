// The connection to POST /graphql: cookie session, JSON, and server-sent events for subscriptions.
import { Client, cacheExchange, fetchExchange, subscriptionExchange } from "urql";
import { readEvents } from "./events";

const ENDPOINT = "/graphql";

export function createClient(language: () => string): Client {
  const headers = () => ({ "accept-language": language() });
  return new Client({
    url: ENDPOINT,
    preferGetMethod: false,
    requestPolicy: "cache-and-network",
    fetchOptions: () => ({ credentials: "same-origin", headers: headers() }),
    exchanges: [
      cacheExchange,
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: (operation) => ({
          subscribe: (sink) => {
            const stop = new AbortController();
            void readEvents(ENDPOINT, operation, headers(), sink, stop.signal);
            return {
              unsubscribe: () => {
                stop.abort();
              },
            };
          },
        }),
      }),
    ],
  });
}
