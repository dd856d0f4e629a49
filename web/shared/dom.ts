/** A child of an element; null and undefined are left out. */
export type Child = Node | string | null | undefined | false | Child[];

/** Attributes, handlers of events as `onclick`, and `className`. What is absent is not set. */
export type Properties = Record<string, string | number | boolean | null | undefined | ((event: never) => unknown)>;

/**
 * Makes an element. Strings become text nodes and nothing is ever parsed as
 * HTML, so text out of a document or a response cannot become markup.
 */
export function h<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, properties: Properties = {}, ...children: Child[]): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value as (event: Event) => unknown);
    else if (name === "value" && "value" in element) element.value = String(value);
    else element.setAttribute(name === "className" ? "class" : name, value === true ? "" : String(value));
  }
  append(element, children);
  return element;
}

/** Appends text and elements, skipping what is absent. */
export function append(parent: Node, children: Child): void {
  if (Array.isArray(children)) for (const child of children) append(parent, child);
  else if (typeof children === "string") {
    if (children) parent.appendChild(document.createTextNode(children));
  } else if (children) parent.appendChild(children);
}

/** The element of the page with this id, which its HTML has. */
export function element<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no element ${id}.`);
  return found as Kind;
}
