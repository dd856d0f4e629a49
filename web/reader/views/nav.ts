import { h } from "../../shared/dom";
import { methodBadge } from "./method";
import type { Group, Operation } from "../document/types";

interface Setup {
  list: HTMLElement;
  filter: HTMLInputElement;
  count: HTMLElement;
  groups: Group[];
}

interface Entry {
  item: HTMLElement;
  link: HTMLAnchorElement;
  text: string;
}

/** The list of operations by tag, and the box that narrows it. */
export function createNav({ list, filter, count, groups }: Setup): (id: string) => void {
  const entries: Entry[] = [];
  list.replaceChildren(
    h("a", { className: "nav-overview", href: "#", "data-id": "" }, "Overview"),
    ...groups.map((group) => {
      const items = group.operations.map((operation) => {
        const link = h(
          "a",
          { className: "nav-link", href: `#${encodeURIComponent(operation.id)}`, "data-id": operation.id, title: operation.path },
          methodBadge(operation.method, true),
          h("span", { className: `nav-text${operation.isDeprecated ? " is-deprecated" : ""}` }, operation.summary || operation.path),
        );
        const item = h("li", {}, link);
        entries.push({ item, link, text: searchText(operation) });
        return item;
      });
      return h("section", { className: "nav-group" }, h("h2", {}, group.name), h("ul", {}, items));
    }),
  );

  function narrow() {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { item, text } of entries) {
      item.hidden = !words.every((word) => text.includes(word));
      if (!item.hidden) shown++;
    }
    for (const section of list.querySelectorAll<HTMLElement>(".nav-group")) section.hidden = !section.querySelector("li:not([hidden])");
    count.textContent = words.length === 0 ? "" : shown === 1 ? "1 operation" : `${shown || "No"} operations`;
  }

  filter.addEventListener("input", narrow);
  filter.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      filter.value = "";
      narrow();
    } else if (event.key === "Enter" || event.key === "ArrowDown") {
      const first = visibleLinks(entries)[0];
      if (!first) return;
      event.preventDefault();
      if (event.key === "Enter") first.click();
      else first.focus();
    }
  });
  list.addEventListener("keydown", (event) => {
    const step = ({ ArrowDown: 1, ArrowUp: -1 } as Record<string, number>)[event.key];
    if (!step) return;
    const links = visibleLinks(entries);
    const next = links.indexOf(document.activeElement as HTMLAnchorElement) + step;
    event.preventDefault();
    (links[next] ?? filter).focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    event.preventDefault();
    filter.focus();
    filter.select();
  });

  return function markCurrent(id) {
    for (const link of list.querySelectorAll("a")) {
      if (link.dataset.id === id) {
        link.setAttribute("aria-current", "page");
        link.scrollIntoView({ block: "nearest" });
      } else link.removeAttribute("aria-current");
    }
  };
}

function visibleLinks(entries: Entry[]): HTMLAnchorElement[] {
  return entries.filter(({ item }) => !item.hidden).map(({ link }) => link);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches("input, textarea, select, [contenteditable]");
}

function searchText({ method, path, summary, id, tag }: Operation): string {
  return `${method} ${path} ${summary} ${id} ${tag}`.toLowerCase();
}
