import { type Child, h } from "../../shared/dom";

const FENCE = /^```/;
const HEADING = /^(#{1,6})\s+(.*)$/;
const BULLET = /^\s*[-*]\s+(.*)$/;
const NUMBER = /^\s*\d+[.)]\s+(.*)$/;
const INLINE = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*|\[([^\]]+)\]\(([^)\s]+)\)/g;
const SAFE_LINK = /^(https?:\/\/|\/(?!\/)|#)/;

/**
 * The Markdown that API descriptions use, as elements; anything else stays text.
 * Its headings all have one level, that of the place where the text stands.
 */
export function prose(text: string | undefined, headingLevel: 2 | 3 = 3): HTMLElement | null {
  if (!text) return null;
  return h("div", { className: "prose" }, blocks(text.replaceAll("\r\n", "\n").split("\n"), `h${headingLevel}`));
}

function blocks(lines: string[], headingTag: "h2" | "h3"): HTMLElement[] {
  const result: HTMLElement[] = [];
  let at = 0;
  const take = (test: (line: string) => boolean) => {
    const taken: string[] = [];
    for (let line = lines[at]; line !== undefined && test(line); line = lines[++at]) taken.push(line);
    return taken;
  };
  for (let line = lines[at]; line !== undefined; line = lines[at]) {
    const heading = HEADING.exec(line);
    if (line.trim() === "") at++;
    else if (FENCE.test(line)) {
      at++;
      const code = take((next) => !FENCE.test(next));
      at++;
      result.push(h("pre", { className: "code" }, h("code", {}, code.join("\n"))));
    } else if (heading) {
      at++;
      result.push(h(headingTag, {}, inline(heading[2] ?? "")));
    } else if (BULLET.test(line)) result.push(h("ul", {}, listItems(take(inList(BULLET)), BULLET)));
    else if (NUMBER.test(line)) result.push(h("ol", {}, listItems(take(inList(NUMBER)), NUMBER)));
    else result.push(h("p", {}, inline(take(inParagraph).join(" "))));
  }
  return result;
}

/** An item goes on over the indented lines below it. */
function inList(marker: RegExp) {
  return (line: string) => marker.test(line) || /^\s+\S/.test(line);
}

function inParagraph(line: string): boolean {
  return line.trim() !== "" && ![FENCE, HEADING, BULLET, NUMBER].some((start) => start.test(line));
}

function listItems(lines: string[], marker: RegExp): HTMLElement[] {
  const items: string[] = [];
  for (const line of lines) {
    const match = marker.exec(line);
    if (match) items.push(match[1] ?? "");
    else items.push(`${items.pop() ?? ""} ${line.trim()}`);
  }
  return items.map((item) => h("li", {}, inline(item)));
}

export function inline(text: string): Child[] {
  const parts: Child[] = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    const [whole, code, strong, emphasis, label, target] = match;
    parts.push(text.slice(end, match.index));
    end = match.index + whole.length;
    if (code) parts.push(h("code", {}, code));
    else if (strong) parts.push(h("strong", {}, strong));
    else if (emphasis) parts.push(h("em", {}, emphasis));
    else if (target && SAFE_LINK.test(target)) parts.push(h("a", { href: target, rel: "noreferrer" }, label));
    else parts.push(label);
  }
  parts.push(text.slice(end));
  return parts;
}
