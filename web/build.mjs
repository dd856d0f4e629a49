// Bundles the four pages into dist/. `--check` builds in memory and fails
// when the committed dist/ is not what the sources produce.
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { exampleFiles } from "./build/examples.mjs";
import { withoutFonts } from "./build/fonts.mjs";
import { namedIcons } from "./build/icons.mjs";
import { LISTING, listing, withHashedNames } from "./build/listing.mjs";
import { notices } from "./build/notices.mjs";
import { operationFiles } from "./build/operations.mjs";

const root = fileURLToPath(new URL(".", import.meta.url));
const dist = join(root, "dist");

const PAGES = {
  chat: "chat/main.jsx",
  playground: "playground/main.jsx",
  reader: "reader/main.js",
  start: "start/main.js",
};

const COPIED = ["chat/chat.html", "playground/playground.html", "reader/reader.html", "start/start.html", "shared/favicon.svg"];

async function assets() {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: PAGES,
    outdir: dist,
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    charset: "utf8",
    format: "esm",
    platform: "browser",
    target: ["es2022", "chrome123", "firefox121", "safari17.5"],
    jsx: "automatic",
    loader: { ".graphql": "text" },
    define: { "process.env.NODE_ENV": '"production"' },
    // The notices of bundled packages are gathered in third-party.txt.
    legalComments: "none",
    plugins: [
      exampleFiles(join(root, "playground/examples")),
      operationFiles(join(root, "chat/operations")),
      namedIcons(),
      withoutFonts(),
    ],
  });
  const files = new Map(outputFiles.map((file) => [basename(file.path), Buffer.from(file.contents)]));
  for (const path of COPIED) files.set(basename(path), await readFile(join(root, path)));
  files.set("third-party.txt", Buffer.from(await notices(root, metafile)));
  const named = withHashedNames(files);
  return named.set(LISTING, listing(named));
}

async function write(files) {
  await rm(dist, { recursive: true, force: true });
  await mkdir(dist);
  for (const [name, bytes] of files) await writeFile(join(dist, name), bytes);
  for (const [name, bytes] of [...files].sort()) console.log(`${String(bytes.length).padStart(9)}  ${name}`);
}

async function check(files) {
  const present = await readdir(dist);
  const stale = present.filter((name) => !files.has(name));
  for (const [name, bytes] of files) {
    if (!present.includes(name) || !bytes.equals(await readFile(join(dist, name)))) stale.push(name);
  }
  if (stale.length > 0) {
    console.error(`dist/ is out of date (${stale.join(", ")}): run npm run build`);
    process.exitCode = 1;
  }
}

const files = await assets();
await (process.argv.includes("--check") ? check(files) : write(files));
