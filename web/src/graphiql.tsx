// GraphiQL for development, its assets served from here.
import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL } from "graphiql";
import { createRoot } from "react-dom/client";
import "graphiql/style.css";

const FIRST_QUERY = `# Sign in at /app first, or put a token into the headers below:
#   { "Authorization": "Bearer tsk_…" }
{
  viewer {
    role
    organization { name }
    consortium { name }
  }
}
`;

const root = document.getElementById("graphiql");
if (root !== null) {
  createRoot(root).render(
    <GraphiQL fetcher={createGraphiQLFetcher({ url: "/graphql" })} defaultQuery={FIRST_QUERY} />,
  );
}
