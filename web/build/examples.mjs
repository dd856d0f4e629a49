import { readdir } from "node:fs/promises";
import { join } from "node:path";

const NAME = /^\d\d-(.+)\.graphql$/;
const MODULE = "plaza:examples";

/**
 * Provides the module `plaza:examples`, the list of the example operations in
 * a folder, so that adding a file is all it takes to add an example.
 */
export function exampleFiles(folder) {
  return {
    name: "examples",
    resolveId: (id) => (id === MODULE ? `\0${MODULE}` : undefined),
    async load(id) {
      if (id !== `\0${MODULE}`) return undefined;
      const names = (await readdir(folder)).sort();
      const imports = [];
      const entries = [];
      for (const name of names.filter((name) => NAME.test(name))) {
        const index = entries.length;
        const variables = name.replace(/graphql$/, "json");
        imports.push(`import query${index} from ${JSON.stringify(`${join(folder, name)}?raw`)};`);
        if (names.includes(variables)) imports.push(`import variables${index} from ${JSON.stringify(join(folder, variables))};`);
        const given = names.includes(variables) ? `variables${index}` : "null";
        entries.push(`{ slug: ${JSON.stringify(NAME.exec(name)[1])}, query: query${index}, variables: ${given} }`);
      }
      return `${imports.join("\n")}\nexport default [${entries.join(", ")}];`;
    },
  };
}
