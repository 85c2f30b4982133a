// Bundles each test file for Node, and runs them with its own test runner.
import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import * as esbuild from "esbuild";

const files = (await readdir("tests")).filter((name) => name.endsWith(".test.ts"));
// Beside the packages that the bundles ask for.
const folder = await mkdtemp(join("node_modules", ".tests-"));
await esbuild.build({
  entryPoints: files.map((name) => join("tests", name)),
  outdir: folder,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  packages: "external",
  platform: "node",
  format: "esm",
  jsx: "automatic",
  logLevel: "warning",
});
const built = (await readdir(folder)).map((name) => join(folder, name));
const { status } = spawnSync(process.execPath, ["--test", ...built], { stdio: "inherit" });
await rm(folder, { recursive: true, force: true });
process.exitCode = status ?? 1;
