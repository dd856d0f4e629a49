import { createHash } from "node:crypto";
import { extname } from "node:path";
import { isCompressed } from "./compressed.mjs";

/** The file that lists all others for the server, which embeds what is in it. */
export const LISTING = "files.rs";

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
};

/** A hash of some bytes, as an entity tag. */
const hashOf = (bytes) => createHash("sha256").update(bytes).digest("hex").slice(0, 16);

/** The list of all files as an expression of Rust: one line a file, by the macro `file` of the server. */
export function listing(files) {
  const rows = [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, bytes]) => {
    const type = TYPES[extname(name)];
    if (!type) throw new Error(`${name} has no known type`);
    const forms = isCompressed(bytes) ? "compressed" : "plain";
    const isHashed = /-[0-9a-f]{16}\.\w+$/.test(name);
    return `    file!("${name}", "${type}", "${hashOf(bytes)}", ${isHashed}, ${forms}),`;
  });
  return Buffer.from(`&[\n${rows.join("\n")}\n]\n`);
}
