// Bundles src/ into dist/: hashed files under assets/ and the index.html that names them.
import { rm, mkdir, readFile, writeFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { basename } from "node:path";
import * as esbuild from "esbuild";

const FIRST_VIEW_KILOBYTES_MAX = 250;
const ASSETS_URL = "/app/assets/";
const PAGES = /src\/features\/[a-z-]+\/[A-Z][A-Za-z]*Page\.tsx$/;

const watching = process.argv.includes("--watch");

const options = {
  entryPoints: { app: "src/main.tsx" },
  outdir: "dist/assets",
  publicPath: ASSETS_URL,
  bundle: true,
  splitting: true,
  format: "esm",
  target: ["es2022"],
  jsx: "automatic",
  minify: !watching,
  sourcemap: watching ? "linked" : false,
  metafile: true,
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".svg": "file" },
  define: { "process.env.NODE_ENV": JSON.stringify(watching ? "development" : "production") },
  legalComments: "none",
  logLevel: "warning",
};

function entryOf(outputs) {
  const found = Object.entries(outputs).find(([, output]) => output.entryPoint === "src/main.tsx");
  if (found === undefined) throw new Error("the build made no entry");
  return found;
}

function staticallyNeeded(outputs, path, seen = new Set()) {
  if (seen.has(path)) return seen;
  seen.add(path);
  for (const { path: next, kind } of outputs[path].imports) {
    if (kind === "import-statement" && next in outputs) staticallyNeeded(outputs, next, seen);
  }
  return seen;
}

async function gzippedKilobytes(paths) {
  const sizes = await Promise.all([...paths].map(async (path) => gzipSync(await readFile(path)).length));
  return sizes.reduce((sum, size) => sum + size, 0) / 1000;
}

// The only asset that no script names: its hash is made here.
async function placeIcon() {
  const icon = await readFile("src/icon.svg");
  const name = `icon-${createHash("sha256").update(icon).digest("hex").slice(0, 8)}.svg`;
  await writeFile(`dist/assets/${name}`, icon);
  return ASSETS_URL + name;
}

async function writeIndex(outputs) {
  const [script, { cssBundle }] = entryOf(outputs);
  const url = (path) => ASSETS_URL + basename(path);
  const page = await readFile("src/index.html", "utf8");
  const head = [
    `<link rel="icon" href="${await placeIcon()}" type="image/svg+xml">`,
    `<link rel="stylesheet" href="${url(cssBundle)}">`,
    `<script type="module" src="${url(script)}"></script>`,
  ].join("\n    ");
  await writeFile("dist/index.html", page.replace("<!-- built files -->", head));
}

async function report(outputs) {
  const [entry] = entryOf(outputs);
  const first = staticallyNeeded(outputs, entry);
  const shell = await gzippedKilobytes(first);
  let heaviest = shell;
  for (const [path, { entryPoint }] of Object.entries(outputs)) {
    if (entryPoint === undefined || !PAGES.test(entryPoint)) continue;
    const needed = staticallyNeeded(outputs, path);
    const total = await gzippedKilobytes(new Set([...first, ...needed]));
    console.log(`  ${basename(entryPoint, ".tsx").padEnd(24)} ${total.toFixed(1)} kB`);
    heaviest = Math.max(heaviest, total);
  }
  console.log(
    `First view: ${shell.toFixed(1)} kB of JavaScript before a page, ${heaviest.toFixed(1)} kB with ` +
      `the heaviest one, gzipped (at most ${FIRST_VIEW_KILOBYTES_MAX} kB)`,
  );
  if (heaviest > FIRST_VIEW_KILOBYTES_MAX) throw new Error("the first view is too heavy");
}

// GraphiQL stands apart from the dashboards: its weight is nobody's but a developer's.
async function buildGraphiql() {
  const { metafile } = await esbuild.build({
    ...options,
    entryPoints: { graphiql: "src/graphiql.tsx" },
    splitting: false,
    format: "iife",
    loader: { ...options.loader, ".woff2": "dataurl" },
  });
  const [[script, { cssBundle }]] = Object.entries(metafile.outputs).filter(([, one]) => one.entryPoint);
  const url = (path) => ASSETS_URL + basename(path);
  await writeFile(
    "dist/graphiql.html",
    `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>GraphiQL – Tasuki</title>
    <link rel="stylesheet" href="${url(cssBundle)}">
  </head>
  <body style="margin: 0">
    <div id="graphiql" style="height: 100vh"></div>
    <script src="${url(script)}"></script>
  </body>
</html>
`,
  );
}

const finish = {
  name: "finish",
  setup(build) {
    build.onEnd(async ({ errors, metafile }) => {
      if (errors.length > 0) return;
      await writeIndex(metafile.outputs);
      if (!watching) await report(metafile.outputs);
    });
  },
};

await rm("dist", { recursive: true, force: true });
await mkdir("dist/assets", { recursive: true });
await buildGraphiql();
const withFinish = { ...options, plugins: [finish] };
if (watching) {
  const context = await esbuild.context(withFinish);
  await context.watch();
  console.log("Building into dist/ whenever a file changes. Serve it with: make dev");
} else {
  await esbuild.build(withFinish);
}
