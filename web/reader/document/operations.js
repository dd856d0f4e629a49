const METHODS = ["get", "post", "put", "patch", "delete", "head", "options", "trace"];
const UNTAGGED = "Other";

/** Every operation of the document, as one flat list in the document's order. */
export function listOperations(document, resolve) {
  const operations = [];
  for (const [path, entry] of Object.entries(document.paths ?? {})) {
    const item = resolve(entry);
    for (const method of METHODS) {
      if (!item[method]) continue;
      const source = item[method];
      operations.push({
        id: source.operationId ?? `${method}-${path}`,
        method,
        path,
        tag: source.tags?.[0] ?? UNTAGGED,
        summary: source.summary ?? "",
        description: source.description ?? item.description ?? "",
        isDeprecated: source.deprecated === true,
        parameters: mergeParameters(item.parameters, source.parameters, resolve),
        requestBody: source.requestBody ? resolve(source.requestBody) : null,
        responses: Object.entries(source.responses ?? {}).map(([status, response]) => ({ status, ...resolve(response) })),
        security: source.security ?? document.security ?? [],
        source,
      });
    }
  }
  return operations;
}

/** An operation's parameter replaces its path's parameter of the same name and place. */
function mergeParameters(shared = [], own = [], resolve) {
  const merged = new Map();
  for (const parameter of [...shared, ...own].map(resolve)) {
    merged.set(`${parameter.in} ${parameter.name}`, parameter);
  }
  return [...merged.values()];
}

/** The operations by tag: tags in the order in which the document lists them, then the others. */
export function groupByTag(document, operations) {
  const groups = new Map((document.tags ?? []).map(({ name, description }) => [name, { name, description, operations: [] }]));
  for (const operation of operations) {
    if (!groups.has(operation.tag)) groups.set(operation.tag, { name: operation.tag, operations: [] });
    groups.get(operation.tag).operations.push(operation);
  }
  return [...groups.values()].filter((group) => group.operations.length > 0);
}
