// Lints a schema file by what graphql-eslint recommends for schemas and for Relay.
//   node lint-schema.mjs [FILE]      (../../schema.graphql when none is named)
// Exit 0: nothing found. 1: findings, one a line. 2: no such file.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

import graphqlPlugin from "@graphql-eslint/eslint-plugin";
import { ESLint } from "eslint";

const here = path.dirname(fileURLToPath(import.meta.url));
const values = JSON.parse(readFileSync(path.join(here, "values-without-id.json"), "utf8"));

function config(schemaPath) {
  return {
    files: ["**/*.graphql"],
    plugins: { "@graphql-eslint": graphqlPlugin },
    languageOptions: {
      parser: graphqlPlugin.parser,
      parserOptions: { graphQLConfig: { schema: schemaPath } },
    },
    rules: {
      ...graphqlPlugin.configs["flat/schema-recommended"].rules,
      ...graphqlPlugin.configs["flat/schema-relay"].rules,
      // Plain lists of values (the errors of a payload) and the pages' `nodes` stand beside edges.
      "@graphql-eslint/relay-edge-types": [
        "error",
        { withEdgeSuffix: true, shouldImplementNode: true, listTypeCanWrapOnlyEdgeType: false },
      ],
      // A node has an id; what Relay and mutations wrap around it has none, and neither has a
      // plain value. Each kind of value is named in the file, so that a node cannot forget its id.
      "@graphql-eslint/strict-id-in-types": [
        "error",
        { exceptions: { suffixes: values.suffixes, types: values.types } },
      ],
    },
  };
}

const schemaPath = path.resolve(process.argv[2] ?? path.join(here, "../../schema.graphql"));
if (!existsSync(schemaPath)) {
  console.error(`There is no ${schemaPath}; \`make schema\` writes it.`);
  process.exit(2);
}

const eslint = new ESLint({
  cwd: path.dirname(schemaPath),
  overrideConfigFile: true,
  overrideConfig: config(schemaPath),
});
const [result] = await eslint.lintFiles([path.basename(schemaPath)]);
for (const { line, column, message, ruleId } of result.messages) {
  console.log(`${path.basename(schemaPath)}:${line}:${column} ${ruleId ?? "parse"}: ${message}`);
}
process.exitCode = result.messages.length > 0 ? 1 : 0;
