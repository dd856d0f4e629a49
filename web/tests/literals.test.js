import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import ts from "typescript";
import { test } from "vitest";

/** Attributes whose text a person reads or hears. */
const READ = new Set(["alt", "aria-label", "aria-description", "label", "placeholder", "title"]);
/** What is written alike in all languages. */
const NAMES = new Set(["Plaza", "https://"]);

/** The texts of a component that are written in the source, instead of in `i18n/`. */
function literals(text) {
  const found = [];
  const note = (words) => {
    const trimmed = words.trim();
    if (/\p{L}{2}/u.test(trimmed) && !NAMES.has(trimmed)) found.push(trimmed);
  };
  const visit = (node) => {
    if (ts.isJsxText(node)) note(node.text);
    if (ts.isJsxExpression(node) && node.expression && ts.isStringLiteralLike(node.expression) && !ts.isJsxAttribute(node.parent)) note(node.expression.text);
    if (ts.isJsxAttribute(node) && READ.has(node.name.getText()) && node.initializer && ts.isStringLiteral(node.initializer)) note(node.initializer.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("x.tsx", text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX));
  return found;
}

test("the screens of the chat have their texts from the catalogue", async () => {
  const found = [];
  for (const folder of ["chat", "ui"]) {
    for (const entry of await readdir(folder, { recursive: true })) {
      if (!entry.endsWith(".tsx")) continue;
      for (const words of literals(await readFile(`${folder}/${entry}`, "utf8"))) found.push(`${folder}/${entry}: ${words}`);
    }
  }
  assert.deepEqual(found, []);
});

test("a text in the source is found", () => {
  assert.deepEqual(literals('<p title="Go there">Hello {name}, {"more"} {t("key")} <b>Plaza</b> · 5</p>'), ["Go there", "Hello", "more"]);
});
