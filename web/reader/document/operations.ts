import { accessOf } from "./access";
import type { Group, OpenApi, Operation, OperationSource, Parameter, Resolve, ResponseSource } from "./types";

const METHODS = ["get", "post", "put", "patch", "delete", "head", "options", "trace"];
const UNTAGGED = "Other";

/** Every operation of the document, as one flat list in the document's order. */
export function listOperations(document: OpenApi, resolve: Resolve, codesOf: (response: ResponseSource) => string[]): Operation[] {
  const operations: Operation[] = [];
  for (const [path, entry] of Object.entries(document.paths ?? {})) {
    const item = resolve(entry);
    for (const method of METHODS) {
      const source = item[method] as OperationSource | undefined;
      if (!source) continue;
      const security = source.security ?? document.security ?? [];
      const responses = Object.entries(source.responses ?? {}).map(([status, response]) => ({ status, ...resolve(response) }));
      operations.push({
        id: source.operationId ?? `${method}-${path}`,
        method,
        path,
        tag: source.tags?.[0] ?? UNTAGGED,
        summary: source.summary ?? "",
        description: source.description ?? item.description ?? "",
        isDeprecated: source.deprecated === true,
        parameters: mergeParameters(item.parameters ?? [], source.parameters ?? [], resolve),
        requestBody: source.requestBody ? resolve(source.requestBody) : null,
        responses: responses.map((reply) => ({ ...reply, codes: codesOf(reply) })),
        security,
        source,
        access: accessOf({ security, source }, document),
        graphql: source["x-graphql"] ?? null,
      });
    }
  }
  return operations;
}

/** An operation's parameter replaces its path's parameter of the same name and place. */
function mergeParameters(shared: Parameter[], own: Parameter[], resolve: Resolve): Parameter[] {
  const merged = new Map<string, Parameter>();
  for (const parameter of [...shared, ...own].map(resolve)) {
    merged.set(`${parameter.in} ${parameter.name}`, parameter);
  }
  return [...merged.values()];
}

/** The operations by tag: tags in the order in which the document lists them, then the others. */
export function groupByTag(document: OpenApi, operations: Operation[]): Group[] {
  const groups = new Map<string, Group>((document.tags ?? []).map(({ name, description }) => [name, { name, description, operations: [] }]));
  for (const operation of operations) {
    const group = groups.get(operation.tag) ?? { name: operation.tag, operations: [] };
    groups.set(operation.tag, group);
    group.operations.push(operation);
  }
  return [...groups.values()].filter((group) => group.operations.length > 0);
}
