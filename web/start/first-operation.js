/**
 * The operation to begin with: one that anybody may read without knowing an id.
 * Lists say more than single things, and spaces more than anything else.
 */
export function firstOperation({ paths = {}, security = [] }) {
  const readable = Object.entries(paths).filter(([path, { get }]) => get && !path.includes("{") && isOpen(get.security ?? security) && !needsInput(get));
  const [path, item] = readable.find(([candidate]) => candidate.endsWith("/spaces")) ?? readable[0] ?? [];
  return path ? { path, id: item.get.operationId, summary: item.get.summary } : null;
}

function isOpen(requirements) {
  return requirements.length === 0 || requirements.some((requirement) => Object.keys(requirement).length === 0);
}

function needsInput({ parameters = [] }) {
  return parameters.some(({ required }) => required);
}

/** How many operations a document has. */
export function countOperations({ paths = {} }) {
  const methods = new Set(["get", "post", "put", "patch", "delete", "head", "options", "trace"]);
  return Object.values(paths).reduce((count, item) => count + Object.keys(item).filter((key) => methods.has(key)).length, 0);
}
