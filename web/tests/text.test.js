import assert from "node:assert/strict";
import { test } from "node:test";
import { sends } from "../chat/model/keys.js";
import { splitLinks } from "../chat/model/links.js";
import { splitMention } from "../chat/model/mentions.js";
import { dueNow, fees } from "../chat/model/prices.js";
import { parse, toCommunity, toConversation, toQueue } from "../chat/model/routes.js";

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

test("addresses of the page: what they name, and what names nothing", () => {
  for (const home of ["", "#", "#/", "/"]) assert.equal(parse(home).name, "home", home);
  assert.deepEqual(parse(toConversation("a/b ü")), { name: "c", id: "a/b ü" });
  assert.deepEqual(parse(toCommunity("x")), { name: "community", id: "x" });
  assert.deepEqual(parse(toQueue("x")), { name: "queue", id: "x" });
  assert.deepEqual(parse("#/communities"), { name: "communities", id: "" });
  const unknown = ["#/c/%E0%A4%A", "#/c/%", "#/c/", "#/c", "#/c/a/b", "#/nothing", "#/communities/x", "#/__proto__/x", "#/toString/x", "#x"];
  for (const hash of unknown) assert.equal(parse(hash).name, "unknown", hash);
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
  assert.equal(fees({ joinFee: 10, monthlyFee: 5 }), "15 coins to join, then 5 coins for each further 30 days");
  assert.equal(fees({ joinFee: 1, monthlyFee: 0 }), "1 coin to join");
  assert.equal(fees({ joinFee: 0, monthlyFee: 5 }), "5 coins for each 30 days");
  assert.equal(fees({ joinFee: 0, monthlyFee: 0 }), "Free");
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
