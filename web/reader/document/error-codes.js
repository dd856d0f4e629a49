/**
 * The error codes of a response: `x-error-codes` where the document has it,
 * else the values its `code` field may take, else those in its examples.
 */
export function errorCodes(response, read, resolve) {
  const stated = response["x-error-codes"];
  if (Array.isArray(stated)) return stated.map(String);
  const codes = new Set();
  for (const media of Object.values(response.content ?? {})) {
    fromSchema(media.schema, read, codes);
    if (codes.size > 0) continue;
    fromValue(media.example, codes);
    for (const example of Object.values(media.examples ?? {})) fromValue(resolve(example).value, codes);
  }
  return [...codes];
}

function fromSchema(node, read, codes, depth = 0) {
  if (node === undefined || depth > 2) return;
  const { fields = [] } = read(node);
  for (const field of fields) {
    if (field.name === "error") fromSchema(field.node, read, codes, depth + 1);
    if (field.name !== "code") continue;
    const { schema = {} } = read(field.node);
    for (const value of schema.enum ?? [schema.const]) if (typeof value === "string") codes.add(value);
  }
}

function fromValue(value, codes) {
  const code = value?.code ?? value?.error?.code;
  if (typeof code === "string") codes.add(code);
}
