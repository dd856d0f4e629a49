/** A text in one line, without the signs of its markup: for previews, quotes and screen readers. */
export function plainText(text: string): string {
  return text
    .slice(0, 400)
    .replace(/```\w*/g, " ")
    .replace(/^[ \t]*(?:#{1,6}|>|[-*+])[ \t]+/gm, "")
    .replace(/(\*\*|__|~~|`)(?=\S)(.+?)\1/g, "$2")
    .replace(/\[([^\]]+)\]\([^)\s]+\)/g, "$1")
    .replace(/\s+/g, " ")
    .trim();
}
