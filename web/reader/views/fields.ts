import { h } from "../../shared/dom";
import { objectIn } from "../document/example";
import { referenceName } from "../document/reference";
import { createFactsView } from "./facts";
import { prose } from "./prose";
import type { Direction, PlainSchema, Reference, SchemaField, SchemaNode } from "../document/types";

/**
 * The fields of a schema as a nested list. A named schema inside itself is only
 * named, since it is already on the way down to it.
 */
export function createFieldsView({ read, resolve }: Reference) {
  const facts = createFactsView(read);

  function schemaView(node: SchemaNode, direction: Direction): HTMLElement {
    const schema = read(node);
    const children = childrenOf(schema, direction, 0, new Set(namesOf(node, schema)));
    return h(
      "div",
      { className: "schema" },
      h("p", { className: "schema-type" }, typeLabel(schema.label), facts(schema)),
      children,
    );
  }

  function childrenOf(schema: PlainSchema, direction: Direction, depth: number, above: Set<string>): HTMLElement | null {
    if (schema.variants) return variantsView(schema.variants, direction, depth, above);
    if (schema.items !== undefined) return inside(schema.items, direction, depth, above);
    const fields = (schema.fields ?? []).filter(({ node }) => isShown(node, direction));
    const rows = fields.map((field) => fieldView(field, direction, depth, above));
    if (schema.values) rows.push(fieldView({ name: "any name", node: schema.values, isPattern: true }, direction, depth, above));
    return rows.length > 0 ? h("ul", { className: "fields" }, rows) : null;
  }

  function isShown(node: SchemaNode, direction: Direction): boolean {
    const { readOnly, writeOnly } = objectIn(resolve(node));
    return direction === "request" ? !readOnly : !writeOnly;
  }

  function inside(node: SchemaNode, direction: Direction, depth: number, above: Set<string>): HTMLElement | null {
    const schema = read(node);
    const names = namesOf(node, schema);
    if (names.some((name) => above.has(name))) return null;
    return childrenOf(schema, direction, depth, new Set([...above, ...names]));
  }

  function variantsView(variants: SchemaNode[], direction: Direction, depth: number, above: Set<string>): HTMLElement {
    return h(
      "div",
      { className: "variants" },
      variants.map((variant, index) => {
        const schema = read(variant);
        return h(
          "details",
          { className: "variant", open: index === 0 && depth === 0 },
          h("summary", {}, `${index === 0 ? "Either" : "or"} `, typeLabel(schema.label)),
          prose(schema.description),
          inside(variant, direction, depth + 1, above),
        );
      }),
    );
  }

  function fieldView({ name, node, isRequired, isPattern }: SchemaField, direction: Direction, depth: number, above: Set<string>): HTMLElement {
    const schema = read(node);
    const isDeprecated = objectIn(resolve(node)).deprecated === true;
    const children = inside(node, direction, depth + 1, above);
    return h(
      "li",
      { className: "field" },
      h(
        "p",
        { className: "field-head" },
        isPattern ? h("em", { className: "field-name" }, name) : h("code", { className: `field-name${isDeprecated ? " is-deprecated" : ""}` }, name),
        typeLabel(schema.label),
        isRequired && h("span", { className: "required" }, "required"),
        isDeprecated && h("span", { className: "deprecated" }, "deprecated"),
      ),
      prose(schema.description),
      facts(schema),
      children && h("details", { className: "nested" }, h("summary", {}, nestedLabel(schema)), children),
    );
  }

  return schemaView;
}

/** A name of its own, or that of the only type in its union. */
function namesOf(node: SchemaNode, schema: PlainSchema): string[] {
  return [referenceName(node), schema.name].filter((name) => name !== undefined);
}

function nestedLabel(schema: PlainSchema): string {
  if (schema.variants) return "Variants";
  if (schema.values && !schema.fields) return "Each value";
  return schema.items !== undefined ? "Fields of each item" : "Fields";
}

export function typeLabel(label: string): HTMLElement {
  return h("span", { className: "type" }, label);
}
