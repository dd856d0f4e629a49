import { h } from "../../shared/dom";

const SHORT: Record<string, string> = { delete: "DEL", options: "OPT" };

export function methodBadge(method: string, isShort = false): HTMLElement {
  const word = method.toUpperCase();
  return h("span", { className: `method method-${method}`, title: isShort ? word : undefined }, (isShort && SHORT[method]) || word);
}

/** A path with its variable parts set off, free to wrap after each slash. */
export function pathLabel(path: string): HTMLElement {
  const parts = path.split(/(\{[^}]+\}|\/)/).filter(Boolean);
  return h(
    "code",
    { className: "path" },
    parts.map((part) => {
      if (part === "/") return ["/", h("wbr")];
      return part.startsWith("{") ? h("span", { className: "path-variable" }, part) : part;
    }),
  );
}
