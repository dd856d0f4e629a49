// What the checks of generators share: a folder for what they write, and their programs.
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const HERE = dirname(fileURLToPath(import.meta.url));
export const SCHEMA = join(HERE, "../../../schema.graphql");

/** Makes an empty folder below `generated`. */
export function folder(name) {
  const path = join(HERE, "generated", name);
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
  return path;
}

/** Runs a program of this package and gives its output; a failure has the output in its message. */
export function tool(name, ...args) {
  try {
    return execFileSync(join(HERE, "node_modules/.bin", name), args, { cwd: HERE, encoding: "utf8", stdio: "pipe" });
  } catch (error) {
    throw new Error(`${name} ${args.join(" ")}\n${error.stdout}${error.stderr}`);
  }
}
