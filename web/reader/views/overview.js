import { h } from "../../shared/dom.js";
import { DOCUMENT_URL } from "../document/load.js";
import { accessBadge, schemeText } from "./access.js";
import { methodBadge, pathLabel } from "./method.js";
import { prose } from "./prose.js";

/** What one sees without having chosen an operation. */
export function overviewView({ document: { info = {}, components = {} }, groups, operations }) {
  return h(
    "div",
    { className: "overview" },
    h("h1", { tabindex: "-1" }, `${info.title ?? "API"} reference`),
    h(
      "p",
      { className: "overview-meta" },
      info.version && `Version ${info.version} · `,
      `${operations.length} operations · `,
      h("a", { href: DOCUMENT_URL }, "openapi.json"),
    ),
    prose(info.description, 2),
    schemesView(Object.values(components.securitySchemes ?? {})),
    groups.map((group, index) =>
      h(
        "section",
        { className: "overview-group", "aria-labelledby": `group-${index}` },
        h("h2", { id: `group-${index}` }, group.name),
        prose(group.description),
        h("ul", { className: "overview-list" }, group.operations.map(row)),
      ),
    ),
  );
}

function schemesView(schemes) {
  if (schemes.length === 0) return null;
  return h(
    "section",
    { className: "overview-group", "aria-labelledby": "group-access" },
    h("h2", { id: "group-access" }, "Signing in"),
    h(
      "dl",
      { className: "schemes" },
      schemes.map((scheme) => [h("dt", {}, h("code", {}, schemeText(scheme))), h("dd", {}, prose(scheme.description))]),
    ),
  );
}

function row(operation) {
  return h(
    "li",
    {},
    h(
      "a",
      { className: "overview-row", href: `#${encodeURIComponent(operation.id)}` },
      methodBadge(operation.method),
      h("span", { className: `overview-summary${operation.isDeprecated ? " is-deprecated" : ""}` }, operation.summary || operation.id),
      pathLabel(operation.path),
      operation.access.level === "admin" ? accessBadge(operation.access) : null,
    ),
  );
}
