import { h } from "../../shared/dom";
import type { Access, Scheme } from "../document/types";

const WORDS = {
  none: "No sign-in needed",
  optional: "Sign-in optional",
  user: "Needs sign-in",
  admin: "Administrators only",
};

export function accessBadge({ level }: Pick<Access, "level">): HTMLElement {
  return h("span", { className: `access access-${level}` }, WORDS[level]);
}

/** The authentication methods, one sentence each. */
export function schemeText(scheme: Omit<Scheme, "key">): string {
  if (scheme.type === "apiKey") return `${scheme.in} ${scheme.name}`;
  if (scheme.type === "http" && scheme.scheme?.toLowerCase() === "bearer") return "header Authorization: Bearer …";
  if (scheme.type === "http") return `header Authorization: ${scheme.scheme} …`;
  return scheme.type;
}
