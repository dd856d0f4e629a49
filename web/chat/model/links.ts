const ADDRESS = /https?:\/\/[^\s<>"'`\u201c\u201d]+/gi;
/** Characters that end a sentence and no address, where they stand last. */
const TRAILING = /[.,;:!?*_~…。、，；：！？）】」』]$/u;
const CLOSING: Record<string, string> = { ")": "(", "]": "[", "}": "{" };

/** A part of a text. */
export interface Part {
  text: string;
  href?: string;
}

/** Cuts a text into `{ text, href }`; `href` is there where a part is an address to follow. */
export function splitLinks(text: string): Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const { 0: found, index } of text.matchAll(ADDRESS)) {
    const address = trimmed(found);
    if (!URL.canParse(address)) continue;
    if (index > end) parts.push({ text: text.slice(end, index) });
    parts.push({ text: address, href: address });
    end = index + address.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end) });
  return parts;
}

/** An address without the punctuation behind it; a closing bracket stays where it is opened in the address. */
function trimmed(address: string): string {
  for (;;) {
    const last = address.at(-1) ?? "";
    const opening = CLOSING[last];
    const isLoose = opening ? count(address, last) > count(address, opening) : TRAILING.test(address);
    if (!isLoose) return address;
    address = address.slice(0, -1);
  }
}

const count = (text: string, letter: string) => text.split(letter).length - 1;
