import { copyButton } from "../../shared/copy.js";
import { h } from "../../shared/dom.js";
import { codeBlock } from "../views/json.js";
import { createBody } from "./body.js";
import { createControl } from "./controls.js";
import { createCredentials } from "./credentials.js";
import { toCurl } from "./curl.js";
import { buildRequest } from "./request.js";
import { showFailure, showResponse } from "./result.js";
import { send } from "./send.js";

/** The form that sends an operation's request, its curl command and the answer. */
export function createTryView(reference) {
  function parameterControls(parameters) {
    return parameters
      .filter((parameter) => parameter.in !== "cookie")
      .map((parameter) => {
        const schema = reference.read(parameter.schema);
        const isRequired = parameter.required === true;
        const initial = parameter.example ?? schema.schema?.example ?? schema.schema?.examples?.[0];
        const control = createControl({ name: parameter.name, schema, isRequired, hint: parameter.in, initial: isRequired ? initial : undefined });
        return { parameter, ...control };
      });
  }

  return function tryView(operation) {
    const controls = parameterControls(operation.parameters);
    const body = operation.requestBody && createBody(operation.requestBody, reference);
    const { credentials, hasCookie } = createCredentials(operation.access.schemes);
    const keepsCookie = operation.responses.some(({ headers = {} }) => Object.keys(headers).some((name) => name.toLowerCase() === "set-cookie"));

    const request = () => buildRequest(operation, controls, credentials, body?.read());
    const command = () => toCurl(request(), { sendsCookie: hasCookie && credentials.every(({ value }) => value === ""), keepsCookie });

    const curl = codeBlock("", "curl command");
    const submit = h("button", { className: "button button-primary", type: "submit" }, "Send");
    const stop = h("button", { className: "button", type: "button", hidden: true }, "Stop");
    const result = h("div", { className: "result", "aria-live": "polite" });
    const refresh = () => {
      curl.firstChild.textContent = command();
    };

    async function run() {
      const abort = new AbortController();
      stop.onclick = () => abort.abort();
      stop.hidden = false;
      submit.disabled = true;
      const started = performance.now();
      try {
        const response = await send(request(), abort.signal);
        await showResponse(result, response, performance.now() - started);
      } catch (error) {
        if (error.name !== "AbortError" || result.childElementCount === 0) showFailure(result, error);
      } finally {
        stop.hidden = true;
        submit.disabled = false;
      }
    }

    const form = h(
      "form",
      {
        className: "try-form",
        oninput: refresh,
        onsubmit: (event) => {
          event.preventDefault();
          if (!body?.check || body.check()) {
            result.replaceChildren();
            run();
          }
        },
        onkeydown: (event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit(submit);
        },
      },
      controls.map(({ element }) => element),
      body?.element,
      credentials.length > 0 &&
        h("details", { className: "try-credentials", open: credentials.some(({ value }) => value !== "") }, h("summary", {}, "Token"), credentials.map(({ element }) => element)),
      h("div", { className: "try-buttons" }, submit, stop, hasCookie && h("span", { className: "quiet" }, "Your sign-in cookie is sent along.")),
    );
    refresh();

    return h(
      "section",
      { className: "try", "aria-labelledby": "try-title" },
      h("h2", { id: "try-title" }, "Try it"),
      form,
      result,
      h("div", { className: "code-bar" }, h("span", { className: "quiet" }, "curl"), copyButton("Copy as curl", command)),
      curl,
    );
  };
}
