import { h } from "../../shared/dom";
import type { Scheme } from "../document/types";

// Kept in memory only, so that a secret is gone with the page.
const secrets = new Map<string, string>();

/** A credential that is typed; empty where the cookie is sent. */
export interface Credential {
  scheme: Scheme;
  readonly value: string;
  element: HTMLElement;
}

/** Inputs for the credentials an operation takes besides the cookie. */
export function createCredentials(schemes: Scheme[]): { credentials: Credential[]; hasCookie: boolean } {
  const credentials = schemes.filter(({ type, in: place }) => type === "http" || (type === "apiKey" && place !== "cookie")).map((scheme) => {
    const id = `try-secret-${scheme.key}`;
    const input: HTMLInputElement = h("input", {
      id,
      type: "password",
      autocomplete: "off",
      value: secrets.get(scheme.key) ?? "",
      oninput: (): unknown => secrets.set(scheme.key, input.value.trim()),
    });
    return {
      scheme,
      get value() {
        return secrets.get(scheme.key) ?? "";
      },
      element: h("div", { className: "control" }, h("label", { for: id }, labelOf(scheme), h("span", { className: "quiet" }, "instead of the cookie")), input),
    };
  });
  const hasCookie = schemes.some(({ type, in: place }) => type === "apiKey" && place === "cookie");
  return { credentials, hasCookie };
}

function labelOf({ type, scheme = "", name = "" }: Scheme): string {
  if (type !== "http") return name;
  return scheme.toLowerCase() === "bearer" ? "Token or API key" : `${scheme} credentials`;
}
