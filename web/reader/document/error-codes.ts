import type { Read, Resolve, ResponseSource, SchemaNode } from "./types";

/**
 * The error codes of a response: `x-error-codes` where the document has it,
 * else the values its `code` field may take, else those in its examples.
 */
export function errorCodes(response: ResponseSource, read: Read, resolve: Resolve): string[] {
  const stated = response["x-error-codes"];
  if (Array.isArray(stated)) return stated.map(String);
  const codes = new Set<string>();
  for (const media of Object.values(response.content ?? {})) {
    fromSchema(media.schema, read, codes);
    if (codes.size > 0) continue;
    fromValue(media.example, codes);
    for (const example of Object.values(media.examples ?? {})) fromValue(resolve(example).value, codes);
  }
  return [...codes];
}

function fromSchema(node: SchemaNode, read: Read, codes: Set<string>, depth = 0): void {
  if (node === undefined || depth > 2) return;
  const { fields = [] } = read(node);
  for (const field of fields) {
    if (field.name === "error") fromSchema(field.node, read, codes, depth + 1);
    if (field.name !== "code") continue;
    const { schema = {} } = read(field.node);
    for (const value of schema.enum ?? [schema.const]) if (typeof value === "string") codes.add(value);
  }
}

function fromValue(value: unknown, codes: Set<string>): void {
  const body = value as { code?: unknown; error?: { code?: unknown } } | null | undefined;
  const code = body?.code ?? body?.error?.code;
  if (typeof code === "string") codes.add(code);
}
