import assert from "node:assert/strict";
import { test } from "vitest";
import { PlazaClient, Refusal, Unreachable } from "../src/index.js";
import { FakeTimers, settle } from "./timers.js";

const REFUSED = (code, more = {}) => ({ errors: [{ message: code, extensions: { code, ...more } }] });

/** A client of a server that the test plays: `answers` are given in order, an `Error` stands for a request that is lost. */
function served(answers, setup = {}) {
  const timers = new FakeTimers();
  const requests = [];
  const fetch = async (url, { headers, body }) => {
    requests.push({ url, headers, body });
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return new Response(typeof answer === "string" ? answer : JSON.stringify(answer), { status: answer.status ?? 200 });
  };
  const client = new PlazaClient({ url: "https://plaza.example/", fetch, timers, ...setup });
  return { client, requests, timers };
}

/** A promise and what became of it. */
function watched(promise) {
  const state = {};
  promise.then((value) => (state.value = value), (error) => (state.error = error));
  return state;
}

test("a request has the token of the moment", async () => {
  let token = null;
  const { client, requests } = served([{ data: { viewer: null } }, { data: { viewer: 1 } }], { token: () => token });
  assert.deepEqual(await client.request("{ viewer }", {}), { viewer: null });
  token = "secret";
  await client.request("{ viewer }", { id: 1 });
  assert.equal(requests[0].url, "https://plaza.example/graphql");
  assert.equal(requests[0].headers.authorization, undefined);
  assert.equal(requests[1].headers.authorization, "Bearer secret");
  assert.deepEqual(JSON.parse(requests[1].body), { query: "{ viewer }", variables: { id: 1 } });
});

test("a refusal has its code, field and seconds", async () => {
  const { client } = served([REFUSED("INVALID", { field: "name" }), REFUSED("RATE_LIMITED", { retryAfter: 9 })]);
  const refused = () => client.request("{ a }", {}).then(assert.fail, (error) => error);
  const first = await refused();
  assert.ok(first instanceof Refusal);
  assert.deepEqual([first.code, first.field], ["INVALID", "name"]);
  assert.equal((await refused()).retryAfter, 9);
});

test("a request is sent once, and an answer of a proxy is no answer", async () => {
  const { client, requests } = served([new TypeError("lost"), "<html>busy</html>"]);
  await assert.rejects(client.request("{ a }", {}), Unreachable);
  await assert.rejects(client.request("{ a }", {}), Unreachable);
  assert.equal(requests.length, 2);
});

test("a mutation is repeated under one key until there is an answer", async () => {
  const lost = new TypeError("lost");
  const { client, requests, timers } = served([lost, REFUSED("UNAVAILABLE"), REFUSED("OUTCOME_UNKNOWN"), { data: { done: true } }]);
  const state = watched(client.mutate("mutation", {}));
  await timers.pass(60_000);
  assert.deepEqual(state.value, { done: true });
  const keys = requests.map(({ headers }) => headers["idempotency-key"]);
  assert.match(keys[0], /^[0-9a-f]{32}$/);
  assert.deepEqual(keys, [keys[0], keys[0], keys[0], keys[0]]);
});

test("a mutation waits as long as a limit lasts, or until it is woken", async () => {
  const { client, requests, timers } = served([REFUSED("RATE_LIMITED", { retryAfter: 30 }), REFUSED("RATE_LIMITED", { retryAfter: 30 }), { data: {} }]);
  const state = watched(client.mutate("mutation", {}, { key: "mine" }));
  await timers.pass(29_999);
  assert.equal(requests.length, 1);
  await timers.pass(1);
  assert.equal(requests.length, 2);
  client.wake();
  await timers.pass(0);
  assert.deepEqual(state.value, {});
  assert.equal(requests[2].headers["idempotency-key"], "mine");
});

test("a refused mutation is not repeated", async () => {
  const { client, requests } = served([REFUSED("FORBIDDEN")]);
  await assert.rejects(client.mutate("mutation", {}), ({ code }) => code === "FORBIDDEN");
  assert.equal(requests.length, 1);
});

test("a mutation that is given up leaves no timer", async () => {
  const { client, timers } = served([new TypeError("lost")]);
  const controller = new AbortController();
  const state = watched(client.mutate("mutation", {}, { signal: controller.signal }));
  await settle();
  controller.abort();
  await settle();
  assert.ok(state.error instanceof Unreachable);
  assert.equal(timers.pending, 0);
});
