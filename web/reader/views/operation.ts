import { type Child, h } from "../../shared/dom";
import { createTryView } from "../try/panel";
import { accessBadge, schemeText } from "./access";
import { createFieldsView } from "./fields";
import { methodBadge, pathLabel } from "./method";
import { createParametersView } from "./parameters";
import { prose } from "./prose";
import { createResponsesView } from "./responses";
import { createGraphqlView } from "./graphql";
import type { Access, Operation, Reference, RequestBody } from "../document/types";

/** One operation: what it is on the left, the form to try it on the right. */
export function createOperationView(reference: Reference) {
  const schemaView = createFieldsView(reference);
  const parametersView = createParametersView(reference);
  const responsesView = createResponsesView(reference, schemaView);
  const tryView = createTryView(reference);

  function section(title: string, ...children: Child[]): HTMLElement {
    const id = `section-${title.toLowerCase().replaceAll(" ", "-")}`;
    return h("section", { className: "operation-section", "aria-labelledby": id }, h("h2", { id }, title), children);
  }

  function bodyView({ description, required, content = {} }: RequestBody): HTMLElement {
    return section(
      "Request body",
      prose(description),
      Object.entries(content).map(([type, media]) => [
        h("p", { className: "media-type" }, h("code", {}, type), h("span", { className: required ? "required" : "quiet" }, required ? "required" : "optional")),
        schemaView(media.schema, "request"),
      ]),
    );
  }

  function accessView({ level, schemes }: Access): HTMLElement {
    return h(
      "p",
      { className: "operation-access" },
      accessBadge({ level }),
      schemes.length > 0 && h("span", { className: "quiet" }, schemes.map((scheme, index) => [index > 0 && " or ", h("code", {}, schemeText(scheme))])),
    );
  }

  return function operationView(operation: Operation): HTMLElement {
    const graphql = operation.graphql && createGraphqlView(operation.graphql);
    const form = tryView(operation, graphql?.show);
    return h(
      "article",
      { className: "operation" },
      h(
        "header",
        { className: "operation-head" },
        h("h1", { tabindex: "-1" }, operation.summary || operation.id),
        h("p", { className: "operation-line" }, methodBadge(operation.method), pathLabel(operation.path)),
        accessView(operation.access),
        operation.isDeprecated && h("p", { className: "warning" }, "Deprecated: do not use this in new work."),
        prose(operation.description, 2),
        h("button", { type: "button", className: "button button-small to-form", onclick: () => form.scrollIntoView({ behavior: "smooth" }) }, "Try it"),
      ),
      h(
        "div",
        { className: "operation-text" },
        operation.parameters.length > 0 && section("Parameters", parametersView(operation.parameters)),
        operation.requestBody && bodyView(operation.requestBody),
        graphql?.element,
        section("Responses", responsesView(operation.responses)),
      ),
      form,
    );
  };
}
