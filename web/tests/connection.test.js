import assert from "node:assert/strict";
import { test } from "node:test";
import { Connection } from "../chat/model/connection.js";
import { FakeTimers } from "./timers.js";

/** A connection over a client that the test plays: it holds what was subscribed and its options. */
function connected() {
  const timers = new FakeTimers();
  const fake = { subscriptions: [], terminated: 0, isDisposed: false, sent: [] };
  const signedOut = [];
  const connection = new Connection({
    url: "ws://test",
    timers,
    random: () => 1,
    onSignedOut: () => signedOut.push(timers.now),
    createClient: (options) => ({
      ...(fake.options = options),
      subscribe(payload, sink) {
        const one = { payload, sink, isStopped: false };
        fake.subscriptions.push(one);
        return () => (one.isStopped = true);
      },
      terminate: () => (fake.terminated += 1),
      dispose: () => (fake.isDisposed = true),
    }),
  });
  const open = () => {
    fake.options.on.connecting();
    fake.options.on.connected({ send: (text) => fake.sent.push(text) });
  };
  return { connection, fake, timers, signedOut, open };
}

function listening(connection, more = {}) {
  const heard = [];
  const ended = [];
  const stop = connection.subscribe({
    query: "subscription",
    variables: { id: 1 },
    positionOf: ({ position }) => position,
    next: (data) => heard.push(data),
    ended: (refusal) => ended.push(refusal),
    ...more,
  });
  return { heard, ended, stop };
}

test("a subscription that is sent again goes on after the last position", () => {
  const { connection, fake } = connected();
  const { heard } = listening(connection);
  const { payload, sink } = fake.subscriptions[0];
  const sent = () => JSON.parse(JSON.stringify(payload)).variables;
  assert.deepEqual(sent(), { id: 1 });
  sink.next({ data: { position: "7" } });
  sink.next({ data: { position: null } });
  assert.deepEqual(sent(), { id: 1, after: "7" });
  assert.equal(heard.length, 2);
});

test("a subscription can begin after a position", () => {
  const { connection, fake } = connected();
  listening(connection, { start: "5" });
  assert.deepEqual(fake.subscriptions[0].payload.variables, { id: 1, after: "5" });
});

test("every way in which a socket ends is tried again for ever, but a sign-in that ended", () => {
  const { fake } = connected();
  assert.equal(fake.options.retryAttempts, Infinity);
  const { shouldRetry } = fake.options;
  for (const event of [{ code: 1006 }, { code: 1001 }, { code: 1011 }, { code: 4408 }, { code: 4499 }, new Event("error"), new Error("x")]) {
    assert.equal(shouldRetry(event), true);
  }
  for (const code of [4401, 4403]) assert.equal(shouldRetry({ code }), false);
});

test("a wait before a new socket is cut short when the device wakes up", async () => {
  const { connection, fake, timers } = connected();
  let waited = false;
  fake.options.retryWait(8).then(() => (waited = true));
  await timers.pass(14_000);
  assert.equal(waited, false);
  connection.wake();
  await timers.pass(0);
  assert.equal(waited, true);
});

test("what the client gives up is begun again after a while, from the last position", async () => {
  const { connection, fake, timers } = connected();
  const { ended } = listening(connection);
  fake.subscriptions[0].sink.next({ data: { position: "3" } });
  fake.subscriptions[0].sink.error({ code: 1011, reason: "proxy" });
  await timers.pass(499);
  assert.equal(fake.subscriptions.length, 1);
  await timers.pass(1);
  assert.equal(fake.subscriptions.length, 2);
  assert.deepEqual(fake.subscriptions[1].payload.variables, { id: 1, after: "3" });
  assert.deepEqual(ended, []);
});

