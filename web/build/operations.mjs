import { readFile, readdir } from "node:fs/promises";
import { basename, join } from "node:path";

/**
 * Provides the module `plaza:operations`: the documents of a folder by their files' names, each with the fragments that it
 * spreads. A file `NAME-parts.graphql` is a fragment.
 */
export function operationFiles(folder) {
  return {
    name: "operations",
    setup(build) {
      build.onResolve({ filter: /^plaza:operations$/ }, () => ({ path: "operations", namespace: "plaza" }));
      build.onLoad({ filter: /^operations$/, namespace: "plaza" }, async () => {
        const files = (await readdir(folder)).filter((file) => file.endsWith(".graphql")).sort();
        const texts = new Map();
        for (const file of files) texts.set(basename(file, ".graphql"), await readFile(join(folder, file), "utf8"));
        const fragments = [...texts].filter(([name]) => name.endsWith("-parts")).map(([, text]) => text);
        const operations = [...texts].filter(([name]) => !name.endsWith("-parts"));
        const whole = operations.map(([name, text]) => [camelCase(name), dense(withFragments(text, fragments))]);
        return {
          contents: `export const operations = ${JSON.stringify(Object.fromEntries(whole))};`,
          watchDirs: [folder],
        };
      });
    },
  };
}

function withFragments(text, fragments) {
  const nameOf = (fragment) => /^fragment (\w+)/.exec(fragment)[1];
  return [text, ...fragments.filter((fragment) => text.includes(`...${nameOf(fragment)}`))].join("");
}

/** Without the white space that only people need; the documents have no strings in them. */
const dense = (text) => text.replace(/\s+/g, " ").trim();
const camelCase = (name) => name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
