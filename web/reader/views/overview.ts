import { h } from "../../shared/dom";
import { DOCUMENT_URL } from "../document/load";
import { accessBadge, schemeText } from "./access";
import { methodBadge, pathLabel } from "./method";
import { prose } from "./prose";
import type { Operation, Reference, Scheme } from "../document/types";

/** The view that is shown before an operation is chosen. */
export function overviewView({ document: { info = {}, components = {} }, groups, operations }: Reference): HTMLElement {
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

function schemesView(schemes: Omit<Scheme, "key">[]): HTMLElement | null {
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

function row(operation: Operation): HTMLElement {
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
