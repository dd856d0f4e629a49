import { readdir } from "node:fs/promises";

const NAME = /^\d\d-(.+)\.graphql$/;

/**
 * Provides the module `plaza:examples`, the list of the example operations in
 * a folder, so that adding a file is all it takes to add an example.
 */
export function exampleFiles(folder) {
  return {
    name: "examples",
    setup(build) {
      build.onResolve({ filter: /^plaza:examples$/ }, () => ({ path: "examples", namespace: "plaza" }));
      build.onLoad({ filter: /^examples$/, namespace: "plaza" }, async () => {
        const names = (await readdir(folder)).sort();
        const imports = [];
        const entries = [];
        for (const name of names.filter((name) => NAME.test(name))) {
          const index = entries.length;
          const variables = name.replace(/graphql$/, "json");
          imports.push(`import query${index} from "./${name}";`);
          if (names.includes(variables)) imports.push(`import variables${index} from "./${variables}";`);
          const given = names.includes(variables) ? `variables${index}` : "null";
          entries.push(`{ slug: ${JSON.stringify(NAME.exec(name)[1])}, query: query${index}, variables: ${given} }`);
        }
        return {
          contents: `${imports.join("\n")}\nexport default [${entries.join(", ")}];`,
          resolveDir: folder,
          watchDirs: [folder],
        };
      });
    },
  };
}
