import assert from "node:assert/strict";
import { test } from "vitest";
import { browserOf } from "../chat/model/browsers";
import { take } from "../i18n";
import { durationOf } from "../i18n/format";

test("a sign-in is called by its browser and system", () => {
  const chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36";
  assert.deepEqual(browserOf(chrome), { name: "Chrome · Linux", isPhone: false });
  const edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0";
  assert.deepEqual(browserOf(edge), { name: "Edge · Windows", isPhone: false });
  const iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1";
  assert.deepEqual(browserOf(iphone), { name: "Safari · iOS", isPhone: true });
  const android = "Mozilla/5.0 (Android 15; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0";
  assert.deepEqual(browserOf(android), { name: "Firefox · Android", isPhone: true });
  assert.deepEqual(browserOf("plaza-bot/1.2 (+https://example.com)"), { name: "plaza-bot", isPhone: false });
  assert.deepEqual(browserOf(""), { name: "", isPhone: false });
});

test("a length of time is written in its largest unit", async () => {
  await take("en");
  const written = [0, 59.4, 60, 3599, 3600, 5400, 86_400, 216_000].map(durationOf);
  assert.deepEqual(written, ["0 sec", "59 sec", "1 min", "60 min", "1 hr", "1.5 hr", "1 day", "2.5 days"]);
  await take("de");
  assert.equal(durationOf(5400), "1,5 Std.");
  await take("en");
});
