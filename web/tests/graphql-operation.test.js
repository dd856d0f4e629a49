import assert from "node:assert/strict";
import { test } from "vitest";
import { operationIn, playgroundLink } from "../shared/playground-link";
import { RestPaths } from "../playground/rest-paths";
import { createResolver } from "../reader/document/reference";
import { createSchemaReader } from "../reader/document/schema";
import { variablesOf } from "../reader/document/graphql";

const resolve = createResolver({});
const reference = { resolve, read: createSchemaReader(resolve) };
const KIND = { type: "string", enum: ["club", "official"] };

/** The variables for a request with these texts, by place and name, and this body. */
function variables(sources, { texts = {}, body = {}, schemas = {} } = {}) {
  const values = { texts: (place, name) => texts[`${place} ${name}`] ?? [], body, memberOf: (name) => schemas[name] };
  return variablesOf({ document: "", variables: sources }, values, reference);
}

test("texts become the types of their variables, and what is absent is left out", () => {
  const sources = {
    id: { type: "ID!", in: "path", names: ["id"] },
    limit: { type: "Int", in: "query", names: ["limit"] },
    isOpen: { type: "Boolean", in: "query", names: ["open"] },
    kind: { type: "CommunityKind", in: "query", names: ["type"] },
    tags: { type: "[String!]", in: "query", names: ["tags"] },
    before: { type: "DateTime", in: "query", names: ["before"] },
  };
  const texts = { "query limit": ["5"], "query open": ["true"], "query type": ["club"], "query tags": ["a", "b"] };
  assert.deepEqual(variables(sources, { texts }), { id: "", limit: 5, isOpen: true, kind: "CLUB", tags: ["a", "b"] });
});

test("a body fills an input by the names of REST, with enums as GraphQL writes them and without secrets", () => {
  const member = (type, ...names) => ({ type, in: "body", names });
  const sources = {
    input: { type: "Input!", members: { kind: member("CommunityKind", "type"), name: member("String!", "name"), rows: member("[Row!]", "rows"), password: member("String!", "password"), file: member("Upload", "file") } },
  };
  const rows = { type: "array", items: { type: "object", properties: { kind: KIND, text: { type: "string" } } } };
  const schemas = { type: KIND, rows, password: { type: "string", format: "password" } };
  const body = { type: "official", name: "club", rows: [{ kind: "club", text: "club" }], password: "secret", other: 1 };
  assert.deepEqual(variables(sources, { body, schemas }), {
    input: { kind: "OFFICIAL", name: "club", rows: [{ kind: "CLUB", text: "club" }], password: "", file: null },
  });
});

test("the address of the playground has the operation in its fragment", () => {
  const link = playgroundLink("{ a(b: \"#&\") }\n", { x: "?" });
  assert.ok(link.startsWith("/playground#"));
  assert.deepEqual(operationIn(new URL(link, "http://x").hash), { query: '{ a(b: "#&") }', variables: '{\n  "x": "?"\n}' });
  assert.equal(operationIn(""), null);
});

test("an operation has the paths with the same fields at its root, or the one of its name", () => {
  const graphql = (operationId, document) => ({ operationId, "x-graphql": { document } });
  const paths = new RestPaths({
    paths: {
      "/api/a": { post: graphql("PostA", "mutation PostA { post(input: {}) { id } }"), get: graphql("ListA", "{ list { id } }") },
      "/api/b": { post: graphql("PostB", "mutation PostB { post(input: {}) { id name } }") },
    },
  });
  const found = (text, name) => paths.of(text, name).map(({ method, path }) => `${method} ${path}`);
  assert.deepEqual(found("mutation Mine { post(input: {}) { text } }"), ["post /api/a", "post /api/b"]);
  assert.deepEqual(found("mutation PostB { post(input: {}) { text } }"), ["post /api/b"]);
  assert.deepEqual(found("query X { other } query L { list { id } }", "L"), ["get /api/a"]);
  assert.deepEqual(found("{ list {"), []);
});
