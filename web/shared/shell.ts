/** One word of a POSIX shell command, quoted so that it stays one word. */
export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
