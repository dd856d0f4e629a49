/** A part of a text. */
export interface Part {
  text: string;
  isHit: boolean;
}

/** Without differences of case, form and marks, as the server compares words. */
const fold = (text: string) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** Cuts a text where one of the words is found in it, or begins there. */
export function splitHits(text: string, words: string): Part[] {
  const wanted = fold(words).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  if (wanted.length === 0) return [{ text, isHit: false }];
  // Folding may change lengths: each folded letter remembers the letter it is from.
  let folded = "";
  const origins: number[] = [];
  let at = 0;
  for (const letter of text) {
    const plain = fold(letter);
    folded += plain;
    for (let index = 0; index < plain.length; index++) origins.push(at);
    at += letter.length;
  }
  origins.push(text.length);
  const parts: Part[] = [];
  let end = 0;
  for (const [from, to] of spans(folded, wanted)) {
    const [start, stop] = [origins[from] ?? 0, endOf(text, origins[to] ?? text.length)];
    if (start < end) continue;
    if (start > end) parts.push({ text: text.slice(end, start), isHit: false });
    parts.push({ text: text.slice(start, stop), isHit: true });
    end = stop;
  }
  if (end < text.length) parts.push({ text: text.slice(end), isHit: false });
  return parts;
}

/** Marks that stand alone belong to the letter before them. */
function endOf(text: string, end: number): number {
  const marks = /^\p{M}+/u.exec(text.slice(end));
  return end + (marks?.[0].length ?? 0);
}

function spans(folded: string, wanted: string[]): [number, number][] {
  const found: [number, number][] = [];
  for (const word of wanted) {
    for (let at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + word.length)) {
      const before = [...folded.slice(0, at)].at(-1) ?? " ";
      // A word begins here; scripts without spaces have no such place.
      const begins = !/[\p{L}\p{N}]/u.test(before) || /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/u.test(word);
      if (begins) found.push([at, at + word.length]);
    }
  }
  return found.sort(([a], [b]) => a - b);
}

/** Letters before a hit from which on the beginning of a text is left out. */
const BEFORE = 60;

/** A text from shortly before the first hit on, so that two lines show the hit. */
export function excerpt(text: string, words: string): string {
  const parts = splitHits(text, words);
  const hit = parts.findIndex(({ isHit }) => isHit);
  const before = parts.slice(0, hit).reduce((length, part) => length + part.text.length, 0);
  if (hit < 0 || before <= BEFORE) return text;
  // It begins with a whole word, where there are spaces.
  const space = text.lastIndexOf(" ", before - BEFORE / 2);
  return `…${text.slice(Math.max(space + 1, before - BEFORE))}`;
}
