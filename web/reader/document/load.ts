import { errorCodes } from "./error-codes";
import { createExampleMaker, createMediaExamples } from "./example";
import { groupByTag, listOperations } from "./operations";
import { createResolver } from "./reference";
import { createSchemaReader } from "./schema";
import type { OpenApi, Reference } from "./types";

export const DOCUMENT_URL = "/api/openapi.json";

/** Fetches the document and returns it with the ways to read it. */
export async function loadReference(): Promise<Reference> {
  const response = await fetch(DOCUMENT_URL);
  if (!response.ok) throw new Error(`${DOCUMENT_URL} answered ${response.status}.`);
  const document = (await response.json()) as OpenApi;
  const resolve = createResolver(document);
  const read = createSchemaReader(resolve);
  const exampleOf = createExampleMaker(read, resolve);
  const operations = listOperations(document, resolve, (reply) => errorCodes(reply, read, resolve));
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
