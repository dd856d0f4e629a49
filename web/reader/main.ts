import "../shared/tokens.css";
import "../shared/base.css";
import "../shared/hidden.css";
import "../ui/button.css";
import "../shared/masthead.css";
import "../shared/code.css";
import "./layout.css";
import "./prose.css";
import "./operation.css";
import "./fields.css";
import "./try.css";
import { element, h } from "../shared/dom";
import { loadReference } from "./document/load";
import type { Reference } from "./document/types";
import { createMenu } from "./menu";
import { createNav } from "./views/nav";
import { createOperationView } from "./views/operation";
import { overviewView } from "./views/overview";

const main = element("main");
createMenu(element("menu"), element("contents"));

// The fragment names the operation, so the skip link must not set it.
element("skip").addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});

function start(reference: Reference): void {
  const operationView = createOperationView(reference);
  const byId = new Map(reference.operations.map((operation) => [operation.id, operation]));
  const markCurrent = createNav({
    list: element("contents-list"),
    filter: element<HTMLInputElement>("filter"),
    count: element("filter-count"),
    groups: reference.groups,
  });

  function show({ moveFocus }: { moveFocus: boolean }): void {
    const id = fragment();
    const operation = byId.get(id);
    const missing = id && !operation && h("p", { className: "warning" }, `There is no operation named ${id}.`);
    main.replaceChildren(...[missing || [], operation ? operationView(operation) : overviewView(reference)].flat());
    const title = reference.document.info?.title ?? "API";
    document.title = `${operation ? operation.summary || operation.id : "API reference"} · ${title}`;
    markCurrent(operation?.id ?? "");
    scrollTo(0, 0);
    if (moveFocus) main.querySelector("h1")?.focus({ preventScroll: true });
  }

  addEventListener("hashchange", () => show({ moveFocus: true }));
  show({ moveFocus: false });
}

function fragment(): string {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return location.hash.slice(1);
  }
}

loadReference().then(start, (error: Error) => {
  main.replaceChildren(h("p", { className: "warning", role: "alert" }, `The reference could not be loaded. ${error.message}`));
});
