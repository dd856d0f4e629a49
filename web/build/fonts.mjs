import { readFile } from "node:fs/promises";

/**
 * GraphiQL's sheet embeds Roboto and Fira Code, nine tenths of its size. The
 * pages use the fonts of the system instead.
 */
export function withoutFonts() {
  return {
    name: "without-fonts",
    setup(build) {
      build.onLoad({ filter: /graphiql[\\/]dist[\\/]style\.css$/ }, async ({ path }) => ({
        contents: (await readFile(path, "utf8")).replace(/@font-face\s*\{[^}]*\}/g, ""),
        loader: "css",
      }));
    },
  };
}
