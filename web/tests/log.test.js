import assert from "node:assert/strict";
import { test } from "node:test";
import { Logs, PAGE, reduce, UNHEARD } from "../chat/model/log.js";

const message = (number, content = `message ${number}`) => ({ id: `m${number}`, number, content, createdAt: `t${number}` });
const range = (from, to) => Array.from({ length: to - from + 1 }, (_, index) => message(from + index));
const snapshot = (messages, more) => ({
  type: "event",
  event: { __typename: "ConversationSnapshot", conversation: { id: "c" }, messages, ...more },
});
const event = (one) => ({ type: "event", event: { __typename: "MessageEvent", message: one } });
const numbers = ({ messages }) => messages.map(({ number }) => number);
const after = (...actions) => actions.reduce(reduce, UNHEARD);

test("a snapshot begins, events follow, each message is there once and in order", () => {
  const log = after(snapshot(range(1, 3)), event(message(5)), event(message(4)), event(message(5, "edited")));
  assert.deepEqual(numbers(log), [1, 2, 3, 4, 5]);
  assert.equal(log.messages[4].content, "edited");
  assert.equal(log.hasEarlier, false);
});

test("earlier messages go in front, until a page is not full", () => {
  const log = after(snapshot(range(101, 150)), { type: "earlier", messages: range(51, 100) });
  assert.deepEqual([log.messages.length, log.hasEarlier], [100, true]);
  assert.equal(reduce(log, { type: "earlier", messages: range(41, 50) }).hasEarlier, false);
});

test("a snapshot after a cut keeps loaded history, and has it read again", () => {
  const before = after(snapshot(range(101, 150)), { type: "earlier", messages: range(51, 100) });
  const log = reduce(before, snapshot(range(251, 300)));
  assert.deepEqual(numbers(log), [...range(51, 150), ...range(251, 300)].map(({ number }) => number));
  assert.deepEqual(log.outdated, { before: "t251", number: 251, from: 51 });
  assert.equal(log.hasEarlier, true);
});

test("what is read again fills the gap, takes over changes, and drops what is gone", () => {
  let log = after(snapshot(range(101, 150)), snapshot(range(201, 250)));
  log = reduce(log, { type: "reread", messages: range(151, 200) });
  assert.deepEqual(log.outdated, { before: "t151", number: 151, from: 101 });
  const changed = range(100, 150).filter(({ number }) => number !== 120);
  changed[5] = message(105, "edited meanwhile");
  assert.equal(changed.length, PAGE);
  log = reduce(log, { type: "reread", messages: changed });
  assert.equal(log.outdated, null);
  assert.equal(log.messages.find(({ number }) => number === 105).content, "edited meanwhile");
  assert.equal(numbers(log).includes(120), false);
  assert.equal(log.messages.length, 150);
  assert.equal(log.hasEarlier, true);
});

test("a page that is not full is the beginning", () => {
  let log = after(snapshot(range(51, 100)), { type: "earlier", messages: range(1, 50) }, snapshot(range(61, 110)));
  log = reduce(log, { type: "reread", messages: range(21, 60) });
  assert.deepEqual([log.outdated, log.hasEarlier], [null, false]);
  assert.deepEqual(numbers(log)[0], 21);
});

test("a snapshot that has everything replaces what was known", () => {
  const log = after(snapshot(range(1, 3)), snapshot([message(1), message(3)]));
  assert.deepEqual(numbers(log), [1, 3]);
  assert.equal(log.outdated, null);
});

test("who is there outlasts a snapshot; an end does not", () => {
  const activity = { type: "event", event: { __typename: "ConversationActivity", typing: [{ id: "x" }], presentCount: 2 } };
  const log = after(snapshot(range(1, 3)), activity, { type: "ended", refusal: null }, snapshot(range(1, 4)));
  assert.deepEqual([log.presentCount, log.typing.length, log.ended], [2, 1, null]);
});

test("a log that is come back to is as it was, with the position to go on after", () => {
  const logs = new Logs();
  const log = after(snapshot(range(1, 3), { position: "9" }), { type: "event", event: { ...event(message(4)).event, position: "10" } });
  assert.equal(log.position, "10");
  logs.keep("c", { ...log, presentCount: 3 });
  assert.deepEqual(logs.of("c"), { ...log, presentCount: 0 });
  assert.equal(logs.of("other"), UNHEARD);
  for (let other = 0; other < 20; other++) logs.keep(`other ${other}`, log);
  assert.equal(logs.of("c"), UNHEARD, "only the last ones are remembered");
  logs.keep("other 3", reduce(log, { type: "ended", refusal: null }));
  assert.equal(logs.of("other 3"), UNHEARD);
});
