// These clients are what the tests of the server lean on, so they are tried themselves: against
// the reference servers of the same libraries, and against servers and schemas that are wrong.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { buildSchema } from "graphql";
import { createHandler as graphqlOverHttp } from "graphql-http/lib/use/http";
import { createHandler as graphqlOverSse } from "graphql-sse/lib/use/http";
import { useServer } from "graphql-ws/use/ws";
import { WebSocketServer } from "ws";

const here = path.dirname(fileURLToPath(import.meta.url));
const QUERY = "subscription { counted }";
const TOKEN = "a-token";

const schema = buildSchema("type Query { hello: String } type Subscription { counted: Int }");
schema.getSubscriptionType().getFields().counted.subscribe = async function* () {
  for (const counted of [1, 2, 3]) yield { counted };
};
const refusal = [null, { status: 401, statusText: "Unauthorized" }];
const sse = graphqlOverSse({
  schema,
  authenticate: (request) =>
    request.headers.get("authorization") === `Bearer ${TOKEN}` ? "" : refusal,
});
const handlers = {
  "/graphql": graphqlOverHttp({ schema }),
  "/sse": sse,
  "/wrong": (_, response) => response.writeHead(200).end("not GraphQL"),
};

let server;
let folder;

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "tasuki-clients-"));
  server = createServer((request, response) =>
    handlers[new URL(request.url, "http://localhost").pathname](request, response),
  );
  useServer(
    {
      schema,
      onConnect: ({ connectionParams }) => connectionParams?.authorization === `Bearer ${TOKEN}`,
    },
    new WebSocketServer({ server, path: "/graphql" }),
  );
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
});

after(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

const url = (name) => `http://127.0.0.1:${server.address().port}${name}`;

function run(script, ...parameters) {
  return new Promise((done) => {
    execFile("node", [path.join(here, script), ...parameters], (error, stdout, stderr) =>
      done({ code: error ? error.code : 0, lines: stdout.trimEnd().split("\n"), stderr }),
    );
  });
}

async function lint(text) {
  const file = path.join(folder, "schema.graphql");
  await writeFile(file, text);
  return run("lint-schema.mjs", file);
}

test("the audits pass on the reference server", async () => {
  const { code, lines } = await run("audit.mjs", url("/graphql"));
  assert.equal(lines.at(-1), "61 of 61 ok");
  assert.equal(lines.length, 62);
  assert.equal(code, 0);
});

test("the audits fail on a server that does not speak GraphQL", async () => {
  const { code, lines } = await run("audit.mjs", url("/wrong"));
  assert.match(lines.at(-1), /^1\d of 61 ok$/);
  assert.equal(code, 1);
});

test("the audits fail where no server is", async () => {
  const { code, lines } = await run("audit.mjs", "http://127.0.0.1:1/graphql");
  assert.equal(lines.at(-1), "0 of 61 ok");
  assert.equal(code, 1);
});

for (const [script, name] of [
  ["ws-subscribe.mjs", "/graphql"],
  ["sse-subscribe.mjs", "/sse"],
]) {
  test(`${script} prints the results it was asked for`, async () => {
    const { code, lines } = await run(script, url(name), TOKEN, QUERY, "--count", "2");
    assert.deepEqual(lines, ['{"data":{"counted":1}}', '{"data":{"counted":2}}']);
    assert.equal(code, 0);
  });

  test(`${script} fails when the stream ends early`, async () => {
    const { code, lines, stderr } = await run(script, url(name), TOKEN, QUERY, "--count", "4");
    assert.equal(lines.length, 3);
    assert.match(stderr, /the stream ended after 3 of 4 results/);
    assert.equal(code, 1);
  });

  test(`${script} fails when its token is refused`, async () => {
    const { code, lines } = await run(script, url(name), "another-token", QUERY);
    assert.deepEqual(lines, [""]);
    assert.equal(code, 1);
  });
}

const SOUND = `
"""Anything with an id."""
interface Node {
  id: ID!
}

"""A company."""
type Company implements Node {
  id: ID!
  name: String!
}

"""Where a page lies in its list."""
type PageInfo {
  hasNextPage: Boolean!
  hasPreviousPage: Boolean!
  startCursor: String
  endCursor: String
}

"""One company in a list."""
type CompanyEdge {
  node: Company!
  cursor: String!
}

"""Companies, page by page."""
type CompanyConnection {
  edges: [CompanyEdge!]!
  pageInfo: PageInfo!
}

"""What can be read."""
type Query {
  """All companies."""
  companies(first: Int, after: String, last: Int, before: String): CompanyConnection!
}
`;

test("a sound schema passes the lint", async () => {
  assert.deepEqual(await lint(SOUND), { code: 0, lines: [""], stderr: "" });
});

for (const [fault, rule, right, wrong] of [
  ["a type without a description", "require-description", '"""A company."""', ""],
  ["a node without an id", "strict-id-in-types", "implements Node {\n  id: ID!", "{"],
  ["a field in snake case", "naming-convention", "name:", "full_name:"],
  ["a connection without pageInfo", "relay-connection-types", "  pageInfo: PageInfo!\n", ""],
  ["a connection without paging", "relay-arguments", "(first: Int, after: String, last: Int, before: String)", ""],
]) {
  test(`the lint refuses ${fault}`, async () => {
    const { code, lines } = await lint(SOUND.replace(right, wrong));
    assert.ok(
      lines.some((line) => line.includes(`@graphql-eslint/${rule}: `)),
      lines.join("\n"),
    );
    assert.equal(code, 1);
  });
}

test("the lint refuses a text that is no schema", async () => {
  const { code } = await lint("type Query {");
  assert.equal(code, 1);
});

test("the lint says when there is no schema", async () => {
  const { code, stderr } = await run("lint-schema.mjs", path.join(folder, "absent.graphql"));
  assert.match(stderr, /make schema/);
  assert.equal(code, 2);
});
