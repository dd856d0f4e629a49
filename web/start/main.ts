import "../shared/tokens.css";
import "../shared/base.css";
import "../shared/hidden.css";
import "../ui/button.css";
import "../shared/masthead.css";
import "../shared/code.css";
import "./start.css";
import { copyButton } from "../shared/copy";
import { element, h } from "../shared/dom";
import { shellQuote } from "../shared/shell";
import { counted, fill, loadTexts } from "./texts";
import { countOperations, firstOperation, type OpenApi } from "./first-operation";

const DOCUMENT = "/api/openapi.json";
const QUERY = "{ spaces(first: 5) { nodes { name } } }";

const texts = await loadTexts();
const url = (path: string) => shellQuote(location.origin + path);

function showCommand(name: string, command: string): void {
  element(`${name}-command`).textContent = command;
  element(`${name}-copy`).replaceChildren(...copyButton(texts, () => command));
}

function showDocument(openapi: OpenApi): void {
  element("version").textContent = openapi.info?.version ?? "";
  element("document-size").textContent = ` · ${counted(texts.operations, countOperations(openapi))}`;
  const first = firstOperation(openapi);
  if (!first) return;
  showCommand("rest", `curl ${url(first.path)}`);
  if (!first.id) return;
  const link = h("a", { href: `/api/docs#${encodeURIComponent(first.id)}` }, first.summary ?? first.id);
  fill(element("rest-note"), texts.restFound, link);
}

showCommand("graphql", `curl ${url("/graphql")} \\\n  -H 'Content-Type: application/json' \\\n  -d ${shellQuote(JSON.stringify({ query: QUERY }))}`);
showCommand("rest", `curl ${url(DOCUMENT)}`);

// Without the document the page still says all it needs to.
fetch(DOCUMENT).then(async (response) => showDocument((await response.json()) as OpenApi)).catch(() => {});
