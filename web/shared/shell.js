/** One word of a POSIX shell command, quoted so that it stays one word. */
export function shellQuote(text) {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
