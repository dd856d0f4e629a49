import files from "plaza:examples";

const COMMENT = /^#\s?(.*)$/;

/** The leading comment lines of an operation say what it is for. */
function purpose(query: string): string {
  const lines: string[] = [];
  for (const line of query.split("\n")) {
    const match = COMMENT.exec(line);
    if (!match) break;
    lines.push(match[1] ?? "");
  }
  return lines.join(" ").trim();
}

function title(slug: string): string {
  const words = slug.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The example operations, in the order of their file names. */
export const EXAMPLES = files.map(({ slug, query, variables }) => ({
  slug,
  title: title(slug),
  purpose: purpose(query),
  kind: /^(mutation|subscription)\b/m.exec(query)?.[1] ?? "query",
  query: query.trim(),
  variables: variables ? JSON.stringify(variables, null, 2) : "",
}));

/** What a first visit opens. */
export const DEFAULT_TABS = EXAMPLES.slice(0, 1).map(({ query, variables }) => ({ query, variables }));
