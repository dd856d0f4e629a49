// Bundles the four pages into dist/. `--check` builds in memory and fails
// when the committed dist/ is not what the sources produce.
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { compressed, holds } from "./build/compressed.mjs";
import { limitFirstScreen } from "./build/first-screen.mjs";
import { LISTING, listing } from "./build/listing.mjs";
import { notices } from "./build/notices.mjs";

const root = fileURLToPath(new URL(".", import.meta.url));
const dist = join(root, "dist");

/** What is built, without the compressed forms, and the compressed size of the chat's first screen. */
async function assets() {
  const { output } = await build({ root, logLevel: "warn", build: { write: false } });
  const files = new Map(output.map(({ fileName, code, source }) => [fileName, Buffer.from(code ?? source)]));
  for (const name of await readdir(join(root, "public"))) files.set(name, await readFile(join(root, "public", name)));
  files.set("third-party.txt", Buffer.from(await notices(root, output)));
  return { files, firstScreen: limitFirstScreen(output) };
}

async function write(files) {
  await rm(dist, { recursive: true, force: true });
  await mkdir(dist);
  for (const [name, bytes] of [...files, ...compressed(files), [LISTING, listing(files)]]) await writeFile(join(dist, name), bytes);
  for (const [name, bytes] of [...files].sort()) console.log(`${String(bytes.length).padStart(9)}  ${name}`);
}

async function check(files) {
  const present = new Set(await readdir(dist));
  const stale = [];
  const hasOther = async (name, isSame) => !present.has(name) || !isSame(await readFile(join(dist, name)));
  for (const [name, bytes] of [...files, [LISTING, listing(files)]]) {
    if (await hasOther(name, (kept) => kept.equals(bytes))) stale.push(name);
  }
  const forms = compressed(files);
  for (const name of forms.keys()) {
    const bytes = files.get(name.slice(0, -3));
    if (await hasOther(name, (kept) => holds(name, kept, bytes))) stale.push(name);
  }
  const isKnown = (name) => files.has(name) || forms.has(name) || name === LISTING;
  stale.push(...[...present].filter((name) => !isKnown(name)));
  if (stale.length > 0) {
    console.error(`dist/ is out of date (${stale.join(", ")}): run npm run build`);
    process.exitCode = 1;
  }
}

const { files, firstScreen } = await assets();
await (process.argv.includes("--check") ? check(files) : write(files));
console.log(`The first screen of the chat takes ${(firstScreen / 1024).toFixed(1)} KB, compressed with gzip.`);
