import "../shared/tokens.css";
import "../shared/base.css";
import "../shared/hidden.css";
import "../shared/button.css";
import "../shared/masthead.css";
import "../shared/code.css";
import "./start.css";
import { copyButton } from "../shared/copy.js";
import { h } from "../shared/dom.js";
import { shellQuote } from "../shared/shell.js";
import { countOperations, firstOperation } from "./first-operation.js";

const DOCUMENT = "/api/openapi.json";
const QUERY = "{ spaces(first: 5) { nodes { name } } }";

const element = (id) => document.getElementById(id);
const url = (path) => shellQuote(location.origin + path);

function showCommand(name, command) {
  element(`${name}-command`).textContent = command;
  element(`${name}-copy`).replaceChildren(...copyButton("Copy", () => command));
}

function showDocument(openapi) {
  element("version").textContent = openapi.info?.version ?? "";
  element("document-size").textContent = `, ${countOperations(openapi)} operations`;
  const first = firstOperation(openapi);
  if (!first) return;
  showCommand("rest", `curl ${url(first.path)}`);
  if (!first.id) return;
  const link = h("a", { href: `/api/docs#${encodeURIComponent(first.id)}` }, first.summary ?? first.id);
  element("rest-note").replaceChildren("This is “", link, "” in the API reference.");
}

showCommand("graphql", `curl ${url("/graphql")} \\\n  -H 'Content-Type: application/json' \\\n  -d ${shellQuote(JSON.stringify({ query: QUERY }))}`);
showCommand("rest", `curl ${url(DOCUMENT)}`);

// Without the document the page still says all it needs to.
fetch(DOCUMENT).then((response) => response.json()).then(showDocument, () => {});
