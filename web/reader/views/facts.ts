import { type Child, h } from "../../shared/dom";
import { allowedValues, limitsOf } from "../document/schema";
import type { PlainSchema, Read, SchemaObject } from "../document/types";

/** Default, limits and allowed values of a schema, and of the items of a list. */
export function createFactsView(read: Read) {
  return function facts(schema: PlainSchema): HTMLElement | null {
    const items = [
      ...(schema.default === undefined ? [] : [["default ", code(schema.default)]]),
      ...phrases(schema.schema),
      ...(schema.items === undefined ? [] : phrases(read(schema.items).schema, "each ")),
    ];
    return items.length > 0 ? h("ul", { className: "facts" }, items.map((item) => h("li", {}, item))) : null;
  };
}

function phrases(source: SchemaObject = {}, prefix = ""): Child[] {
  const values = allowedValues(source);
  return [
    values.length === 1 && [prefix, "always ", code(values[0])],
    values.length > 1 && [prefix, "one of ", values.map((value, index) => [index > 0 && ", ", code(value)])],
    ...limitsOf(source).map((limit) => prefix + limit),
    source.pattern && [prefix, "matches ", h("code", {}, source.pattern)],
  ].filter(Boolean);
}

function code(value: unknown): HTMLElement {
  return h("code", {}, JSON.stringify(value));
}
