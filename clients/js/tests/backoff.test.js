import assert from "node:assert/strict";
import { test } from "vitest";
import { delay, Pauses } from "../src/backoff.js";
import { settle, FakeTimers } from "./timers.js";

test("waits grow, are limited, and are spread by chance", () => {
  assert.deepEqual([0, 1, 2, 3, 4, 5, 6, 100].map((attempt) => delay(attempt, () => 1)), [500, 1000, 2000, 4000, 8000, 15000, 15000, 15000]);
  assert.equal(delay(3, () => 0), 2000);
});

test("a wait ends by itself or when it is cut short", async () => {
  const timers = new FakeTimers();
  const pauses = new Pauses(timers);
  const ended = [];
  pauses.wait(1000).then(() => ended.push("short"));
  pauses.wait(9000).then(() => ended.push("long"));
  await timers.pass(1000);
  assert.deepEqual(ended, ["short"]);
  pauses.wake();
  await settle();
  assert.deepEqual(ended, ["short", "long"]);
  assert.equal(timers.pending, 0);
});
