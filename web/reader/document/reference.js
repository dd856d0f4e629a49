const ESCAPES = { "~1": "/", "~0": "~" };

/** Follows a local `$ref`; what stands beside the reference wins, as OpenAPI 3.1 has it. */
export function createResolver(document) {
  return function resolve(node) {
    let found = node;
    const seen = new Set();
    while (found && typeof found === "object" && typeof found.$ref === "string") {
      const { $ref, ...beside } = found;
      if (seen.has($ref)) return beside;
      seen.add($ref);
      found = { ...lookUp(document, $ref), ...beside };
    }
    return found;
  };
}

function lookUp(document, pointer) {
  if (!pointer.startsWith("#/")) return {};
  let node = document;
  for (const part of pointer.slice(2).split("/")) {
    node = node?.[decodeURIComponent(part).replace(/~[01]/g, (escape) => ESCAPES[escape])];
  }
  return node && typeof node === "object" ? node : {};
}

/** The last part of a reference, which is the name of a schema. */
export function referenceName(node) {
  return typeof node?.$ref === "string" ? decodeURIComponent(node.$ref.split("/").pop()) : undefined;
}
