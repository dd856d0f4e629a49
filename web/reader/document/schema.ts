import { referenceName } from "./reference";
import type { PlainSchema, Read, Resolve, SchemaField, SchemaNode, SchemaObject } from "./types";

const MAX_LISTED = 24;

/**
 * A schema made plain: references followed, `allOf` merged, `null` taken out of
 * unions. The result has at most one of `fields`, `items`, `values` and
 * `variants` to descend into.
 */
export function createSchemaReader(resolve: Resolve): Read {
  function read(node: SchemaNode): PlainSchema {
    if (node === true || node === undefined || node === null) return { types: [], label: "any" };
    if (node === false) return { types: [], label: "nothing" };
    const name = nameOf(node);
    const schema = flatten(node);
    const { choices, isNullable, ...rest } = split(schema);
    if (choices.length === 1) {
      const only = read(choices[0]);
      const merged = { ...only, description: schema.description ?? only.description, default: schema.default ?? only.default };
      return isNullable ? { ...merged, label: orNull(only.label) } : merged;
    }
    const result: PlainSchema = { label: "", schema, name, description: schema.description, default: schema.default, types: rest.types };
    if (choices.length > 1) {
      result.variants = choices;
      result.label = choices.map(labelOf).join(" or ");
    } else if (schema.properties || (result.types.includes("object") && schema.additionalProperties === undefined)) {
      result.fields = fieldsOf(schema);
      result.values = isSchema(schema.additionalProperties) ? schema.additionalProperties : undefined;
      result.label = name ?? "object";
    } else if (isSchema(schema.additionalProperties)) {
      result.values = schema.additionalProperties;
      result.label = `map of ${labelOf(schema.additionalProperties)}`;
    } else if (schema.items !== undefined || result.types.includes("array")) {
      result.items = schema.items ?? true;
      result.label = `array of ${labelOf(result.items)}`;
    } else {
      result.label = scalarLabel(schema, result.types);
    }
    if (isNullable) result.label = orNull(result.label);
    return result;
  }

  /** A name where there is one: a type may contain itself, and only through its name. */
  function labelOf(node: SchemaNode): string {
    return referenceName(node) ?? read(node).label;
  }

  /** Follows the reference and merges `allOf` into one schema. */
  function flatten(node: SchemaObject): SchemaObject {
    const { allOf, ...schema } = resolve(node);
    if (!allOf) return schema;
    const parts = allOf.map(flatten);
    const merged = Object.assign({}, ...parts, schema) as SchemaObject;
    if ([...parts, schema].some((part) => part.properties)) {
      merged.properties = Object.assign({}, ...parts.map((part) => part.properties), schema.properties) as Record<string, SchemaNode>;
    }
    merged.required = [...new Set([...parts, schema].flatMap((part) => part.required ?? []))];
    return merged;
  }

  function split(schema: SchemaObject) {
    const types = [schema.type ?? []].flat();
    const union = schema.oneOf ?? schema.anyOf ?? [];
    const choices = union.filter((choice) => resolve(choice).type !== "null");
    const isNullable = types.includes("null") || schema.nullable === true || choices.length < union.length;
    return { choices, isNullable, types: types.filter((type) => type !== "null") };
  }

  function fieldsOf(schema: SchemaObject): SchemaField[] {
    const required = new Set(schema.required ?? []);
    return Object.entries(schema.properties ?? {}).map(([name, node]) => ({ name, node, isRequired: required.has(name) }));
  }

  return read;
}

/** `allOf` around one reference is how a reference gets a description of its own. */
function nameOf(node: SchemaObject): string | undefined {
  return referenceName(node) ?? (node.allOf?.length === 1 ? referenceName(node.allOf[0]) : undefined);
}

function isSchema(node: SchemaNode): node is SchemaObject {
  return !!node && typeof node === "object" && Object.keys(node).length > 0;
}

function orNull(label: string): string {
  return label === "any" ? label : `${label} or null`;
}

function scalarLabel(schema: SchemaObject, types: string[]): string {
  const base = types.join(" or ") || (schema.enum || schema.const !== undefined ? "value" : "any");
  return schema.format ? `${base} (${schema.format})` : base;
}

/** Returns the constraints of a value as short phrases. */
export function limitsOf(schema: SchemaObject = {}): string[] {
  const limits: string[] = [];
  const say = (text: string) => limits.push(text);
  range(schema.minLength, schema.maxLength, "character", say);
  range(schema.minItems, schema.maxItems, "item", say);
  range(schema.minProperties, schema.maxProperties, "field", say);
  if (schema.minimum !== undefined && schema.maximum !== undefined) say(`${schema.minimum} to ${schema.maximum}`);
  else if (schema.minimum !== undefined) say(`at least ${schema.minimum}`);
  else if (schema.maximum !== undefined) say(`at most ${schema.maximum}`);
  if (schema.exclusiveMinimum !== undefined) say(`more than ${schema.exclusiveMinimum}`);
  if (schema.exclusiveMaximum !== undefined) say(`less than ${schema.exclusiveMaximum}`);
  if (schema.multipleOf !== undefined) say(`multiple of ${schema.multipleOf}`);
  if (schema.uniqueItems) say("no duplicates");
  if (schema.additionalProperties === false) say("no other fields");
  return limits;
}

function range(from: number | undefined, to: number | undefined, unit: string, say: (text: string) => unknown): void {
  const units = (count: number) => `${count} ${unit}${count === 1 ? "" : "s"}`;
  if (from && to !== undefined) say(from === to ? `exactly ${units(to)}` : `${from} to ${units(to)}`);
  else if (from) say(`at least ${units(from)}`);
  else if (to !== undefined) say(`at most ${units(to)}`);
}

/** The values a schema allows, where it lists them. */
export function allowedValues(schema: SchemaObject = {}): unknown[] {
  if (schema.const !== undefined) return [schema.const];
  return (schema.enum ?? []).filter((value) => value !== null).slice(0, MAX_LISTED);
}
