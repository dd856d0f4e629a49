import { h } from "../../shared/dom.js";
import { createControl, isBinary } from "./controls.js";

const JSON_TYPE = /[/+]json\b/;
const FORM_TYPE = /^(multipart\/form-data|application\/x-www-form-urlencoded)\b/;

/**
 * The part of the form for a request body. `read()` gives what is to be sent:
 * `{ type, text }`, `{ type, file }` or `{ type, entries }`.
 */
export function createBody({ content = {}, required: isRequired = false }, reference) {
  const [type, media] = preferred(content);
  if (!type) return null;
  if (FORM_TYPE.test(type)) return formBody(type, media, reference);
  if (!JSON_TYPE.test(type) && isBinary(reference.resolve(media.schema))) return fileBody(type, isRequired);
  return textBody(type, reference.mediaExamples(media, "request"), isRequired);
}

function preferred(content) {
  const all = Object.entries(content);
  return all.find(([type]) => JSON_TYPE.test(type)) ?? all[0] ?? [];
}

function formBody(type, media, { read, resolve }) {
  const { fields = [] } = read(media.schema);
  const controls = fields
    .filter(({ node }) => !resolve(node)?.readOnly)
    .map(({ name, node, isRequired }) => createControl({ name, schema: read(node), isRequired, hint: "form" }));
  return {
    element: h("div", { className: "controls" }, controls.map(({ element }) => element)),
    read: () => ({ type, entries: controls.flatMap(({ name, values }) => values().map((value) => [name, value])) }),
  };
}

function fileBody(type, isRequired) {
  const input = h("input", { type: "file", id: "try-body", required: isRequired });
  return {
    element: h("div", { className: "control" }, label(type, isRequired), input),
    read: () => (isRequired || input.files.length > 0 ? { type, file: input.files[0] } : null),
  };
}

function textBody(type, examples, isRequired) {
  const isJson = JSON_TYPE.test(type);
  const area = h("textarea", { id: "try-body", spellcheck: "false", autocapitalize: "off", "aria-describedby": "try-body-error" });
  const problem = h("p", { className: "problem", id: "try-body-error", role: "alert" });
  const fill = ({ value }) => {
    area.value = typeof value === "string" && !isJson ? value : JSON.stringify(value, null, 2);
    area.rows = Math.min(Math.max(area.value.split("\n").length, 3), 18);
    problem.textContent = "";
  };
  if (examples.length > 0) fill(examples[0]);

  const choice = h("select", { id: "try-example" }, examples.map(({ name }, index) => h("option", { value: String(index) }, name)));
  choice.addEventListener("change", () => {
    fill(examples[choice.value]);
    area.dispatchEvent(new Event("input", { bubbles: true }));
  });

  function check() {
    problem.textContent = "";
    area.removeAttribute("aria-invalid");
    if (!isJson || (area.value.trim() === "" && !isRequired)) return true;
    try {
      JSON.parse(area.value);
      return true;
    } catch (error) {
      problem.textContent = `This is not JSON: ${error.message}`;
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

function label(type, isRequired) {
  return h("label", { for: "try-body" }, "Body", isRequired && h("span", { className: "required" }, "required"), h("span", { className: "quiet" }, type));
}
