import assert from "node:assert/strict";
import { test } from "vitest";
import { LANGUAGES, take, written } from "../i18n";
import en from "../i18n/en";
import rest from "../i18n/en/rest";
import start from "../i18n/en/start";

const places = (text) => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))].sort().join();
const forms = (text) => (typeof text === "string" ? { other: text } : text);

test("each language has the texts of English, with the same places for values", async () => {
  for (const language of Object.keys(LANGUAGES)) {
    const { default: first } = await import(`../i18n/${language}/index.ts`);
    const { default: others } = await import(`../i18n/${language}/rest.ts`);
    const { default: ofStart } = await import(`../i18n/${language}/start.ts`);
    const catalogue = { ...first, ...others, start: ofStart };
    for (const [screen, texts] of Object.entries({ ...en, ...rest, start })) {
      assert.deepEqual(Object.keys(catalogue[screen]).sort(), Object.keys(texts).sort(), `${language} ${screen}`);
      for (const [key, text] of Object.entries(texts)) {
        const other = forms(catalogue[screen][key]).other;
        assert.equal(places(other), places(forms(text).other), `${language} ${screen}.${key}`);
        assert.ok(other.trim(), `${language} ${screen}.${key}`);
      }
    }
  }
});

test("a text takes the form of its number, as the language counts", async () => {
  await take("en");
  const coins = { one: "{count} coin", other: "{count} coins" };
  assert.equal(written(coins, { count: 1 }), "1 coin");
  assert.equal(written(coins, { count: 12345 }), "12,345 coins");
  assert.equal(written("{a} and {b}", { a: "x" }), "x and {b}");
  await take("ar");
  const { default: ar } = await import("../i18n/ar/index.ts");
  assert.notEqual(written(ar.nav.coins, { count: 2 }), written(ar.nav.coins, { count: 3 }));
});
