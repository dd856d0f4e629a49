import assert from "node:assert/strict";
import { test } from "vitest";
import { Outbox, unposted } from "../chat/model/outbox";
import { Refusal, Unreachable } from "plaza-client";
import { FakeTimers, settle } from "../../clients/js/tests/timers.js";

const ACCOUNT = "ada";

/** The store of a device, which outlasts its pages. */
function device() {
  const rows = new Map();
  return {
    rows,
    load: async (account) => [...rows.values()].filter((row) => row.account === account),
    put: (entry) => rows.set(entry.key, structuredClone(entry)),
    remove: (key) => rows.delete(key),
  };
}

/** A server that posts each key once, and whose network the test plays: `answer` gives an error to fail with, or nothing. */
function server() {
  const posted = [];
  const seen = [];
  const one = {
    posted,
    seen,
    answer: () => null,
    isAnswerLost: false,
    async send({ key, content, conversationId }, signal) {
      seen.push(content);
      const error = await one.answer({ key, content }, signal);
      if (error) throw error;
      if (!posted.some((message) => message.key === key)) posted.push({ key, content, conversationId, number: posted.length + 1 });
      if (one.isAnswerLost) throw new Unreachable("lost");
      return posted.find((message) => message.key === key);
    },
    texts: () => posted.map(({ content }) => content),
  };
  return one;
}

let keys = 0;
function page(store, remote, timers = new FakeTimers()) {
  const told = { sent: [], signedOut: 0 };
  const outbox = new Outbox({
    account: ACCOUNT,
    store,
    send: remote.send,
    onSent: (entry, message) => told.sent.push([entry.key, message.number]),
    onSignedOut: () => (told.signedOut += 1),
    newKey: () => `key-${(keys += 1)}`,
    now: () => timers.now,
    timers,
    random: () => 1,
  });
  return { outbox, timers, told };
}

const write = (outbox, content, room = "room") => outbox.add(room, { kind: "post", content, afterNumber: 0 });
const statuses = (outbox, room = "room") => outbox.of(room).map(({ status }) => status);
const refusal = (code, more) => new Refusal({ message: code, extensions: { code, ...more } });

test("ten messages that are written at once are posted in order, one after the other", async () => {
  const [store, remote] = [device(), server()];
  const { outbox, timers } = page(store, remote);
  const texts = Array.from({ length: 10 }, (_, index) => `message ${index}`);
  for (const text of texts) write(outbox, text);
  assert.equal(outbox.size, 10);
  assert.equal(store.rows.size, 10);
  await timers.pass(0);
  assert.deepEqual(remote.texts(), texts);
  assert.equal(outbox.size, 0);
  assert.equal(store.rows.size, 0);
});

test("one message is under way at a time, and rooms do not wait for each other", async () => {
  const [store, remote] = [device(), server()];
  const { outbox } = page(store, remote);
  const answers = [];
  remote.answer = () => new Promise((resolve) => answers.push(resolve));
  write(outbox, "a1");
  write(outbox, "a2");
  write(outbox, "b1", "other");
  await settle();
  assert.deepEqual(remote.seen, ["a1", "b1"]);
  assert.deepEqual(statuses(outbox), ["sending", "queued"]);
  answers[0]();
  await settle();
  assert.deepEqual(remote.seen, ["a1", "b1", "a2"]);
});

test("an outage is outlasted: nothing is missing, doubled or out of order", async () => {
  const [store, remote] = [device(), server()];
  const { outbox, timers } = page(store, remote);
  remote.answer = () => new Unreachable("down");
  write(outbox, "one");
  write(outbox, "two");
  await timers.pass(5 * 60_000);
  assert.deepEqual(statuses(outbox), ["waiting", "queued"]);
  write(outbox, "three");
  remote.answer = () => null;
  outbox.wake();
  await timers.pass(0);
  assert.deepEqual(remote.texts(), ["one", "two", "three"]);
});

test("a message whose answer was lost is not posted twice", async () => {
  const [store, remote] = [device(), server()];
  const { outbox, timers } = page(store, remote);
  remote.isAnswerLost = true;
  write(outbox, "once");
  await timers.pass(60_000);
  remote.isAnswerLost = false;
  await timers.pass(60_000);
  assert.ok(remote.seen.length > 2);
  assert.deepEqual(remote.texts(), ["once"]);
  assert.equal(outbox.size, 0);
});

