import type { OpenApi, Resolve, SchemaNode } from "./types";

const ESCAPES: Record<string, string> = { "~1": "/", "~0": "~" };

/** Follows a local `$ref`; what stands beside the reference wins, as OpenAPI 3.1 has it. */
export function createResolver(document: OpenApi): Resolve {
  return function resolve<Node>(node: Node): Node {
    let found = node as Node & { $ref?: unknown };
    const seen = new Set<string>();
    while (found && typeof found === "object" && typeof found.$ref === "string") {
      const { $ref, ...beside } = found;
      if (seen.has($ref)) return beside as Node;
      seen.add($ref);
      found = { ...lookUp(document, $ref), ...beside } as Node & { $ref?: unknown };
    }
    return found;
  };
}

function lookUp(document: OpenApi, pointer: string): object {
  if (!pointer.startsWith("#/")) return {};
  let node: unknown = document;
  for (const part of pointer.slice(2).split("/")) {
    const name = decodeURIComponent(part).replace(/~[01]/g, (escape) => ESCAPES[escape] ?? escape);
    node = (node as Record<string, unknown> | null | undefined)?.[name];
  }
  return node && typeof node === "object" ? node : {};
}

/** The last part of a reference, which is the name of a schema. */
export function referenceName(node: SchemaNode): string | undefined {
  const reference = node && typeof node === "object" ? node.$ref : undefined;
  return reference === undefined ? undefined : decodeURIComponent(reference.split("/").pop() ?? "");
}
