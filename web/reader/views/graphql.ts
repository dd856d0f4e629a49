import { copyButton, english } from "../../shared/copy";
import { h } from "../../shared/dom";
import { playgroundLink } from "../../shared/playground-link";
import type { GraphqlOperation } from "../document/types";
import { codeBlock } from "./json";

/** The operation of GraphQL that a path runs, with the variables that the form beside it fills. */
export interface GraphqlView {
  element: HTMLElement;
  /** Shows other variables. */
  show: (variables: Record<string, unknown>) => void;
}

export function createGraphqlView({ document, stream }: GraphqlOperation): GraphqlView {
  const link = h("a", { className: "button button-small", href: "/playground" }, "Open in the playground");
  const place = h("div", {});
  const followed = stream && [
    h("p", {}, "Then this subscription, whose events are the answer:"),
    codeBlock(stream.trim(), "GraphQL subscription"),
  ];
  const element = h(
    "section",
    { className: "operation-section graphql", "aria-labelledby": "section-graphql" },
    h("h2", { id: "section-graphql" }, "The same in GraphQL"),
    h("p", {}, "This path is a GraphQL document. The server runs it and writes its result as the answer."),
    h("div", { className: "code-bar" }, h("span", { className: "quiet" }, "Document"), copyButton(english("Copy the document"), () => document.trim())),
    codeBlock(document.trim(), "GraphQL document"),
    place,
    followed,
    h("p", { className: "graphql-link" }, link),
  );
  return {
    element,
    show(variables) {
      link.href = playgroundLink(document, variables);
      const text = JSON.stringify(variables, null, 2);
      const isEmpty = Object.keys(variables).length === 0;
      place.replaceChildren(...(isEmpty ? [] : [h("p", { className: "quiet graphql-label" }, "Variables"), codeBlock(text, "Variables", true)]));
    },
  };
}
