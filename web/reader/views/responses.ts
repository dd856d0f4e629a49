import { type Child, h } from "../../shared/dom";
import { typeLabel } from "./fields";
import { jsonBlock, codeBlock } from "./json";
import { inline, prose } from "./prose";
import type { Direction, Reference, Reply, SchemaNode } from "../document/types";

/** The responses, each under its status; the first success is open. */
export function createResponsesView({ read, resolve, mediaExamples }: Reference, schemaView: (node: SchemaNode, direction: Direction) => HTMLElement) {
  function responseView(response: Reply, isOpen: boolean): HTMLElement {
    return h(
      "details",
      { className: "response", open: isOpen },
      h(
        "summary",
        {},
        statusBadge(response.status),
        h("span", { className: "response-text" }, inline(response.description ?? "")),
        response.codes.length > 0 && h("span", { className: "codes" }, response.codes.map((code) => h("code", {}, code))),
      ),
      h("div", { className: "response-body" }, headersView(response.headers), bodyView(response)),
    );
  }

  function bodyView({ content = {} }: Reply): Child {
    const media = Object.entries(content);
    if (media.length === 0) return h("p", { className: "quiet" }, "No body.");
    return media.map(([type, body]) => [
      h("p", { className: "media-type" }, h("code", {}, type)),
      body.schema !== undefined && schemaView(body.schema, "response"),
      (isText(type) || body.example !== undefined) &&
        mediaExamples(body, "response").map(({ name, value }) =>
          h(
            "figure",
            { className: "example" },
            h("figcaption", {}, name),
            typeof value === "string" ? codeBlock(value, name) : jsonBlock(value, name),
          ),
        ),
    ]);
  }

  function headersView(headers: Reply["headers"]): HTMLElement | null {
    if (!headers) return null;
    return h(
      "dl",
      { className: "headers" },
      Object.entries(headers).map(([name, node]) => {
        const header = resolve(node);
        return [
          h("dt", {}, h("code", {}, name), typeLabel(read(header.schema).label)),
          h("dd", {}, prose(header.description)),
        ];
      }),
    );
  }

  return function responsesView(responses: Reply[]): HTMLElement[] {
    const success = responses.find(({ status }) => /^[23]/.test(status)) ?? responses[0];
    return responses.map((response) => responseView(response, response === success));
  };
}

/** Whether an example can be made up; one of a stream can only be given. */
function isText(type: string): boolean {
  return /json|text|xml/.test(type) && type !== "text/event-stream";
}

export function statusBadge(status: string | number): HTMLElement {
  return h("span", { className: `status status-${String(status).charAt(0)}` }, String(status));
}
