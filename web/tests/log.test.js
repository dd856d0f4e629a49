import assert from "node:assert/strict";
import { test } from "vitest";
import { Logs, PAGE, reduce, UNHEARD } from "../chat/model/log";

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

const past = (from, to, hasLater = true) => ({ type: "past", messages: range(from, to), hasEarlier: true, hasLater });

test("an older part is shown apart until it reaches the newest part", () => {
  let log = after(snapshot(range(201, 250)), past(51, 100));
  assert.deepEqual([numbers(log.past)[0], log.past.messages.length, log.messages.length], [51, 50, 50]);
  log = reduce(log, { type: "earlier", messages: range(1, 49) });
  assert.deepEqual([log.past.hasEarlier, log.hasEarlier, log.isPrepended], [false, true, true]);
  log = reduce(log, { type: "later", messages: range(101, 150), hasLater: true });
  assert.deepEqual([log.past.messages.at(-1).number, log.isPrepended], [150, false]);
  log = reduce(log, { type: "later", messages: range(151, 200), hasLater: true });
  assert.equal(log.past, null);
  assert.deepEqual([log.messages.length, log.hasEarlier], [249, false]);
});

test("events change what is shown of the past, and the newest part grows meanwhile", () => {
  let log = after(snapshot(range(201, 250)), past(51, 100), event(message(60, "edited")), event(message(251)), event(message(150)));
  assert.equal(log.past.messages.find(({ number }) => number === 60).content, "edited");
  assert.deepEqual([log.past.messages.length, log.messages.length], [50, 51]);
  log = reduce(log, { type: "present" });
  assert.deepEqual([log.past, numbers(log).at(-1)], [null, 251]);
});

test("a part that reaches to the end is the newest part, and a snapshot leads back to it", () => {
  const reached = after(snapshot(range(201, 250)), past(190, 230));
  assert.deepEqual([reached.past, numbers(reached)[0], reached.messages.length], [null, 190, 61]);
  assert.equal(after(snapshot(range(201, 250)), past(51, 100), snapshot(range(202, 251))).past, null);
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

test("what a blocked account wrote is marked at once, in the past as well", () => {
  const by = (authorId) => (one) => ({ ...one, authorId, isFromBlocked: false });
  const log = after(snapshot([...range(201, 250).map(by("a")), by("b")(message(251))]), {
    type: "past",
    messages: range(1, 50).map(by("b")),
    hasEarlier: false,
    hasLater: true,
  });
  const blocked = reduce(log, { type: "blocked", userId: "b" });
  const marked = ({ messages }) => messages.filter(({ isFromBlocked }) => isFromBlocked).length;
  assert.deepEqual([marked(blocked), marked(blocked.past)], [1, 50]);
});

test("logs that are no longer so are forgotten", () => {
  const logs = new Logs();
  logs.keep("c", { ...after(snapshot(range(1, 3))), position: "p" });
  logs.clear();
  assert.equal(logs.of("c"), UNHEARD);
});
