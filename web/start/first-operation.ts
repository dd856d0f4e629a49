/** An operation of an OpenAPI document, as far as this page reads it. */
interface Operation {
  operationId?: string;
  summary?: string;
  security?: object[];
  parameters?: { required?: boolean }[];
}

/** An OpenAPI document, as far as this page reads it. */
export interface OpenApi {
  info?: { version?: string };
  paths?: Record<string, Record<string, Operation | undefined>>;
  security?: object[];
}

/**
 * The operation to begin with: one that every visitor may read without knowing an id.
 * Lists say more than single things, and spaces more than anything else.
 */
export function firstOperation({ paths = {}, security = [] }: OpenApi): { path: string; id: string | undefined; summary: string | undefined } | null {
  const readable = Object.entries(paths).flatMap(([path, { get }]) => (get && !path.includes("{") && isOpen(get.security ?? security) && !needsInput(get) ? [{ path, get }] : []));
  const first = readable.find(({ path }) => path.endsWith("/spaces")) ?? readable[0];
  return first ? { path: first.path, id: first.get.operationId, summary: first.get.summary } : null;
}

function isOpen(requirements: object[]): boolean {
  return requirements.length === 0 || requirements.some((requirement) => Object.keys(requirement).length === 0);
}

function needsInput({ parameters = [] }: Operation): boolean {
  return parameters.some(({ required }) => required);
}

/** Returns the number of operations in a document. */
export function countOperations({ paths = {} }: OpenApi): number {
  const methods = new Set(["get", "post", "put", "patch", "delete", "head", "options", "trace"]);
  return Object.values(paths).reduce((count, item) => count + Object.keys(item).filter((key) => methods.has(key)).length, 0);
}
