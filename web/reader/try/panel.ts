import { copyButton, english } from "../../shared/copy";
import { h } from "../../shared/dom";
import { codeBlock } from "../views/json";
import { createBody } from "./body";
import { createControl } from "./controls";
import { createCredentials } from "./credentials";
import { toCurl } from "./curl";
import { buildRequest, membersOf } from "./request";
import { type RequestValues, variablesOf } from "../document/graphql";
import { showFailure, showResponse } from "./result";
import { send } from "./send";
import type { Operation, Parameter, Reference } from "../document/types";

/** The form that sends an operation's request, its curl command and the answer. */
export function createTryView(reference: Reference) {
  function parameterControls(parameters: Parameter[]) {
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

  return function tryView(operation: Operation, onVariables?: (variables: Record<string, unknown>) => void): HTMLElement {
    const controls = parameterControls(operation.parameters);
    const body = operation.requestBody ? createBody(operation.requestBody, reference) : null;
    const [media] = Object.values(operation.requestBody?.content ?? {});
    const fields = reference.read(media?.schema).fields ?? [];
    const { credentials, hasCookie } = createCredentials(operation.access.schemes);
    const keepsCookie = operation.responses.some(({ headers = {} }) => Object.keys(headers).some((name) => name.toLowerCase() === "set-cookie"));

    const request = () => buildRequest(operation, controls, credentials, body?.read() ?? null);
    const command = () => toCurl(request(), { sendsCookie: hasCookie && credentials.every(({ value }) => value === ""), keepsCookie });

    const curl = codeBlock("", "curl command");
    const curlCode = curl.firstChild as HTMLElement;
    const submit = h("button", { className: "button button-primary", type: "submit" }, "Send");
    const stop = h("button", { className: "button", type: "button", hidden: true }, "Stop");
    const result = h("div", { className: "result", "aria-live": "polite" });
    const values: RequestValues = {
      texts: (place, name) => controls.filter(({ parameter }) => parameter.in === place && parameter.name === name).flatMap((control) => control.values().map(String)),
      get body() {
        return membersOf(body?.read() ?? null);
      },
      memberOf: (name) => fields.find((field) => field.name === name)?.node,
    };
    const refresh = () => {
      curlCode.textContent = command();
      if (operation.graphql) onVariables?.(variablesOf(operation.graphql, values, reference));
    };

    async function run(): Promise<void> {
      const abort = new AbortController();
      stop.onclick = () => abort.abort();
      stop.hidden = false;
      submit.disabled = true;
      const started = performance.now();
      try {
        const response = await send(request(), abort.signal);
        await showResponse(result, response, performance.now() - started);
      } catch (error) {
        const failure = error as Error;
        if (failure.name !== "AbortError" || result.childElementCount === 0) showFailure(result, failure);
      } finally {
        stop.hidden = true;
        submit.disabled = false;
      }
    }

    const form: HTMLFormElement = h(
      "form",
      {
        className: "try-form",
        oninput: refresh,
        onsubmit: (event: Event) => {
          event.preventDefault();
          if (!body?.check || body.check()) {
            result.replaceChildren();
            void run();
          }
        },
        onkeydown: (event: KeyboardEvent) => {
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
      h("div", { className: "code-bar" }, h("span", { className: "quiet" }, "curl"), copyButton(english("Copy as curl"), command)),
      curl,
    );
  };
}
