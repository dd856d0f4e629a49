import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";

const PACKAGE = /[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/;
const LICENSE = /^licen[cs]e/i;

/** The licences of every package with code in the bundles, as they ask for. */
export async function notices(root, chunks) {
  const names = new Set();
  for (const { modules = {} } of chunks) {
    for (const [path, { renderedLength }] of Object.entries(modules)) {
      const match = PACKAGE.exec(path);
      if (match && renderedLength > 0) names.add(match[1]);
    }
  }
  const holders = new Map();
  for (const name of [...names].sort()) {
    const folder = join(root, "node_modules", name);
    const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const file = (await readdir(folder)).sort().find((entry) => LICENSE.test(entry));
    const text = file ? (await readFile(join(folder, file), "utf8")).replaceAll("\r\n", "\n").trim() : `${license} licence`;
    holders.set(text, [...(holders.get(text) ?? []), `${name} ${version}`]);
  }
  const sections = [...holders].map(([text, packages]) => `${packages.join("\n")}\n\n${text}\n`);
  return `Packages bundled into the pages.\n\n${sections.join(`\n${"-".repeat(72)}\n\n`)}`;
}
