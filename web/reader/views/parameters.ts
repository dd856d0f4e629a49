import { h } from "../../shared/dom";
import { createFactsView } from "./facts";
import { typeLabel } from "./fields";
import { prose } from "./prose";
import type { Parameter, Reference } from "../document/types";

const PLACES = { path: "In the path", query: "In the query", header: "In headers", cookie: "In cookies" };

/** The parameters as a table, in sections by where they go. */
export function createParametersView({ read }: Reference) {
  const facts = createFactsView(read);

  function row(parameter: Parameter): HTMLElement {
    const schema = read(parameter.schema);
    return h(
      "tr",
      {},
      h(
        "th",
        { scope: "row" },
        h("code", { className: `field-name${parameter.deprecated ? " is-deprecated" : ""}` }, parameter.name),
        parameter.required && h("span", { className: "required" }, "required"),
        parameter.deprecated && h("span", { className: "deprecated" }, "deprecated"),
      ),
      h("td", {}, typeLabel(schema.label)),
      h("td", {}, prose(parameter.description ?? schema.description), facts(schema)),
    );
  }

  return function parametersView(parameters: Parameter[]): HTMLElement {
    const bodies = Object.entries(PLACES).map(([place, title]) => {
      const rows = parameters.filter((parameter) => parameter.in === place).map(row);
      return rows.length > 0 && h("tbody", {}, h("tr", { className: "place" }, h("th", { colspan: "3", scope: "rowgroup" }, title)), rows);
    });
    return h(
      "table",
      { className: "parameters" },
      h("thead", { className: "visually-hidden" }, h("tr", {}, ["Name", "Type", "Meaning"].map((title) => h("th", { scope: "col" }, title)))),
      bodies,
    );
  };
}
