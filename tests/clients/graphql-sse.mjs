// The client of the graphql-sse package, unchanged, in both of its modes.
import { createClient } from "graphql-sse";
import { assert, check, ORIGIN, part } from "./check.mjs";
import { ALICE, contentOf, EVENTS, NAME, openChat, POST, signIn } from "./live.mjs";

const connect = (options) => createClient({ url: `${ORIGIN}/graphql/stream`, retryAttempts: 0, ...options });

/** The one result of an operation. */
async function resultOf(client, query, variables) {
  const results = [];
  for await (const result of client.iterate({ query, variables })) results.push(result);
  assert.equal(results.length, 1, `${results.length} results, not one`);
  return results[0];
}

async function dataOf(client, query, variables) {
  const { data, errors } = await resultOf(client, query, variables);
  assert.equal(errors, undefined, JSON.stringify(errors));
  return data;
}

async function nextOf(events) {
  const { value, done } = await events.next();
  assert.equal(done, false, "the subscription has ended");
  return value;
}

async function inMode(name, token, options) {
  const headers = () => ({ authorization: `Bearer ${token}` });
  const client = connect({ headers, ...options });

  await part(`${name}: a query`, async () => assert.equal((await dataOf(client, NAME)).viewer.name, ALICE));

  const chat = await part(`${name}: mutations`, () => openChat((query, variables) => dataOf(client, query, variables)));

  await part(`${name}: subscriptions: where things stand, then what happens`, async () => {
    const [first, second] = [1, 2].map(() => client.iterate({ query: EVENTS, variables: { chat } }));
    for (const events of [first, second]) {
      assert.equal((await nextOf(events)).data.conversationEvents.__typename, "ConversationSnapshot");
    }
    await dataOf(client, POST, { chat, content: "one" });
    for (const events of [first, second]) assert.equal(contentOf(await nextOf(events)), "one");
    await first.return();
    await dataOf(client, POST, { chat, content: "two" });
    assert.equal(contentOf(await nextOf(second)), "two");
    await second.return();
  });

  client.dispose();
  return chat;
}

await check("graphql-sse client", async () => {
  const token = await signIn();
  const authorization = `Bearer ${token}`;

  const chat = await inMode("distinct connections", token, {});
  await inMode("single connection", token, { singleConnection: true });

  await part("distinct connections: an invalid document is a result with errors", async () => {
    const { errors } = await resultOf(connect(), "{ nothing }");
    assert.equal(errors[0].extensions.code, "GRAPHQL_VALIDATION_FAILED");
  });

  await part("single connection: an invalid document is refused", async () => {
    const refused = await resultOf(connect({ singleConnection: true }), "{ nothing }").then(assert.fail, (error) => error);
    assert.equal(refused.response?.status, 400, String(refused));
  });

  await part("Last-Event-ID goes on behind an event", async () => {
    const events = connect({ headers: { authorization, "last-event-id": "0" } }).iterate({ query: EVENTS, variables: { chat } });
    const contents = [];
    // The first event is that whoever opened the session joined it.
    for (let event = 1; event <= 3; event += 1) contents.push(contentOf(await nextOf(events)));
    assert.deepEqual(contents, [undefined, "one", "two"]);
    await events.return();
  });

  await part("an unknown key is refused with 401", async () => {
    const headers = { authorization: "Bearer ari_cli_00000000000000000000000000000000" };
    for (const singleConnection of [false, true]) {
      const refused = await resultOf(connect({ headers, singleConnection }), NAME).then(assert.fail, (error) => error);
      assert.equal(refused.response?.status, 401, String(refused));
    }
  });
});
