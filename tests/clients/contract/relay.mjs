// relay-compiler makes artifacts of a client's documents, and relay-runtime keeps its store true with them.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import relay from "relay-runtime";
import ts from "typescript";
import { readFileSync, writeFileSync } from "node:fs";
import { assert, check, ORIGIN, part } from "../check.mjs";
import { signIn } from "../live.mjs";
import { folder, tool } from "./tool.mjs";

const { commitMutation, Environment, fetchQuery, Network, RecordSource, Store } = relay;

await check("relay", async () => {
  const artifacts = folder("relay");
  await part("relay-compiler takes @refetchable, @connection and @deleteRecord", () => tool("relay-compiler", "relay/relay.config.json"));
  const files = readdirSync(artifacts).filter((file) => file.endsWith(".graphql.ts"));
  // The artifacts are written in TypeScript; without their types they are JavaScript.
  for (const file of files) {
    const text = ts.transpileModule(readFileSync(join(artifacts, file), "utf8"), {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    }).outputText;
    writeFileSync(join(artifacts, file.replace(/\.ts$/, ".mjs")), text.replace(/(from "\.\/[^"]+\.graphql)"/g, '$1.mjs"'));
  }
  const artifact = async (name) => (await import(pathToFileURL(join(artifacts, `${name}.graphql.mjs`)))).default;

  const token = await signIn();
  const environment = new Environment({
    store: new Store(new RecordSource()),
    network: Network.create(async ({ text }, variables) => {
      const response = await fetch(`${ORIGIN}/graphql`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
        body: JSON.stringify({ query: text, variables }),
      });
      return response.json();
    }),
  });
  const record = (id) => environment.getStore().getSource().get(id);
  const mutate = async (name, input) =>
    new Promise(async (done, failed) =>
      commitMutation(environment, { mutation: await artifact(name), variables: { input }, onCompleted: done, onError: failed }),
    );
  const people = await fetchQuery(environment, await artifact("documentsPeopleQuery"), {}).toPromise();

  await part("the viewer and the user are two records", () => {
    const { viewer } = people;
    assert.notEqual(viewer.id, viewer.user.id);
    assert.equal(record(viewer.id).__typename, "Viewer");
    assert.equal(record(viewer.user.id).__typename, "User");
    assert.equal(record(viewer.wallet.id).balance, viewer.wallet.balance);
  });
  await part("a top-up changes the wallet's record", async () => {
    const { id, balance } = people.viewer.wallet;
    await mutate("documentsTopUpMutation", { amount: 5 });
    assert.equal(record(id).balance, balance + 5);
  });
  await part("a deletion takes the space's record away", async () => {
    const { createSpace } = await mutate("documentsCreateSpaceMutation", { name: "Relay" });
    const { id } = createSpace.space;
    assert.equal(record(id).name, "Relay");
    await mutate("documentsDeleteSpaceMutation", { spaceId: id });
    assert.equal(record(id) ?? null, null);
  });
  await part("a record is read again through node", async () => {
    const { createSpace } = await mutate("documentsCreateSpaceMutation", { name: "Again" });
    const response = await fetch(`${ORIGIN}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: "query($id: ID!) { node(id: $id) { id __typename ... on Space { name } } }", variables: { id: createSpace.space.id } }),
    });
    assert.deepEqual((await response.json()).data.node, { id: createSpace.space.id, __typename: "Space", name: "Again" });
  });
  return `${files.length} artifacts`;
});
