import assert from "node:assert/strict";
import { test } from "vitest";
import { Heartbeat } from "../src/heartbeat.js";
import { FakeTimers } from "./timers.js";

function watched() {
  const timers = new FakeTimers();
  const told = [];
  const heartbeat = new Heartbeat({ ping: () => told.push("ping"), dead: () => told.push("dead"), timers });
  return { timers, told, heartbeat };
}

test("a connection that answers is pinged after each silence", async () => {
  const { timers, told, heartbeat } = watched();
  heartbeat.start();
  await timers.pass(14_999);
  assert.deepEqual(told, []);
  await timers.pass(1);
  assert.deepEqual(told, ["ping"]);
  heartbeat.heard();
  await timers.pass(15_000);
  assert.deepEqual(told, ["ping", "ping"]);
});

test("a connection that is silent after a ping is dead, once", async () => {
  const { timers, told, heartbeat } = watched();
  heartbeat.start();
  await timers.pass(15_000 + 7_999);
  assert.deepEqual(told, ["ping"]);
  await timers.pass(600_000);
  assert.deepEqual(told, ["ping", "dead"]);
});

test("a probe asks at once, with its own deadline; anything heard is an answer", async () => {
  const { timers, told, heartbeat } = watched();
  heartbeat.probe(4000);
  assert.deepEqual(told, [], "nothing is open");
  heartbeat.start();
  heartbeat.probe(4000);
  heartbeat.probe(4000);
  assert.deepEqual(told, ["ping"]);
  await timers.pass(3000);
  heartbeat.heard();
  await timers.pass(3000);
  heartbeat.probe(4000);
  await timers.pass(4000);
  assert.deepEqual(told, ["ping", "ping", "dead"]);
});

test("nothing is told after the end", async () => {
  const { timers, told, heartbeat } = watched();
  heartbeat.start();
  heartbeat.stop();
  heartbeat.heard();
  await timers.pass(60_000);
  assert.deepEqual(told, []);
  assert.equal(timers.pending, 0);
});