test("a refusal ends it; a busy server does not; a fault does after a few times", async () => {
  const { connection, fake, timers } = connected();
  const { ended } = listening(connection);
  const refuse = (code) => fake.subscriptions.at(-1).sink.error([{ message: code, extensions: { code } }]);
  for (let times = 0; times < 20; times++) {
    refuse("UNAVAILABLE");
    await timers.pass(15_000);
  }
  assert.equal(fake.subscriptions.length, 21);
  for (let times = 0; times < 4; times++) {
    refuse("INTERNAL");
    await timers.pass(15_000);
  }
  assert.deepEqual(ended, []);
  refuse("INTERNAL");
  await timers.pass(60_000);
  assert.equal(ended[0].code, "INTERNAL");
  assert.equal(fake.subscriptions.length, 25);

  const other = listening(connection);
  refuse("NOT_FOUND");
  await timers.pass(60_000);
  assert.equal(other.ended[0].code, "NOT_FOUND");
  assert.equal(fake.subscriptions.length, 26);
});

test("a position that the server does not know is forgotten", async () => {
  const { connection, fake, timers } = connected();
  const { ended } = listening(connection);
  fake.subscriptions[0].sink.next({ data: { position: "3" } });
  fake.subscriptions[0].sink.error([{ message: "no", extensions: { code: "INVALID", field: "after" } }]);
  await timers.pass(500);
  assert.deepEqual(fake.subscriptions[1].payload.variables, { id: 1 });
  assert.deepEqual(ended, []);
});

test("a sign-in that ended is told, and the subscription tried again for whoever signs in", async () => {
  const { connection, fake, timers, signedOut } = connected();
  listening(connection);
  fake.subscriptions[0].sink.error({ code: 4403, reason: "Unauthorized" });
  assert.equal(signedOut.length, 1);
  await timers.pass(500);
  fake.subscriptions[1].sink.error([{ message: "Unauthorized", extensions: { code: "UNAUTHENTICATED" } }]);
  assert.equal(signedOut.length, 2);
});

test("nothing is heard after stopping, and nothing is begun again", async () => {
  const { connection, fake, timers } = connected();
  const { heard, ended, stop } = listening(connection);
  stop();
  const { sink } = fake.subscriptions[0];
  sink.next({ data: { position: "1" } });
  sink.complete();
  sink.error({ code: 1006, reason: "" });
  await timers.pass(60_000);
  assert.deepEqual([heard, ended, fake.subscriptions.length], [[], [], 1]);
});

test("the end of a subscription is told once", () => {
  const { connection, fake } = connected();
  const { ended } = listening(connection);
  fake.subscriptions[0].sink.complete();
  fake.subscriptions[0].sink.complete();
  assert.deepEqual(ended, [null]);
});

test("the state follows the socket, and a silent socket is ended", async () => {
  const { connection, fake, timers, open } = connected();
  const states = [];
  connection.listen(() => states.push(connection.state));
  open();
  await timers.pass(15_000);
  assert.deepEqual(fake.sent, ['{"type":"ping"}']);
  await timers.pass(8_000);
  assert.equal(fake.terminated, 1);
  fake.options.on.closed({ code: 4499 });
  open();
  assert.deepEqual(states, ["open", "reconnecting", "open"]);
});

test("a handshake that is never answered is given up", async () => {
  const { fake, timers, open } = connected();
  fake.options.on.connecting();
  await timers.pass(10_000);
  assert.equal(fake.terminated, 1);
  open();
  await timers.pass(14_000);
  assert.equal(fake.terminated, 1);
});

test("when the device wakes up an open socket is probed", async () => {
  const { connection, fake, timers, open } = connected();
  open();
  connection.wake();
  assert.equal(fake.sent.length, 1);
  fake.options.on.message();
  await timers.pass(4_000);
  assert.equal(fake.terminated, 0);
  connection.wake();
  await timers.pass(4_000);
  assert.equal(fake.terminated, 1);
});

test("closing leaves no timer", () => {
  const { connection, fake, timers, open } = connected();
  open();
  connection.close();
  assert.equal(fake.isDisposed, true);
  assert.equal(timers.pending, 0);
});