test("a reload goes on with what was queued, under the same keys", async () => {
  const [store, remote] = [device(), server()];
  const first = page(store, remote);
  remote.isAnswerLost = true;
  write(first.outbox, "one");
  write(first.outbox, "two");
  await settle();
  first.outbox.stop();
  remote.isAnswerLost = false;
  const second = page(store, remote, first.timers);
  await second.outbox.load();
  assert.deepEqual(second.outbox.of("room").map(({ content }) => content), ["one", "two"]);
  write(second.outbox, "three");
  await second.timers.pass(20_000);
  assert.deepEqual(remote.texts(), ["one", "two", "three"]);
  assert.equal(store.rows.size, 0);
});

test("a request that was lost in a dead connection is given up when the connection is back", async () => {
  const [store, remote] = [device(), server()];
  const { outbox, timers } = page(store, remote);
  let isStalled = true;
  remote.answer = (_, signal) =>
    isStalled && new Promise((resolve) => signal.addEventListener("abort", () => resolve(new Unreachable("aborted"))));
  write(outbox, "one");
  await timers.pass(2_000);
  outbox.wake();
  await timers.pass(0);
  assert.deepEqual(remote.seen, ["one"], "a request that is young is waited for");
  await timers.pass(8_000);
  isStalled = false;
  outbox.wake();
  await timers.pass(0);
  assert.deepEqual(remote.texts(), ["one"]);
});

test("what is refused for good says why, holds up nothing, and is kept", async () => {
  const [store, remote] = [device(), server()];
  const { outbox, timers } = page(store, remote);
  remote.answer = ({ content }) => (content === "long" ? refusal("INVALID") : null);
  write(outbox, "long");
  write(outbox, "short");
  await timers.pass(0);
  assert.deepEqual(remote.texts(), ["short"]);
  const [failed] = outbox.of("room");
  assert.deepEqual([failed.status, failed.code, failed.reason], ["failed", "INVALID", "INVALID"]);
  outbox.stop();

  const later = page(store, remote);
  await later.outbox.load();
  await later.timers.pass(60_000);
  assert.equal(later.outbox.of("room")[0].status, "failed");
  later.outbox.edit(failed.key, { content: "shorter" });
  await later.timers.pass(0);
  assert.deepEqual(remote.texts(), ["short", "shorter"]);
  assert.notEqual(remote.posted.at(-1).key, failed.key);
  assert.equal(store.rows.size, 0);
});

test("a refused message can be tried again under its key, or taken back", async () => {
  const [store, remote] = [device(), server()];
  const { outbox, timers } = page(store, remote);
  remote.answer = () => refusal("MUTED");
  const [first, second] = [write(outbox, "one"), write(outbox, "two")];
  await timers.pass(0);
  assert.deepEqual(statuses(outbox), ["failed", "failed"]);
  outbox.remove(second.key);
  remote.answer = () => null;
  outbox.retry(first.key);
  await timers.pass(0);
  assert.deepEqual(remote.posted.map(({ key }) => key), [first.key]);
  assert.equal(store.rows.size, 0);
});

test("a fault of the server is tried a few times and holds up nothing for ever", async () => {
  const [store, remote] = [device(), server()];
  const { outbox, timers } = page(store, remote);
  let isDown = true;
  remote.answer = ({ content }) => (isDown ? new Unreachable("down") : content === "poison" ? refusal("INTERNAL") : null);
  write(outbox, "poison");
  write(outbox, "next");
  await timers.pass(10 * 60_000);
  isDown = false;
  remote.seen.length = 0;
  await timers.pass(5 * 60_000);
  assert.equal(remote.seen.filter((content) => content === "poison").length, 5, "an outage does not count");
  assert.deepEqual(remote.texts(), ["next"]);
  assert.equal(outbox.of("room")[0].code, "INTERNAL");
});

test("a limit is waited for as long as the server says, unless that is too long", async () => {
  const [store, remote] = [device(), server()];
  const { outbox, timers } = page(store, remote);
  let seconds = 30;
  remote.answer = () => refusal("RATE_LIMITED", { retryAfter: seconds });
  write(outbox, "one");
  await timers.pass(29_999);
  assert.equal(remote.seen.length, 1);
  await timers.pass(1);
  assert.equal(remote.seen.length, 2);
  seconds = 3600;
  await timers.pass(30_000);
  assert.deepEqual(statuses(outbox), ["failed"]);
});

