// The client of the graphql-ws package, unchanged, against our WebSocket.
import { createClient } from "graphql-ws";
import WebSocket from "ws";
import { assert, check, ORIGIN, part } from "./check.mjs";
import { ALICE, contentOf, EVENTS, NAME, openChat, POST, signIn } from "./live.mjs";

const URLS = ["/graphql/ws", "/graphql"].map((path) => ORIGIN.replace(/^http/, "ws") + path);

const connect = (connectionParams, options) =>
  createClient({ url: URLS[0], webSocketImpl: WebSocket, connectionParams, retryAttempts: 0, ...options });

/** The one result of an operation. */
function resultOf(client, query, variables) {
  return new Promise((resolve, reject) => {
    let result;
    client.subscribe({ query, variables }, {
      next: (value) => (result = value),
      error: reject,
      complete: () => resolve(result),
    });
  });
}

async function dataOf(client, query, variables) {
  const { data, errors } = await resultOf(client, query, variables);
  assert.equal(errors, undefined, JSON.stringify(errors));
  return data;
}

/** The next result of a subscription, which must not end. */
async function nextOf(events) {
  const { value, done } = await events.next();
  assert.equal(done, false, "the subscription has ended");
  return value;
}

await check("graphql-ws client", async () => {
  const token = await signIn();
  const client = connect({ token });

  await part("a query, at both addresses", async () => {
    for (const url of URLS) {
      const other = connect(async () => ({ Authorization: `Bearer ${token}` }), { url });
      assert.equal((await dataOf(other, NAME)).viewer.name, ALICE);
      await other.dispose();
    }
  });

  await part("an invalid document: errors, and the socket goes on", async () => {
    const errors = await resultOf(client, "{ nothing }").then(assert.fail, (refused) => refused);
    assert.equal(errors[0].extensions.code, "GRAPHQL_VALIDATION_FAILED");
  });

  await part("a mutation that is refused while it runs: a result with errors", async () => {
    const { errors } = await resultOf(client, `mutation { createSpace(input: { name: "" }) { space { id } } }`);
    assert.equal(errors[0].extensions.code, "INVALID");
  });

  const chat = await part("mutations", () => openChat((query, variables) => dataOf(client, query, variables)));
  const post = (content) => dataOf(client, POST, { chat, content });

  const position = await part("a subscription: where things stand, then what happens", async () => {
    const events = client.iterate({ query: EVENTS, variables: { chat } });
    const first = await nextOf(events);
    assert.equal(first.data.conversationEvents.__typename, "ConversationSnapshot");
    await post("one");
    const one = await nextOf(events);
    assert.equal(contentOf(one), "one");
    await events.return();
    return one.data.conversationEvents.position;
  });

  await part("a subscription goes on behind a position", async () => {
    await post("two");
    await post("three");
    const events = client.iterate({ query: EVENTS, variables: { chat, after: position } });
    assert.equal(contentOf(await nextOf(events)), "two");
    assert.equal(contentOf(await nextOf(events)), "three");
    await events.return();
  });

  await part("a socket that broke is opened again, and its subscription too", async () => {
    let reconnected;
    const again = new Promise((resolve) => (reconnected = resolve));
    const persistent = connect({ token }, {
      retryAttempts: 3,
      retryWait: async () => {},
      on: { connected: (socket, payload, retrying) => retrying && reconnected() },
    });
    const events = persistent.iterate({ query: EVENTS, variables: { chat, after: position } });
    assert.equal(contentOf(await nextOf(events)), "two");
    persistent.terminate();
    await again;
    await post("four");
    // What came before the break comes once more: the client asks anew from the position that it was given.
    while (contentOf(await nextOf(events)) !== "four");
    await events.return();
    await persistent.dispose();
  });

  await part("the client's pings are answered", async () => {
    const answered = new Promise((resolve) => {
      const pinging = connect({ token }, { lazy: false, keepAlive: 20, on: { pong: () => resolve(pinging) } });
    });
    await (await answered).dispose();
  });

  await part("an unknown token: closed with 4403", async () => {
    const closed = await resultOf(connect({ token: "nobody's" }), NAME).then(assert.fail, (event) => event);
    assert.equal(closed.code, 4403);
    assert.equal(closed.reason, "Unauthorized");
  });

  await client.dispose();
});
