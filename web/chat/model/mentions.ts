const SIGN = /[@＠﹫]/gu;
/** Letters of scripts that put no space between words: a mention may follow them at once. */
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;
const WORD = /[\p{L}\p{N}/=&#%+$@]/u;
/** Characters by which a folded text may be longer or shorter than the text. */
const SLACK = 8;

/** A part of a text. */
export interface Part {
  text: string;
  isMention: boolean;
}

/**
 * Cuts a text into `{ text, isMention }`. `name` is that of the agent which the server says that the message called, or null:
 * which texts call an agent is the server's rule alone, so only where the call is has to be found here.
 */
export function splitMention(text: string, name: string | null): Part[] {
  const span = name ? find(text, fold(name)) : null;
  if (!span) return [{ text, isMention: false }];
  const [start, end] = span;
  return [
    { text: text.slice(0, start), isMention: false },
    { text: text.slice(start, end), isMention: true },
    { text: text.slice(end), isMention: false },
  ].filter((part) => part.text);
}

function find(text: string, name: string): [number, number] | null {
  for (const { index } of text.matchAll(SIGN)) {
    const head = text.slice(0, index);
    const before = [...head.slice(-2)].at(-1) ?? "";
    const isWord = WORD.test(before) && !UNSPACED.test(before);
    const isCode = (head.slice(head.lastIndexOf("\n") + 1).split("`").length - 1) % 2 === 1;
    if (isWord || isCode) continue;
    const end = endOf(text, index + 1, name);
    if (end) return [index, end];
  }
  return null;
}

/** Returns the end of the name that begins here, or null if other text begins here. */
function endOf(text: string, start: number, name: string): number | null {
  const longest = Math.min(text.length, start + name.length + SLACK);
  for (let end = longest; end > start; end--) {
    if (fold(text.slice(start, end)) === name) return end;
  }
  return null;
}

/** Without differences of case and form. */
const fold = (text: string) => text.normalize("NFKC").toUpperCase().toLowerCase().normalize("NFKC");
