import { objectIn } from "./example";
import type { Reference, SchemaNode, GraphqlOperation, VariableSource } from "./types";

/** The values of a request: those of parameters by place and name, and the members of its body. */
export interface RequestValues {
  texts: (place: string, name: string) => string[];
  body: Record<string, unknown>;
  /** The schema of a member of the body. */
  memberOf: (name: string) => SchemaNode;
}

/** Types whose values GraphQL and REST write alike. */
const ALIKE = new Set(["String", "ID", "Int", "Float", "Boolean", "JSON", "DateTime", "Url", "Coins"]);
const NUMBERS = new Set(["Int", "Float", "Coins"]);

/** The variables of the operation that a path runs, as a request with these values fills them. */
export function variablesOf({ variables }: GraphqlOperation, values: RequestValues, reference: Reference): Record<string, unknown> {
  return members(variables, values, reference);
}

function members(sources: Record<string, VariableSource>, values: RequestValues, reference: Reference): Record<string, unknown> {
  const found = Object.entries(sources).map(([name, source]) => [name, valueOf(source, values, reference)] as const);
  return Object.fromEntries(found.filter(([, value]) => value !== undefined));
}

function valueOf(source: VariableSource, values: RequestValues, reference: Reference): unknown {
  if (source.members) return members(source.members, values, reference);
  const { type, in: place = "body", names = [] } = source;
  const base = type.replaceAll(/[[\]!]/g, "");
  // A file is chosen where it is sent.
  if (base === "Upload") return null;
  if (place !== "body") {
    const texts = names.flatMap((name) => values.texts(place, name));
    if (texts.length > 0) return type.startsWith("[") ? texts.map((text) => scalar(text, base)) : scalar(texts[0] ?? "", base);
    return type.endsWith("!") ? "" : undefined;
  }
  const name = names.find((name) => values.body[name] !== undefined);
  if (name === undefined) return type.endsWith("!") ? "" : undefined;
  const node = values.memberOf(name);
  // The address keeps no secret.
  if (objectIn(reference.resolve(node)).format === "password") return "";
  return ALIKE.has(base) ? values.body[name] : asGraphQL(values.body[name], node, reference);
}

function scalar(text: string, type: string): unknown {
  if (NUMBERS.has(type)) return Number(text);
  if (type === "Boolean") return text === "true";
  return ALIKE.has(type) ? text : text.toUpperCase();
}

/** A value with the values of enums as GraphQL writes them. */
function asGraphQL(value: unknown, node: SchemaNode, reference: Reference): unknown {
  const plain = reference.read(node);
  if (Array.isArray(value)) return value.map((item) => asGraphQL(item, plain.items, reference));
  if (value && typeof value === "object") {
    const nodes = new Map((plain.fields ?? []).map((field) => [field.name, field.node]));
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, asGraphQL(item, nodes.get(name), reference)]));
  }
  return typeof value === "string" && plain.schema?.enum ? value.toUpperCase() : value;
}
