import { createHash } from "node:crypto";

/** The file that lists all others for the server, which embeds what is in it. */
export const LISTING = "files.rs";

const TYPES = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
  txt: "text/plain; charset=utf-8",
};

/** A hash of some bytes, as a part of a name or an entity tag. */
const hashOf = (bytes) => createHash("sha256").update(bytes).digest("hex").slice(0, 16);

/**
 * Gives scripts and style sheets names with a hash of their content, and writes these names into the pages. So a browser may
 * keep them for ever: what has changed has another name.
 */
export function withHashedNames(files) {
  const named = new Map();
  const names = new Map();
  for (const [name, bytes] of files) {
    const hashed = /\.(js|css)$/.test(name) ? name.replace(/(\.\w+)$/, `-${hashOf(bytes)}$1`) : name;
    names.set(name, hashed);
    named.set(hashed, bytes);
  }
  for (const [name, bytes] of named) {
    if (!name.endsWith(".html")) continue;
    const text = bytes.toString().replace(/"\/assets\/([^"]+)"/g, (_, asset) => {
      if (!names.has(asset)) throw new Error(`${name} names ${asset}, which the build does not write`);
      return `"/assets/${names.get(asset)}"`;
    });
    named.set(name, Buffer.from(text));
  }
  return named;
}

/** The list of all files as an expression of Rust. */
export function listing(files) {
  const rows = [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, bytes]) => {
    const type = TYPES[name.split(".").at(-1)];
    const isHashed = /-[0-9a-f]{16}\.(js|css)$/.test(name);
    const path = `concat!(env!("CARGO_MANIFEST_DIR"), "/web/dist/${name}")`;
    return `    File {
        name: "${name}",
        content_type: "${type}",
        etag: "W/\\"${hashOf(bytes)}\\"",
        hashed: ${isHashed},
        bytes: include_bytes!(${path}),
    },`;
  });
  return Buffer.from(`&[\n${rows.join("\n")}\n]\n`);
}
