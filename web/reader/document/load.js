import { accessOf } from "./access.js";
import { errorCodes } from "./error-codes.js";
import { createExampleMaker, createMediaExamples } from "./example.js";
import { groupByTag, listOperations } from "./operations.js";
import { createResolver } from "./reference.js";
import { createSchemaReader } from "./schema.js";

export const DOCUMENT_URL = "/api/openapi.json";

/** Fetches the document and returns it with the ways to read it. */
export async function loadReference() {
  const response = await fetch(DOCUMENT_URL);
  if (!response.ok) throw new Error(`${DOCUMENT_URL} answered ${response.status}.`);
  const document = await response.json();
  const resolve = createResolver(document);
  const read = createSchemaReader(resolve);
  const exampleOf = createExampleMaker(read, resolve);
  const operations = listOperations(document, resolve);
  for (const operation of operations) {
    operation.access = accessOf(operation, document);
    for (const reply of operation.responses) reply.codes = errorCodes(reply, read, resolve);
  }
  return {
    document,
    operations,
    groups: groupByTag(document, operations),
    resolve,
    read,
    exampleOf,
    mediaExamples: createMediaExamples(exampleOf, resolve),
  };
}
