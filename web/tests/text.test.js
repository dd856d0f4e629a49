import assert from "node:assert/strict";
import { test } from "vitest";
import { sends } from "../chat/model/keys";
import { splitLinks } from "../chat/model/links";
import { splitMention } from "../chat/model/mentions";
import { excerpt, splitHits } from "../chat/model/hits";
import { parse } from "../chat/model/markdown";
import { dueNow } from "../chat/model/prices";

test("links keep balanced brackets and leave punctuation behind", () => {
  const cases = {
    "https://en.wikipedia.org/wiki/Rust_(video_game)": "https://en.wikipedia.org/wiki/Rust_(video_game)",
    "(see https://en.wikipedia.org/wiki/Rust_(video_game))": "https://en.wikipedia.org/wiki/Rust_(video_game)",
    "(https://example.com/a)": "https://example.com/a",
    "https://example.com/a).": "https://example.com/a",
    "https://example.com/a?b=c&d=e#f, and": "https://example.com/a?b=c&d=e#f",
    "https://example.com/a...": "https://example.com/a",
    "https://example.com/a!?": "https://example.com/a",
    "https://example.com/[x]": "https://example.com/[x]",
    "[https://example.com/x]": "https://example.com/x",
    "<https://example.com/x>": "https://example.com/x",
    "“https://example.com/x”": "https://example.com/x",
    "看https://example.com/路。": "https://example.com/路",
    "（https://example.com/x）": "https://example.com/x",
    "HTTPS://EXAMPLE.COM/": "HTTPS://EXAMPLE.COM/",
    "**https://example.com/x**": "https://example.com/x",
    "https://example.com/(a)(b)": "https://example.com/(a)(b)",
    "https://example.com/a_(b)_c": "https://example.com/a_(b)_c",
  };
  for (const [text, href] of Object.entries(cases)) {
    const parts = splitLinks(text);
    assert.deepEqual(parts.filter((part) => part.href).map((part) => part.href), [href], text);
    assert.equal(parts.map((part) => part.text).join(""), text);
  }
  for (const text of ["", "plain", "https://", "http://:", "javascript:alert(1)", "ftp://x.example"]) {
    assert.equal(splitLinks(text).filter((part) => part.href).length, 0, text);
    assert.equal(splitLinks(text).map((part) => part.text).join(""), text);
  }
});

test("Enter sends, but not while a word is being composed", () => {
  const enter = { key: "Enter", shiftKey: false, isComposing: false, keyCode: 13 };
  assert.equal(sends(enter), true);
  assert.equal(sends({ ...enter, isComposing: true }), false);
  assert.equal(sends({ ...enter, keyCode: 229 }), false);
  assert.equal(sends({ ...enter, shiftKey: true }), false);
  assert.equal(sends({ ...enter, key: "a" }), false);
});

test("the price due now is one number", () => {
  assert.equal(dueNow({ joinFee: 10, monthlyFee: 5, viewerMembership: null }), 15);
  assert.equal(dueNow({ joinFee: 10, monthlyFee: 5, viewerMembership: { role: "MEMBER" } }), 5);
});

test("the call of an agent stands out where the server says that one was called", () => {
  const mention = (text, name) => splitMention(text, name).find(({ isMention }) => isMention)?.text;
  for (const [text, name, found] of [
    ["@Guide when?", "Guide", "@Guide"],
    ["Say, @GUIDE, when?", "Guide", "@GUIDE"],
    ["＠Guide", "Guide", "＠Guide"],
    ["导游@Guide你好", "Guide", "@Guide"],
    ["@STRASSENFÜHRER!", "Straßenführer", "@STRASSENFÜHRER"],
    ["@Guide Dog, sit", "Guide Dog", "@Guide Dog"],
    ["me@guide.example and @Guide", "Guide", "@Guide"],
    ["`@Guide` or @guide", "Guide", "@guide"],
    ["https://x.example/@Guide/7", "Guide", undefined],
    ["no call", "Guide", undefined],
    ["@Guide", null, undefined],
  ]) {
    assert.equal(mention(text, name), found, text);
    assert.equal(splitMention(text, name).map((part) => part.text).join(""), text);
  }
});

test("what is searched for is marked where words begin, whatever their case and marks", () => {
  for (const [text, words, hits] of [
    ["Ein Café am Fluss", "cafe", ["Café"]],
    ["the end of an ending, bend", "end", ["end", "end"]],
    ["Straße und STRASSE", "strasse", ["STRASSE"]],
    ["お茶と緑茶", "茶", ["茶", "茶"]],
    ["nothing here", "x", []],
    ["nothing here", "  ", []],
    ["a b c", "c a", ["a", "c"]],
  ]) {
    const parts = splitHits(text, words);
    assert.deepEqual(parts.filter(({ isHit }) => isHit).map((part) => part.text), hits, text);
    assert.equal(parts.map((part) => part.text).join(""), text);
  }
});

test("HTML, definitions and indented code stay text", () => {
  const kinds = (text) => {
    const found = [];
    const visit = (node) => {
      found.push(node.type);
      node.children?.forEach(visit);
    };
    visit(parse(text));
    return found.slice(1);
  };
  assert.deepEqual(kinds("<b onclick='x'>bold</b>"), ["paragraph", "text"]);
  assert.deepEqual(kinds("    four spaces"), ["paragraph", "text"]);
  assert.deepEqual(kinds("[a]: https://example.com"), ["paragraph", "text"]);
  assert.deepEqual(kinds("Title\n---"), ["paragraph", "text", "thematicBreak"]);
  assert.deepEqual(kinds("**a** ~~b~~ `c`"), ["paragraph", "strong", "text", "text", "delete", "text", "text", "inlineCode"]);
  assert.deepEqual(kinds("|a|\n|-|\n|b|"), ["table", "tableRow", "tableCell", "text", "tableRow", "tableCell", "text"]);
});

test("an excerpt begins shortly before the first hit", () => {
  assert.equal(excerpt("marzipan at the beginning", "marzipan"), "marzipan at the beginning");
  assert.equal(excerpt("nothing of it", "marzipan"), "nothing of it");
  const long = `${"many words before it ".repeat(10)}and Márzipan at the end`;
  const shown = excerpt(long, "marzipan");
  assert.match(shown, /^…\S.*Márzipan at the end$/);
  assert.ok(shown.indexOf("Márzipan") <= 62, shown);
  const unspaced = `${"字".repeat(200)}杏仁${"字".repeat(5)}`;
  assert.ok(excerpt(unspaced, "杏仁").indexOf("杏仁") <= 62);
});
