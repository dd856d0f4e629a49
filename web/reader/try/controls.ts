import { h } from "../../shared/dom";
import { objectIn } from "../document/example";
import type { PlainSchema, SchemaObject } from "../document/types";

interface Setup {
  name: string;
  schema: PlainSchema;
  isRequired: boolean;
  /** The location of the value in the request. */
  hint: string;
  initial?: unknown;
}

export interface Control {
  name: string;
  element: HTMLElement;
  values: () => (string | File)[];
}

/**
 * One labelled input for a parameter or a form field. Its `values()` are the
 * texts to send: none when it is left empty, several for a list.
 */
export function createControl({ name, schema, isRequired, hint, initial }: Setup): Control {
  const id = `try-${hint}-${name}`.replaceAll(/[^\w-]/g, "_");
  const isList = schema.items !== undefined;
  const isFile = isBinary(objectIn(isList ? schema.items : schema.schema));
  const input = isFile
    ? h("input", { type: "file", multiple: isList })
    : inputFor(schema, isRequired, initial === undefined ? "" : [initial].flat().map(textOf).join(", "));
  input.id = id;
  if (isRequired) input.required = true;

  const element = h(
    "div",
    { className: "control" },
    h("label", { for: id }, h("code", {}, name), isRequired && h("span", { className: "required" }, "required"), h("span", { className: "quiet" }, isList && !isFile ? `${hint}, separated by commas` : hint)),
    input,
  );

  function values(): (string | File)[] {
    if (isFile) return [...((input as HTMLInputElement).files ?? [])];
    if (input.value === "") return [];
    return isList ? input.value.split(",").map((part) => part.trim()).filter(Boolean) : [input.value];
  }

  return { name, element, values };
}

/** A value as it is typed: a text as it is, anything else as JSON. */
const textOf = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

export function isBinary(schema: SchemaObject): boolean {
  return schema.format === "binary" || (schema.contentMediaType !== undefined && schema.contentEncoding === undefined);
}

function inputFor(schema: PlainSchema, isRequired: boolean, value: string): HTMLInputElement | HTMLSelectElement {
  const choices = schema.types.includes("boolean") ? [true, false] : schema.items === undefined ? (schema.schema?.enum ?? []) : [];
  if (choices.length > 0) {
    const options = choices.filter((choice) => choice !== null).map((choice) => h("option", { value: textOf(choice) }, textOf(choice)));
    const select = h("select", {}, !isRequired && h("option", { value: "" }, "not sent"), options);
    select.value = value === "" && isRequired ? textOf(choices[0]) : value;
    return select;
  }
  const isNumber = schema.types.includes("integer") || schema.types.includes("number");
  return h("input", {
    type: schema.schema?.format === "password" ? "password" : "text",
    inputmode: isNumber ? "decimal" : undefined,
    placeholder: schema.default === undefined || schema.default === null ? undefined : textOf(schema.default),
    autocomplete: "off",
    spellcheck: "false",
    value,
  });
}