test("a sign-in that ended keeps the queue until somebody signs in again", async () => {
  const [store, remote] = [device(), server()];
  const { outbox, timers, told } = page(store, remote);
  remote.answer = () => refusal("UNAUTHENTICATED");
  write(outbox, "one");
  write(outbox, "two");
  await timers.pass(600_000);
  assert.equal(told.signedOut, 1);
  assert.equal(remote.seen.length, 1);
  assert.equal(store.rows.size, 2);
  remote.answer = () => null;
  outbox.resume();
  await timers.pass(0);
  assert.deepEqual(remote.texts(), ["one", "two"]);
});

test("another account's queue is not touched", async () => {
  const [store, remote] = [device(), server()];
  store.put({ key: "theirs", account: "bob", conversationId: "room", content: "from bob", order: 1, status: "queued" });
  const { outbox, timers } = page(store, remote);
  await outbox.load();
  await timers.pass(60_000);
  assert.deepEqual(remote.seen, []);
  assert.equal(store.rows.size, 1);
});

test("what is being sent cannot be taken back; what waits can", async () => {
  const [store, remote] = [device(), server()];
  const { outbox, timers } = page(store, remote);
  let end;
  remote.answer = () => new Promise((resolve) => (end = resolve));
  const { key } = write(outbox, "one");
  await settle();
  outbox.remove(key);
  assert.equal(outbox.size, 1);
  end(new Unreachable("down"));
  await settle();
  outbox.remove(key);
  await timers.pass(60_000);
  assert.equal(outbox.size, 0);
  assert.equal(remote.seen.length, 1);
});

test("the entries of a room are the same array until one changes", () => {
  const [store, remote] = [device(), server()];
  remote.answer = () => new Promise(() => {});
  const { outbox } = page(store, remote);
  write(outbox, "one");
  const entries = outbox.of("room");
  write(outbox, "two", "other");
  assert.equal(outbox.of("room"), entries);
});

test("an entry whose message was heard before its answer is shown once", () => {
  const entry = (key, content, more) => ({ key, content, status: "sending", afterNumber: 4, ...more });
  const message = (number, content, authorId = ACCOUNT) => ({ number, content, authorId });
  const shown = (entries, messages) => unposted(entries, messages, ACCOUNT).map(({ key }) => key);
  assert.deepEqual(shown([entry("a", "hi")], [message(4, "hi")]), ["a"], "an older one");
  assert.deepEqual(shown([entry("a", "hi")], [message(5, "hi", "bob")]), ["a"], "another's");
  assert.deepEqual(shown([entry("a", "hi")], [message(5, "hi")]), []);
  assert.deepEqual(shown([entry("a", "hi"), entry("b", "hi")], [message(5, "hi")]), ["b"], "each echo is of one");
  assert.deepEqual(shown([entry("a", "hi", { status: "failed" })], [message(5, "hi")]), ["a"]);
});

test("a message that was posted is no echo of the next one with the same text", async () => {
  const [store, remote] = [device(), server()];
  const { outbox } = page(store, remote);
  write(outbox, "ok");
  write(outbox, "ok");
  remote.answer = ({ key }) => (remote.posted.length === 1 && key ? new Promise(() => {}) : null);
  await settle();
  const [left] = outbox.of("room");
  assert.equal(left.afterNumber, 1);
  assert.equal(unposted(outbox.of("room"), [{ number: 1, content: "ok", authorId: ACCOUNT }], ACCOUNT).length, 1);
});

test("a price that has changed can be accepted, as another message", async () => {
  const [store, remote] = [device(), server()];
  const { outbox, timers } = page(store, remote);
  remote.answer = ({ key }) => (outbox.of("room").find((entry) => entry.key === key).fee === 2 ? null : refusal("PRICE_CHANGED"));
  outbox.add("room", { kind: "agent", content: "how much?", fee: 1 });
  await timers.pass(60_000);
  const [failed] = outbox.of("room");
  assert.equal(failed.status, "failed");
  assert.equal(remote.seen.length, 1, "it is never paid without asking");
  outbox.edit(failed.key, { fee: 2 });
  await timers.pass(0);
  assert.deepEqual(remote.texts(), ["how much?"]);
});

test("a question waits until the last one is answered", async () => {
  const [store, remote] = [device(), server()];
  const { outbox, timers } = page(store, remote);
  let isRunning = true;
  remote.answer = () => (isRunning ? refusal("REPLY_RUNNING") : null);
  write(outbox, "second question");
  await timers.pass(120_000);
  assert.deepEqual([statuses(outbox), outbox.of("room")[0].code], [["waiting"], "REPLY_RUNNING"]);
  isRunning = false;
  outbox.wake();
  await timers.pass(0);
  assert.deepEqual(remote.texts(), ["second question"]);
});
