import { allowedValues } from "./schema";
import type { Direction, Media, NamedExample, PlainSchema, Read, Resolve, SchemaField, SchemaNode, SchemaObject } from "./types";

const DEPTH = 6;

const BY_FORMAT: Record<string, string> = {
  uuid: "0190a5c2-7c3e-7d4b-9f2a-1b6c8d3e5f70",
  "date-time": "2025-01-31T12:00:00Z",
  date: "2025-01-31",
  time: "12:00:00Z",
  email: "you@example.com",
  uri: "https://example.com/",
  url: "https://example.com/",
  hostname: "example.com",
  ipv4: "192.0.2.1",
  ipv6: "2001:db8::1",
  password: "a long pass phrase",
  byte: "",
  binary: "",
};

/** Makes up a value for a schema that gives none; `direction` is "request" or "response". */
export function createExampleMaker(read: Read, resolve: Resolve) {
  function valueOf(node: SchemaNode, direction: Direction, depth = 0): unknown {
    const given = givenValue(resolve(node));
    if (given !== undefined) return given;
    const schema = read(node);
    const source = schema.schema ?? {};
    const inner = givenValue(source);
    if (inner !== undefined) return inner;
    if (schema.default !== undefined) return schema.default;
    const [first] = allowedValues(source);
    if (first !== undefined) return first;
    if (depth >= DEPTH) return null;
    if (schema.variants) return valueOf(schema.variants[0], direction, depth + 1);
    if (schema.fields) return objectOf(schema, direction, depth);
    if (schema.values) return { key: valueOf(schema.values, direction, depth + 1) };
    if (schema.items !== undefined) return depth >= DEPTH - 2 ? [] : [valueOf(schema.items, direction, depth + 1)];
    return scalarOf(source, schema.types[0]);
  }

  function objectOf(schema: PlainSchema, direction: Direction, depth: number) {
    const fields = (schema.fields ?? []).filter(({ node }) => {
      const field = objectIn(resolve(node));
      return direction === "request" ? !field.readOnly : !field.writeOnly;
    });
    const kept = fields.filter((field) => isKept(field, direction, depth));
    // An empty request to change something shows nothing.
    const shown = kept.length === 0 && depth === 0 ? fields.slice(0, 1) : kept;
    return Object.fromEntries(shown.map(({ name, node }) => [name, valueOf(node, direction, depth + 1)]));
  }

  /**
   * A request names what it must, and what the document has a value for: made-up
   * ids and addresses would only be refused. A response shows everything, except
   * deep inside, where types that contain themselves have to end.
   */
  function isKept({ node, isRequired }: SchemaField, direction: Direction, depth: number): boolean {
    if (isRequired) return true;
    if (direction === "response") return depth < 2;
    return givenValue(resolve(node)) !== undefined || (read(node).default ?? null) !== null;
  }

  return valueOf;
}

/** A schema as an object: one that says nothing where it is a boolean or absent. */
export const objectIn = (node: SchemaNode): SchemaObject => (node && typeof node === "object" ? node : {});

function givenValue(schema: SchemaNode): unknown {
  if (!schema || typeof schema !== "object") return undefined;
  if (schema.example !== undefined) return schema.example;
  return Array.isArray(schema.examples) ? schema.examples[0] : undefined;
}

function scalarOf(schema: SchemaObject, type: string | undefined): unknown {
  if (type === "boolean") return true;
  if (type === "integer" || type === "number") return schema.minimum ?? schema.exclusiveMinimum ?? 0;
  if (type === "string") return BY_FORMAT[schema.format ?? ""] ?? "text";
  if (type === "object") return {};
  return null;
}

/** The named examples of a body: those of the document, else a made-up one. */
export function createMediaExamples(valueOf: (node: SchemaNode, direction: Direction) => unknown, resolve: Resolve) {
  return function mediaExamples(media: Media, direction: Direction): NamedExample[] {
    const named = Object.entries(media.examples ?? {}).map(([key, example]) => {
      const { summary, value } = resolve(example);
      return { name: summary ?? key, value };
    });
    if (named.length > 0) return named;
    if (media.example !== undefined) return [{ name: "Example", value: media.example }];
    if (media.schema === undefined) return [];
    return [{ name: "Example", value: valueOf(media.schema, direction) }];
  };
}
