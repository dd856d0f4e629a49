import type { Root } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmStrikethroughFromMarkdown } from "mdast-util-gfm-strikethrough";
import { gfmTableFromMarkdown } from "mdast-util-gfm-table";
import { gfmStrikethrough } from "micromark-extension-gfm-strikethrough";
import { gfmTable } from "micromark-extension-gfm-table";

/**
 * What of Markdown has no meaning in a chat: HTML, code by indentation, underlined headings, definitions and what they
 * define. It stays text.
 */
const DISABLED = ["htmlFlow", "htmlText", "codeIndented", "setextUnderline", "definition"];

/** Maximum number of texts whose parsed form is cached. */
const MOST = 500;
const known = new Map<string, Root>();

/** Reads a text as Markdown. */
export function parse(text: string): Root {
  const kept = known.get(text);
  if (kept) return kept;
  const root = fromMarkdown(text, {
    extensions: [gfmTable(), gfmStrikethrough({ singleTilde: false }), { disable: { null: DISABLED } }],
    mdastExtensions: [gfmTableFromMarkdown(), gfmStrikethroughFromMarkdown()],
  });
  known.set(text, root);
  const oldest = known.keys().next();
  if (known.size > MOST && !oldest.done) known.delete(oldest.value);
  return root;
}
