// Normalised caches stay true without another request: Apollo Client and urql's Graphcache join, top up, post and delete.
import { ApolloClient, gql, HttpLink, InMemoryCache } from "@apollo/client";
import { createClient, fetchExchange } from "@urql/core";
import { cacheExchange } from "@urql/exchange-graphcache";
import { readFileSync } from "node:fs";
import { buildSchema, introspectionFromSchema } from "graphql";
import { assert, check, ORIGIN, part } from "../check.mjs";
import { signIn } from "../live.mjs";
import { SCHEMA } from "./tool.mjs";

const COMMUNITIES = `query Communities { communities(kind: CLUB, first: 20) { nodes { id name joinFee monthlyFee viewerMembership { id } } } }`;
const VIEWER = `query Viewer { viewer { id name user { id name } wallet { id balance } } }`;
const COMMUNITY = `query Community($id: ID!) {
  community(id: $id) { id memberCount viewerMembership { id role } conversation { id messageCount lastMessage { id content } } }
}`;
const TOP_UP = `mutation TopUp($amount: Coins!) { topUpWallet(input: { amount: $amount }) { wallet { id balance } } }`;
const CREATE = `mutation Create($name: String!) {
  createCommunity(input: { name: $name, joinFee: 4, monthlyFee: 3 }) { community { id } }
}`;
const JOIN = `mutation Join($id: ID!) {
  joinCommunity(input: { communityId: $id }) {
    membership {
      id
      role
      community { id memberCount viewerMembership { id role } conversation { id messageCount lastMessage { id content } } }
    }
    wallet { id balance }
  }
}`;
const POST = `mutation Post($id: ID!, $content: String!) {
  postMessage(input: { conversationId: $id, content: $content }) {
    message { id content conversation { id messageCount lastMessage { id content } } }
  }
}`;
const DELETE = `mutation Delete($id: ID!) {
  deleteMessage(input: { messageId: $id }) {
    message { id content deletedAt conversation { id messageCount lastMessage { id content } } }
  }
}`;
const LEAVE = `mutation Leave($id: ID!) {
  leaveCommunity(input: { communityId: $id }) {
    deletedId
    community { id memberCount viewerMembership { id role } conversation { id } }
  }
}`;
const SPACES = `query Spaces { viewer { id spaces(first: 20) { nodes { id name } } } }`;
const CREATE_SPACE = `mutation CreateSpace { createSpace(input: { name: "Cache check" }) { space { id name } } }`;
const DELETE_SPACE = `mutation DeleteSpace($id: ID!) { deleteSpace(input: { spaceId: $id }) { deletedId } }`;

const headersOf = (token) => ({ authorization: `Bearer ${token}` });

/** Apollo Client: `read` takes from the cache alone, `forget` evicts what a mutation names as deleted. */
function apollo(token) {
  const cache = new InMemoryCache({
    possibleTypes: { Community: ["Club", "OfficialAccount", "Lounge"] },
  });
  const client = new ApolloClient({ cache, link: new HttpLink({ uri: `${ORIGIN}/graphql`, headers: headersOf(token) }) });
  return {
    fetch: async (query, variables) => (await client.query({ query: gql(query), variables, fetchPolicy: "network-only" })).data,
    run: async (mutation, variables) => (await client.mutate({ mutation: gql(mutation), variables })).data,
    read: async (query, variables) => client.readQuery({ query: gql(query), variables }),
    deleteSpace: async (id) => {
      const update = (store, { data }) => store.evict({ id: store.identify({ __typename: "Space", id: data.deleteSpace.deletedId }) });
      await client.mutate({ mutation: gql(DELETE_SPACE), variables: { id }, update });
    },
  };
}

/** urql with Graphcache, which knows the schema. */
function urql(token) {
  const schema = introspectionFromSchema(buildSchema(readFileSync(SCHEMA, "utf8")));
  const cache = cacheExchange({
    schema,
    updates: {
      Mutation: {
        deleteSpace: ({ deleteSpace }, _, store) => store.invalidate({ __typename: "Space", id: deleteSpace.deletedId }),
      },
    },
  });
  const client = createClient({
    url: `${ORIGIN}/graphql`,
    preferGetMethod: false,
    exchanges: [cache, fetchExchange],
    fetchOptions: { headers: headersOf(token) },
  });
  const dataOf = ({ data, error }) => {
    if (error) throw error;
    return data;
  };
  return {
    fetch: async (query, variables) => dataOf(await client.query(query, variables, { requestPolicy: "network-only" }).toPromise()),
    run: async (mutation, variables) => dataOf(await client.mutation(mutation, variables).toPromise()),
    read: async (query, variables) => dataOf(await client.query(query, variables, { requestPolicy: "cache-only" }).toPromise()),
    deleteSpace: async (id) => void dataOf(await client.mutation(DELETE_SPACE, { id }).toPromise()),
  };
}

async function journey(name, client, owner) {
  const { createCommunity } = await owner.run(CREATE, { name: `${name} cache` });
  const { id } = createCommunity.community;
  await client.fetch(COMMUNITIES);
  const { viewer } = await client.fetch(VIEWER);
  await client.fetch(COMMUNITY, { id });
  const balance = async () => (await client.read(VIEWER)).viewer.wallet.balance;
  const community = async () => (await client.read(COMMUNITY, { id })).community;

  await part(`${name}: a top-up`, async () => {
    await client.run(TOP_UP, { amount: 20 });
    assert.equal(await balance(), viewer.wallet.balance + 20);
    assert.equal((await client.read(VIEWER)).viewer.user.name, viewer.user.name);
  });
  await part(`${name}: joining`, async () => {
    await client.run(JOIN, { id });
    assert.equal(await balance(), viewer.wallet.balance + 13);
    const { memberCount, viewerMembership, conversation } = await community();
    assert.deepEqual([memberCount, viewerMembership.role, typeof conversation.id], [2, "MEMBER", "string"]);
  });
  const room = (await community()).conversation.id;
  const posted = await part(`${name}: posting`, async () => {
    const { postMessage } = await client.run(POST, { id: room, content: "Hello" });
    const { messageCount, lastMessage } = (await community()).conversation;
    assert.ok(messageCount >= 1);
    assert.equal(lastMessage.content, "Hello");
    return postMessage.message.id;
  });
  await part(`${name}: deleting a message`, async () => {
    await client.run(DELETE, { id: posted });
    assert.notEqual((await community()).conversation.lastMessage?.content, "Hello");
  });
  await part(`${name}: leaving`, async () => {
    await client.run(LEAVE, { id });
    const { memberCount, viewerMembership } = await community();
    assert.deepEqual([memberCount, viewerMembership], [1, null]);
  });
  await part(`${name}: deleting a space`, async () => {
    const { createSpace } = await client.run(CREATE_SPACE);
    await client.fetch(SPACES);
    await client.deleteSpace(createSpace.space.id);
    const left = (await client.read(SPACES))?.viewer.spaces.nodes ?? [];
    assert.equal(left.filter((space) => space?.id === createSpace.space.id).length, 0);
  });
}

await check("normalised caches", async () => {
  const owner = apollo(await signIn("layla@demo.plaza"));
  const token = await signIn();
  await journey("Apollo", apollo(token), owner);
  await journey("urql", urql(token), owner);
});
