// What the checks of live clients share: somebody who is signed in, and a chat to listen to.
import { assert, ORIGIN } from "./check.mjs";

export const EMAIL = "alice@demo.plaza";
export const PASSWORD = "plaza-demo";
export const ALICE = "Alice Johansson";

export const NAME = "query Name { viewer { name } }";
export const EVENTS = `subscription Events($chat: ID!, $after: String) {
  conversationEvents(conversationId: $chat, after: $after) {
    __typename
    position
    ... on MessageEvent { message { content } }
  }
}`;
export const POST = `mutation Post($chat: ID!, $content: String!) {
  postMessage(input: { conversationId: $chat, content: $content }) { message { id } }
}`;

/** Signs in and returns the token. */
export async function signIn(email = EMAIL) {
  const response = await fetch(`${ORIGIN}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email, password: PASSWORD }),
  });
  assert.equal(response.status, 200, await response.clone().text());
  return (await response.json()).token;
}

/** Opens a session in a new space and returns its chat. `run` gives the data of one operation. */
export async function openChat(run) {
  const { createSpace } = await run('mutation { createSpace(input: { name: "Client check" }) { space { id } } }');
  const { openSpaceSession } = await run(
    "mutation($space: ID!) { openSpaceSession(input: { spaceId: $space }) { spaceSession { conversation { id } } } }",
    { space: createSpace.space.id },
  );
  return openSpaceSession.spaceSession.conversation.id;
}

/** The text of the message that an event is about. */
export function contentOf({ data, errors }) {
  assert.equal(errors, undefined, JSON.stringify(errors));
  return data.conversationEvents.message?.content;
}

/** Signs a person of the demo in by the API; gives a function that sends an operation for them and gives its data. */
export async function caller(who) {
  const token = await signIn(`${who}@demo.plaza`);
  return async (query, variables) => {
    const response = await fetch(`${ORIGIN}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = await response.json();
    assert.equal(errors, undefined, JSON.stringify(errors));
    return data;
  };
}
