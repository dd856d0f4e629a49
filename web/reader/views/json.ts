import { type Child, h } from "../../shared/dom";

// Beyond this, colouring costs more than it helps.
const COLOURED = 200_000;
const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** A value or a JSON text as a block of indented and coloured code. */
export function jsonBlock(value: unknown, label: string): HTMLElement {
  return codeBlock((JSON.stringify(value, null, 2)) ?? "", label, true);
}

/** A block of code that the keyboard can scroll. */
export function codeBlock(text: string, label: string, isJson = false): HTMLElement {
  const code = h("code", {}, isJson && text.length <= COLOURED ? coloured(text) : text);
  return h("pre", { className: "code", tabindex: "0", role: "region", "aria-label": label }, code);
}

function coloured(text: string): Child[] {
  const parts: Child[] = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    const [whole, string, colon, word] = match;
    parts.push(text.slice(end, match.index));
    end = match.index + whole.length;
    if (colon) parts.push(h("span", { className: "json-key" }, string), colon);
    else parts.push(h("span", { className: string ? "json-string" : word ? "json-word" : "json-number" }, whole));
  }
  parts.push(text.slice(end));
  return parts;
}
