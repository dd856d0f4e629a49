import { readFile } from "node:fs/promises";

/**
 * GraphiQL titles its icons after the names of their functions, which do not
 * outlive minification. Writing the names down costs far less than keeping
 * every name in the bundle.
 */
export function namedIcons() {
  return {
    name: "named-icons",
    setup(build) {
      build.onLoad({ filter: /@graphiql[\\/]react[\\/]dist[\\/]icons[\\/]index\.js$/ }, async ({ path }) => ({
        contents: (await readFile(path, "utf8")).replace(
          /generateIcon\((Svg\w+)\)/g,
          'generateIcon(Object.defineProperty($1, "name", { value: "$1" }))',
        ),
      }));
    },
  };
}
