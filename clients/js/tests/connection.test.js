import assert from "node:assert/strict";
import { test } from "vitest";
import { Connection } from "../src/connection.js";
import { FakeTimers } from "./timers.js";

/** A connection over sockets that the test plays: each holds what was sent to the server. */
function connected(more = {}) {
  const timers = new FakeTimers();
  const sockets = [];
  const signedOut = [];
  class FakeWebSocket {
    sent = [];
    closed = null;
    #listeners = {};
    addEventListener(type, listener) {
      this.#listeners[type] = listener;
    }
    onopen() {
      this.#listeners.open();
    }
    onmessage(event) {
      this.#listeners.message(event);
    }
    onclose(event) {
      this.#listeners.close(event);
    }
    constructor(url, protocol) {
      Object.assign(this, { url, protocol });
      sockets.push(this);
    }
    send(text) {
      this.sent.push(JSON.parse(text));
    }
    close(code) {
      this.closed = code;
    }
    /** What the server sends. */
    says(message) {
      this.onmessage({ data: JSON.stringify(message) });
    }
    acknowledge() {
      this.onopen();
      this.says({ type: "connection_ack" });
    }
    /** The subscriptions that were sent, as their ids and variables. */
    get subscribed() {
      return this.sent.filter(({ type }) => type === "subscribe").map(({ id, payload }) => ({ id, variables: payload.variables }));
    }
    next(data, id = this.subscribed.at(-1).id) {
      this.says({ type: "next", id, payload: { data } });
    }
    refuse(code, extensions = {}) {
      this.says({ type: "error", id: this.subscribed.at(-1).id, payload: [{ message: code, extensions: { code, ...extensions } }] });
    }
  }
  const connection = new Connection({
    url: "ws://test",
    WebSocket: FakeWebSocket,
    timers,
    random: () => 1,
    onSignedOut: () => signedOut.push(timers.now),
    ...more,
  });
  return { connection, sockets, timers, signedOut, last: () => sockets.at(-1) };
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

/** Milliseconds of the wait number `index`, from 0, without chance. */
const longest = (index) => Math.min(500 * 2 ** index, 15_000);

test("the first subscription opens a socket with the credentials, and is sent when the server has taken them", () => {
  const { connection, sockets, last } = connected({ credentials: () => ({ token: "secret" }) });
  assert.equal(sockets.length, 0);
  listening(connection);
  assert.deepEqual([last().url, last().protocol], ["ws://test", "graphql-transport-ws"]);
  last().onopen();
  assert.deepEqual(last().sent, [{ type: "connection_init", payload: { token: "secret" } }]);
  last().says({ type: "connection_ack" });
  assert.deepEqual(last().sent.at(-1), { id: "1", type: "subscribe", payload: { query: "subscription", variables: { id: 1 } } });
});

test("after a cut each subscription goes on after its last position, in one new socket", async () => {
  const { connection, sockets, timers, last } = connected();
  const one = listening(connection);
  const other = listening(connection, { start: "5", variables: { id: 2 } });
  last().acknowledge();
  assert.deepEqual(last().subscribed.map(({ variables }) => variables), [{ id: 1 }, { id: 2, after: "5" }]);
  last().next({ position: "7" }, "1");
  last().next({ position: null }, "1");
  last().onclose({ code: 1006 });
  await timers.pass(500);
  assert.equal(sockets.length, 2);
  last().acknowledge();
  assert.deepEqual(last().subscribed.map(({ variables }) => variables), [{ id: 1, after: "7" }, { id: 2, after: "5" }]);
  // What a socket of before still says is not heard.
  sockets[0].next({ position: "8" }, "1");
  assert.deepEqual([one.heard.length, other.heard.length], [2, 0]);
});

test("every way in which a socket ends is tried again, ever later", async () => {
  const { connection, sockets, timers } = connected();
  listening(connection);
  const codes = [1006, 1001, 1011, 4408, 4429, 4499, 4400, 1006];
  for (const [index, code] of codes.entries()) {
    sockets.at(-1).onclose({ code });
    await timers.pass(longest(index) - 1);
    assert.equal(sockets.length, index + 1);
    await timers.pass(1);
    assert.equal(sockets.length, index + 2);
  }
});

test("a wait before a new socket is cut short when the device wakes up", async () => {
  const { connection, sockets, timers, last } = connected();
  listening(connection);
  for (let index = 0; index < 8; index++) {
    last().onclose({ code: 1006 });
    await timers.pass(longest(index));
  }
  last().onclose({ code: 1006 });
  await timers.pass(1000);
  assert.equal(sockets.length, 9);
  connection.wake();
  await timers.pass(0);
  assert.equal(sockets.length, 10);
});

test("a refusal ends it; a busy server does not; a fault does after a few times", async () => {
  const { connection, timers, last } = connected();
  const { ended } = listening(connection);
  last().acknowledge();
  for (let times = 0; times < 20; times++) {
    last().refuse("UNAVAILABLE");
    await timers.pass(15_000);
    last().says({ type: "pong" });
  }
  assert.equal(last().subscribed.length, 21);
  for (let times = 0; times < 4; times++) {
    last().refuse("INTERNAL");
    await timers.pass(15_000);
    last().says({ type: "pong" });
  }
  assert.deepEqual(ended, []);
  const socket = last();
  socket.refuse("INTERNAL");
  assert.equal(ended[0].code, "INTERNAL");
  assert.equal(socket.closed, 1000, "nothing is listened to any more");

  const other = listening(connection);
  last().acknowledge();
  last().refuse("NOT_FOUND");
  assert.equal(other.ended[0].code, "NOT_FOUND");
});

test("a limit is waited for as long as the server says", async () => {
  const { connection, timers, last } = connected();
  listening(connection);
  last().acknowledge();
  last().refuse("RATE_LIMITED", { retryAfter: 7 });
  await timers.pass(6_999);
  assert.equal(last().subscribed.length, 1);
  await timers.pass(1);
  assert.equal(last().subscribed.length, 2);
});

test("a result without data is a refusal, and the server need not go on", async () => {
  const { connection, last } = connected();
  const { ended } = listening(connection);
  last().acknowledge();
  last().says({ type: "next", id: "1", payload: { data: null, errors: [{ message: "no", extensions: { code: "FORBIDDEN" } }] } });
  assert.equal(ended[0].code, "FORBIDDEN");
  assert.deepEqual(last().sent.at(-1), { id: "1", type: "complete" });
});

test("a position that the server does not know is forgotten", async () => {
  const { connection, timers, last } = connected();
  const { ended } = listening(connection);
  last().acknowledge();
  last().next({ position: "3" });
  last().refuse("INVALID", { field: "after" });
  await timers.pass(500);
  assert.deepEqual(last().subscribed[1].variables, { id: 1 });
  assert.deepEqual(ended, []);
});

test("a sign-in that ended is reported once for all, and tried again for the next account", async () => {
  const { connection, timers, signedOut, last } = connected();
  listening(connection);
  listening(connection);
  last().onclose({ code: 4403 });
  assert.equal(signedOut.length, 1);
  await timers.pass(500);
  last().acknowledge();
  last().refuse("UNAUTHENTICATED");
  assert.equal(signedOut.length, 2);
});

test("nothing is heard after stopping, and the last one closes the socket", async () => {
  const { connection, sockets, timers, last } = connected();
  const one = listening(connection);
  const other = listening(connection);
  last().acknowledge();
  one.stop();
  assert.deepEqual(last().sent.at(-1), { id: "1", type: "complete" });
  last().next({ position: "1" }, "1");
  last().says({ type: "complete", id: "1" });
  assert.equal(last().closed, null);
  other.stop();
  assert.equal(last().closed, 1000);
  await timers.pass(60_000);
  assert.deepEqual([one.heard, one.ended, sockets.length, timers.pending], [[], [], 1, 0]);
});

test("the end of a subscription is reported once", () => {
  const { connection, last } = connected();
  const { ended } = listening(connection);
  last().acknowledge();
  last().says({ type: "complete", id: "1" });
  last().says({ type: "complete", id: "1" });
  assert.deepEqual(ended, [null]);
});

test("the state follows the socket, and a silent socket is given up", async () => {
  const { connection, sockets, timers, last } = connected();
  const states = [];
  connection.listen(() => states.push(connection.state));
  listening(connection);
  last().acknowledge();
  await timers.pass(15_000);
  assert.deepEqual(last().sent.at(-1), { type: "ping" });
  await timers.pass(8_000);
  assert.equal(sockets[0].closed, 4499);
  await timers.pass(500);
  last().acknowledge();
  assert.deepEqual(states, ["open", "reconnecting", "open"]);
});

test("a handshake that is never answered is given up", async () => {
  const { connection, sockets, timers, last } = connected();
  listening(connection);
  await timers.pass(10_000);
  assert.equal(sockets[0].closed, 4499);
  await timers.pass(500);
  last().acknowledge();
  await timers.pass(14_000);
  assert.deepEqual([sockets.length, last().closed], [2, null]);
});

test("when the device wakes up an open socket is probed", async () => {
  const { connection, timers, sockets, last } = connected();
  listening(connection);
  last().acknowledge();
  connection.wake();
  assert.deepEqual(last().sent.at(-1), { type: "ping" });
  last().says({ type: "pong" });
  await timers.pass(4_000);
  assert.equal(last().closed, null);
  connection.wake();
  await timers.pass(4_000);
  assert.equal(sockets[0].closed, 4499);
});

test("a ping of the server is answered; what is no message of the protocol ends the socket", () => {
  const { connection, last } = connected();
  listening(connection);
  last().acknowledge();
  last().says({ type: "ping" });
  assert.deepEqual(last().sent.at(-1), { type: "pong" });
  last().onmessage({ data: "<html>" });
  assert.equal(last().closed, 4004);
});

test("closing leaves no timer", async () => {
  const { connection, timers, last } = connected();
  listening(connection);
  last().acknowledge();
  connection.close();
  assert.equal(last().closed, 1000);
  await timers.pass(0);
  assert.equal(timers.pending, 0);
});
