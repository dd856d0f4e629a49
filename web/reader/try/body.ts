import { h } from "../../shared/dom";
import { createControl, isBinary } from "./controls";
import { objectIn } from "../document/example";
import type { Media, NamedExample, Reference, RequestBody } from "../document/types";
import type { SentBody } from "./request";

const JSON_TYPE = /[/+]json\b/;
const FORM_TYPE = /^(multipart\/form-data|application\/x-www-form-urlencoded)\b/;

/** The part of the form for a request body. */
export interface BodyForm {
  element: HTMLElement;
  /** Shows the field's error beside it; returns whether the form can be sent. */
  check?: () => boolean;
  read: () => SentBody | null;
}

/**
 * The part of the form for a request body. `read()` gives what is to be sent:
 * `{ type, text }`, `{ type, file }` or `{ type, entries }`.
 */
export function createBody({ content = {}, required: isRequired = false }: RequestBody, reference: Reference): BodyForm | null {
  const chosen = preferred(content);
  if (!chosen) return null;
  const [type, media] = chosen;
  if (FORM_TYPE.test(type)) return formBody(type, media, reference);
  if (!JSON_TYPE.test(type) && isBinary(objectIn(reference.resolve(media.schema)))) return fileBody(type, isRequired);
  return textBody(type, reference.mediaExamples(media, "request"), isRequired);
}

function preferred(content: Record<string, Media>): [string, Media] | undefined {
  const all = Object.entries(content);
  return all.find(([type]) => JSON_TYPE.test(type)) ?? all[0];
}

function formBody(type: string, media: Media, { read, resolve }: Reference): BodyForm {
  const { fields = [] } = read(media.schema);
  const controls = fields
    .filter(({ node }) => !objectIn(resolve(node)).readOnly)
    .map(({ name, node, isRequired }) => createControl({ name, schema: read(node), isRequired: isRequired === true, hint: "form" }));
  return {
    element: h("div", { className: "controls" }, controls.map(({ element }) => element)),
    read: () => ({ type, entries: controls.flatMap(({ name, values }) => values().map((value): [string, string | File] => [name, value])) }),
  };
}

function fileBody(type: string, isRequired: boolean): BodyForm {
  const input = h("input", { type: "file", id: "try-body", required: isRequired });
  return {
    element: h("div", { className: "control" }, label(type, isRequired), input),
    read: () => (isRequired || input.files?.length ? { type, file: input.files?.[0] } : null),
  };
}

function textBody(type: string, examples: NamedExample[], isRequired: boolean): BodyForm {
  const isJson = JSON_TYPE.test(type);
  const area = h("textarea", { id: "try-body", spellcheck: "false", autocapitalize: "off", "aria-describedby": "try-body-error" });
  const problem = h("p", { className: "problem", id: "try-body-error", role: "alert" });
  const fill = ({ value }: NamedExample) => {
    area.value = typeof value === "string" && !isJson ? value : JSON.stringify(value, null, 2);
    area.rows = Math.min(Math.max(area.value.split("\n").length, 3), 18);
    problem.textContent = "";
  };
  if (examples[0]) fill(examples[0]);

  const choice = h("select", { id: "try-example" }, examples.map(({ name }, index) => h("option", { value: String(index) }, name)));
  choice.addEventListener("change", () => {
    const example = examples[Number(choice.value)];
    if (example) fill(example);
    area.dispatchEvent(new Event("input", { bubbles: true }));
  });

  function check(): boolean {
    problem.textContent = "";
    area.removeAttribute("aria-invalid");
    if (!isJson || (area.value.trim() === "" && !isRequired)) return true;
    try {
      JSON.parse(area.value);
      return true;
    } catch (error) {
      problem.textContent = `This is not JSON: ${(error as Error).message}`;
      area.setAttribute("aria-invalid", "true");
      area.focus();
      return false;
    }
  }

  return {
    element: h(
      "div",
      { className: "control" },
      label(type, isRequired),
      examples.length > 1 && h("div", { className: "example-choice" }, h("label", { for: "try-example" }, "Example"), choice),
      area,
      problem,
    ),
    check,
    read: () => (area.value.trim() === "" ? null : { type, text: area.value }),
  };
}

function label(type: string, isRequired: boolean): HTMLElement {
  return h("label", { for: "try-body" }, "Body", isRequired && h("span", { className: "required" }, "required"), h("span", { className: "quiet" }, type));
}
