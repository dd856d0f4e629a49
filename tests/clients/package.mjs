// The client package: the program of its README, and the client over a network that fails.
import { spawn } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { PlazaClient, Refusal, Unreachable } from "plaza-client";
import { ConversationEvents, CreateCommunity, Messages, PostMessage, SignUp } from "plaza-client/operations";
import WebSocket from "ws";
import { assert, check, part } from "./check.mjs";
import { OwnServer } from "./own-server.mjs";
import { Proxy } from "./proxy.mjs";

const README = new URL("../../clients/js/README.md", import.meta.url);
/** Lines that the program of the README may have. */
const MOST_LINES = 40;
/** Messages of the check that resumes, and after how many of them the network fails. */
const COUNT = 120;
const STEP = 20;

/** Runs a program beside this one, so that it finds the package as an application does. Gives what it prints. */
async function run(text, url) {
  const path = fileURLToPath(new URL("readme-program.tmp.mjs", import.meta.url));
  await writeFile(path, text);
  try {
    const child = spawn(process.execPath, [path], { env: { ...process.env, PLAZA_URL: url }, stdio: ["ignore", "pipe", "pipe"] });
    let printed = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes) => (printed += bytes));
    const code = await new Promise((resolve) => child.once("close", resolve));
    assert.equal(code, 0, printed);
    return printed;
  } finally {
    await rm(path);
  }
}

/** The texts of an event's messages. */
const textsOf = ({ conversationEvents: event }) =>
  (event.__typename === "ConversationSnapshot" ? event.messages : event.__typename === "MessageEvent" ? [event.message] : []).map(({ content }) => content);

const server = await OwnServer.make();
const proxy = new Proxy(server.port);

await check(
  "the client package",
  async () => {
    await server.start({ PLAZA_RATE_LIMITS: "off" });
    const flaky = await proxy.listen();

    await part("the program of the README, in at most 40 lines", async () => {
      const [, program] = /```js\n([^]*?)```/.exec(await readFile(README, "utf8"));
      assert.ok(program.trim().split("\n").length <= MOST_LINES);
      const printed = await run(program, server.origin);
      assert.match(printed, /^Ada: e4$/m);
      assert.match(printed, /^Ben: c5$/m);
    });

    const { signUp } = await new PlazaClient({ url: server.origin }).request(SignUp, { name: "Ada", email: "ada@example.com", password: "correct horse battery" });
    const steady = new PlazaClient({ url: server.origin, token: signUp.token });
    const client = new PlazaClient({ url: flaky, token: () => signUp.token, WebSocket });
    const { createCommunity } = await steady.mutate(CreateCommunity, { input: { name: "Over a bad line" } });
    const room = { conversationId: createCommunity.community.conversation.id };

    await part("a subscription over a network that is cut: each event once and in order", async () => {
      const sent = Array.from({ length: COUNT }, (_, index) => `message ${index}`);
      const heard = [];
      const states = [];
      client.connection.listen(() => states.push(client.connection.state));
      const events = client.events(ConversationEvents, room);
      await events.next();
      for (const [index, content] of sent.entries()) {
        if (index % STEP === STEP / 2) proxy.cut();
        await steady.mutate(PostMessage, { ...room, content });
        if (index % STEP === STEP - 1) {
          proxy.open();
          client.wake();
          while (heard.at(-1) !== content) heard.push(...textsOf((await events.next()).value));
        }
      }
      assert.deepEqual(heard, sent);
      assert.ok(states.includes("reconnecting"));
      await events.return();
    });

    await part("a mutation whose answers are lost happens once", async () => {
      proxy.deafen();
      const posting = client.mutate(PostMessage, { ...room, content: "only once" });
      // The server has it although the client does not know.
      const events = steadyEvents();
      for await (const event of events) if (textsOf(event).includes("only once")) break;
      proxy.open();
      client.wake();
      const { postMessage } = await posting;
      const { messages } = await steady.request(Messages, { ...room, limit: 10 });
      assert.deepEqual(messages.filter(({ content }) => content === "only once").map(({ id }) => id), [postMessage.message.id]);
    });

    await part("a refusal has a code, and ends a subscription", async () => {
      const unknown = { conversationId: "00000000-0000-7000-8000-000000000000" };
      await assert.rejects(client.request(PostMessage, { ...unknown, content: "?" }), (error) => error instanceof Refusal && error.code === "NOT_FOUND");
      await assert.rejects(client.events(ConversationEvents, unknown).next(), (error) => error instanceof Refusal && error.code === "NOT_FOUND");
    });

    await part("a server that does not answer is unreachable", async () => {
      proxy.cut();
      await assert.rejects(client.request(Messages, room), Unreachable);
      proxy.open();
    });

    client.close();

    /** The events over a line that does not fail. */
    function steadyEvents() {
      return new PlazaClient({ url: server.origin, token: signUp.token, WebSocket }).events(ConversationEvents, room);
    }
  },
  120_000,
);
proxy.close();
await server.remove();
