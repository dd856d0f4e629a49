import "../shared/tokens.css";
import "../shared/base.css";
import "../shared/hidden.css";
import "../shared/button.css";
import "../shared/masthead.css";
import "../shared/code.css";
import "./layout.css";
import "./prose.css";
import "./operation.css";
import "./fields.css";
import "./try.css";
import { h } from "../shared/dom.js";
import { loadReference } from "./document/load.js";
import { createMenu } from "./menu.js";
import { createNav } from "./views/nav.js";
import { createOperationView } from "./views/operation.js";
import { overviewView } from "./views/overview.js";

const main = document.getElementById("main");
createMenu(document.querySelector(".menu-button"), document.getElementById("contents"));

// The fragment names the operation, so the skip link must not set it.
document.querySelector("[data-skip]").addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});

function start(reference) {
  const operationView = createOperationView(reference);
  const byId = new Map(reference.operations.map((operation) => [operation.id, operation]));
  const markCurrent = createNav({
    list: document.getElementById("contents-list"),
    filter: document.getElementById("filter"),
    count: document.getElementById("filter-count"),
    groups: reference.groups,
  });

  function show({ moveFocus }) {
    const id = fragment();
    const operation = byId.get(id);
    const missing = id && !operation && h("p", { className: "warning" }, `There is no operation named ${id}.`);
    main.replaceChildren(...[missing, operation ? operationView(operation) : overviewView(reference)].filter(Boolean));
    const title = reference.document.info?.title ?? "API";
    document.title = `${operation ? operation.summary || operation.id : "API reference"} · ${title}`;
    markCurrent(operation?.id ?? "");
    scrollTo(0, 0);
    if (moveFocus) main.querySelector("h1").focus({ preventScroll: true });
  }

  addEventListener("hashchange", () => show({ moveFocus: true }));
  show({ moveFocus: false });
}

function fragment() {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return location.hash.slice(1);
  }
}

loadReference().then(start, (error) => {
  main.replaceChildren(h("p", { className: "warning", role: "alert" }, `The reference could not be loaded. ${error.message}`));
});
