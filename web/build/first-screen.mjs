import { gzipSync } from "node:zlib";

/** Bytes, compressed with gzip, that the first screen of the chat may take. */
const LIMIT = 200 * 1024;

/** What the chat loads before it shows the rooms in English: these, what they import, and their style sheets. */
const NEEDED = ["chat/main.tsx", "chat/screens/rooms/index.tsx", "i18n/en/index.ts"];

/** The size of the first screen. */
export function firstScreen(output) {
  const byName = new Map(output.map((file) => [file.fileName, file]));
  const needed = new Set();
  const visit = (name) => {
    const chunk = byName.get(name);
    if (!chunk || needed.has(name)) return;
    needed.add(name);
    for (const sheet of chunk.viteMetadata?.importedCss ?? []) needed.add(sheet);
    chunk.imports?.forEach(visit);
  };
  for (const source of NEEDED) {
    visit(output.find((chunk) => chunk.facadeModuleId?.endsWith(`/${source}`) || (chunk.isEntry && chunk.moduleIds.some((id) => id.endsWith(source)))).fileName);
  }
  const sizeOf = (name) => gzipSync(byName.get(name).code ?? byName.get(name).source).length;
  return [...needed].reduce((sum, name) => sum + sizeOf(name), 0);
}

/** Fails where the first screen has become too large. */
export function limitFirstScreen(output) {
  const size = firstScreen(output);
  if (size > LIMIT) throw new Error(`the first screen of the chat takes ${size} bytes compressed, more than ${LIMIT}`);
  return size;
}
