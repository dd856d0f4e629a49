// The chat page over a network that fails: nothing that people write is lost, doubled or out of order.
import { createServer } from "node:http";
import { browse } from "./browser.mjs";
import { assert, check, part } from "./check.mjs";
import { OwnServer } from "./own-server.mjs";
import { Proxy } from "./proxy.mjs";

const PASSWORD = "correct horse battery";
/** Milliseconds for what takes the page's own time limits to notice. */
const PATIENCE = { timeout: 90_000 };

const field = (page) => page.getByLabel("Message", { exact: true });
const offline = (page) => page.locator(".offline");
const pending = (page) => page.locator(".message-pending");

/** The texts that a page shows as posted, in order. */
const shown = (page) => page.locator(".message:not(.message-pending) .prose").allInnerTexts();

async function open(page, origin, { email }, room) {
  await page.goto(`${origin}/chat#/c/${room}`);
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await field(page).waitFor();
}

/** Types and sends, without waiting for anything. */
async function write(page, text) {
  await field(page).fill(text);
  await page.keyboard.press("Enter");
}

/** Waits until a browser has written down so many messages that are not posted yet. */
const kept = (page, count) =>
  page.waitForFunction(async (count) => {
    const asked = (request) => new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
    const database = await asked(indexedDB.open("plaza"));
    const rows = await asked(database.transaction("outbox").objectStore("outbox").count());
    database.close();
    return rows === count;
  }, count);

/**
 * Waits until a page shows exactly these texts since `mark`, in order, and nothing on its way. The list hides a message until it has
 * measured it; `innerText` is empty until then.
 */
async function shows(page, mark, texts) {
  const read = ({ mark }) => {
    const all = [...document.querySelectorAll(".message:not(.message-pending) .prose")].map((element) => element.innerText);
    return all.slice(all.indexOf(mark) + 1);
  };
  const isThere = ({ mark, texts }) => {
    const all = [...document.querySelectorAll(".message:not(.message-pending) .prose")].map((element) => element.innerText);
    const since = all.slice(all.indexOf(mark) + 1);
    return since.length >= texts.length && since.every(Boolean) && !document.querySelector(".message-pending");
  };
  await page.waitForFunction(isThere, { mark, texts }, PATIENCE).catch(async (cause) => {
    throw new Error(`the page shows ${JSON.stringify(await page.evaluate(read, { mark }))}`, { cause });
  });
  assert.deepEqual(await page.evaluate(read, { mark }), texts);
}

/** Writes down whatever is said as these words, as a server of speech recognition would. */
const SPOKEN = "These words were spoken.";
const recognition = createServer((request, response) => {
  request.resume().on("end", () => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ text: SPOKEN }));
  });
});
await new Promise((resolve) => recognition.listen(0, "127.0.0.1", resolve));

const server = await OwnServer.make();
const proxy = new Proxy(server.port);

await check(
  "the chat over a failing network",
  async () => {
    const origin = await proxy.listen();
    const settings = {
      PLAZA_RATE_LIMITS: "off",
      PLAZA_ALLOWED_ORIGINS: origin,
      PLAZA_TRANSCRIPTION_BASE_URL: `http://127.0.0.1:${recognition.address().port}`,
    };
    await server.start(settings);
    const [ada, ben] = [await server.signUp("Ada", "ada@example.com", PASSWORD), await server.signUp("Ben", "ben@example.com", PASSWORD)];
    const club = async (name) => {
      const { createCommunity } = await server.run(
        ben.token,
        "mutation($name: String!) { createCommunity(input: { name: $name }) { community { id conversation { id } } } }",
        { name },
      );
      await server.run(ada.token, "mutation($id: ID!) { joinCommunity(input: { communityId: $id }) { membership { id } } }", { id: createCommunity.community.id });
      return { id: createCommunity.community.id, room: createCommunity.community.conversation.id };
    };
    const [first, second] = [await club("First room"), await club("Second room")];
    /** What the server has in the room, oldest first: the truth that both pages are held to. */
    const stored = async () => {
      const query = "query($id: ID!) { messages(conversationId: $id, limit: 100) { content kind } }";
      const { messages } = await server.run(ben.token, query, { id: first.room });
      return messages.filter(({ kind }) => kind === "TEXT").map(({ content }) => content);
    };

    await browse(async ({ visit, shot, quiet }) => {
      const sizes = [{ width: 1280, height: 800 }, { width: 390, height: 844 }];
      const [far, near] = [await visit(sizes[0], { isFailing: true }), await visit(sizes[1], { isFailing: true })];
      await open(far, origin, ada, first.room);
      await open(near, server.origin, ben, first.room);
      /** Both pages and the server have these texts behind a first one, in order, once. */
      const all = async (mark, texts) => {
        await Promise.all([shows(far, mark, texts), shows(near, mark, texts)]);
        const there = await stored();
        assert.deepEqual(there.slice(there.indexOf(mark) + 1), texts, "the server has something else");
      };
      /** Posts a text that what follows is counted from. */
      const marked = async (mark) => {
        await write(near, mark);
        await far.locator(".prose").filter({ hasText: mark }).waitFor();
        await pending(near).waitFor({ state: "detached" });
        return mark;
      };

      await part("ten messages in a row arrive as ten, in order, and the field is free at once", async () => {
        const mark = await marked("Ten follow.");
        const texts = Array.from({ length: 10 }, (_, index) => `quick ${index + 1}`);
        for (const text of texts) await write(far, text);
        await field(far).pressSequentially("still typing");
        await all(mark, texts);
        assert.equal(await field(far).inputValue(), "still typing");
        await field(far).fill("");
      });

      await part("the same text ten times is ten messages", async () => {
        const mark = await marked("The same ten times.");
        for (let times = 0; times < 10; times++) await write(far, "ok");
        await all(mark, Array(10).fill("ok"));
      });

      await part("a cut: what is loaded stays, what is written is sent, what others wrote is there", async () => {
        const mark = await marked("Now it is cut.");
        await field(far).fill("half a sentence");
        proxy.cut();
        await offline(far).waitFor();
        assert.equal(await field(far).inputValue(), "half a sentence");
        assert.ok((await shown(far)).includes(mark));
        await write(near, "from the other side");
        for (const text of ["cut 1", "cut 2", "cut 3"]) await write(far, text);
        await pending(far).nth(2).waitFor();
        await near.locator(".prose").filter({ hasText: "from the other side" }).waitFor();
        await field(far).fill("typed without a connection");
        await shot(far, "outage-cut");
        proxy.open();
        await all(mark, ["from the other side", "cut 1", "cut 2", "cut 3"]);
        await offline(far).waitFor({ state: "detached" });
        assert.equal(await field(far).inputValue(), "typed without a connection");
        await field(far).fill("");
      });

      await part("a screen that is opened without a connection opens when there is one", async () => {
        await field(far).fill("typed before the screen");
        proxy.cut();
        await offline(far).waitFor();
        await far.evaluate(() => (location.hash = "#/discover"));
        await far.getByText("This page opens as soon as the server can be reached again.").waitFor();
        proxy.open();
        await far.getByRole("heading", { name: "Communities" }).waitFor(PATIENCE);
        await far.evaluate((id) => (location.hash = `#/c/${id}`), first.room);
        await field(far).waitFor();
        assert.equal(await field(far).inputValue(), "typed before the screen");
        await field(far).fill("");
      });

      await part("answers that are lost: what was posted is not posted again", async () => {
        const mark = await marked("Now answers are lost.");
        proxy.deafen();
        for (const text of ["deaf 1", "deaf 2"]) await write(far, text);
        // The server has it, and the page cannot know.
        await near.locator(".prose").filter({ hasText: "deaf 1" }).waitFor(PATIENCE);
        await pending(far).nth(1).waitFor();
        proxy.open();
        await all(mark, ["deaf 1", "deaf 2"]);
      });

      await part("a proxy that stalls and closes nothing is noticed", async () => {
        const mark = await marked("Now it stalls.");
        proxy.stall();
        await write(far, "stalled 1");
        await write(near, "meanwhile");
        await offline(far).waitFor(PATIENCE);
        await write(far, "stalled 2");
        proxy.open();
        await all(mark, ["meanwhile", "stalled 1", "stalled 2"]);
      });

      await part("a network that comes back is tried at once", async () => {
        const mark = await marked("Now it wakes up.");
        proxy.stall();
        await write(far, "asleep");
        // What a browser says when a laptop is opened: nothing but this tells the page that its socket is dead.
        await far.evaluate(() => dispatchEvent(new Event("online")));
        await offline(far).waitFor();
        proxy.open();
        await far.evaluate(() => dispatchEvent(new Event("online")));
        await all(mark, ["asleep"]);
      });

      await part("a server that restarts", async () => {
        const mark = await marked("Now it restarts.");
        await server.stop();
        await Promise.all([offline(far).waitFor(), offline(near).waitFor()]);
        await write(far, "restart 1");
        await write(far, "restart 2");
        await pending(far).nth(1).waitFor();
        await server.start(settings);
        await all(mark, ["restart 1", "restart 2"]);
      });

      await part("a voice message waits for the connection, too", async () => {
        const mark = await marked("Now something is said.");
        proxy.cut();
        await offline(far).waitFor();
        await far.getByRole("button", { name: "Record a voice message" }).click();
        // A recording that ends at once has no sound.
        await far.getByRole("timer").filter({ hasText: "0:01" }).waitFor();
        await far.getByRole("button", { name: "Stop and send" }).click();
        await pending(far).filter({ hasText: "Voice message" }).waitFor();
        await write(far, "and this was written");
        proxy.open();
        await all(mark, [SPOKEN, "and this was written"]);
        await near.locator(".message").filter({ hasText: SPOKEN }).locator("audio").waitFor();
      });

      let page = far;
      await part("a page that is closed with a queue and drafts: both are there in the next", async () => {
        const mark = await marked("Now the page is closed.");
        proxy.cut();
        await offline(far).waitFor();
        for (const text of ["kept 1", "kept 2"]) await write(far, text);
        await pending(far).nth(1).waitFor();
        await field(far).fill("draft of the first room");
        // Without a connection: a room that was never open has nothing to show, one that was open has all of it.
        await far.evaluate((id) => (location.hash = `#/c/${id}`), second.room);
        await far.getByText("Opening…").waitFor();
        await far.evaluate((id) => (location.hash = `#/c/${id}`), first.room);
        await far.locator(".prose").filter({ hasText: mark }).waitFor();
        assert.equal(await field(far).inputValue(), "draft of the first room");
        const context = far.context();
        await kept(far, 2);
        await far.close();
        proxy.open();
        page = await context.newPage();
        await page.goto(`${origin}/chat#/c/${first.room}`);
        await Promise.all([shows(page, mark, ["kept 1", "kept 2"]), shows(near, mark, ["kept 1", "kept 2"])]);
        assert.equal(await field(page).inputValue(), "draft of the first room");
        await page.goto(`${origin}/chat#/c/${second.room}`);
        await page.locator("h1").filter({ hasText: "Second room" }).waitFor();
        assert.equal(await field(page).inputValue(), "");
        await field(page).fill("draft of the second room");
        await page.goto(`${origin}/chat#/c/${first.room}`);
        await page.locator("h1").filter({ hasText: "First room" }).waitFor();
        assert.equal(await field(page).inputValue(), "draft of the first room");
        await page.reload();
        await field(page).waitFor();
        assert.equal(await field(page).inputValue(), "draft of the first room");
        await page.goto(`${origin}/chat#/c/${second.room}`);
        await page.locator("h1").filter({ hasText: "Second room" }).waitFor();
        assert.equal(await field(page).inputValue(), "draft of the second room");
        await page.goto(`${origin}/chat#/c/${first.room}`);
        await page.locator("h1").filter({ hasText: "First room" }).waitFor();
        await field(page).fill("");
      });
      const both = async (mark, texts) => Promise.all([shows(page, mark, texts), shows(near, mark, texts)]);
      const since = async (mark) => {
        await write(near, mark);
        await page.locator(".prose").filter({ hasText: mark }).waitFor();
        return mark;
      };

      await part("another window of the same person takes over what a closed one left", async () => {
        const mark = await since("Now a window is closed.");
        const other = await page.context().newPage();
        await other.goto(`${origin}/chat#/c/${second.room}`);
        await field(other).waitFor();
        proxy.cut();
        await offline(page).waitFor();
        await write(page, "left behind");
        await kept(page, 1);
        await page.close();
        proxy.open();
        await shows(near, mark, ["left behind"]);
        page = other;
        await page.goto(`${origin}/chat#/c/${first.room}`);
        await shows(page, mark, ["left behind"]);
      });

      await part("a sign-in that ends keeps the queue and the draft", async () => {
        const mark = await since("Now the sign-in ends.");
        proxy.cut();
        await offline(page).waitFor();
        await write(page, "before signing in again");
        await pending(page).waitFor();
        await field(page).fill("typed before signing in again");
        // By the other address of the server: the browser's cookie is the same.
        const ended = await page.context().request.post(`${server.origin}/graphql`, { data: { query: "mutation { signOut { deletedId } }" } });
        assert.equal((await ended.json()).errors, undefined);
        proxy.open();
        await page.getByLabel("Password").waitFor(PATIENCE);
        await page.getByLabel("Email").fill(ada.email);
        await page.getByLabel("Password").fill(PASSWORD);
        await page.getByRole("button", { name: "Sign in" }).click();
        await both(mark, ["before signing in again"]);
        assert.equal(await field(page).inputValue(), "typed before signing in again");
        await field(page).fill("");
      });

      await part("what is refused says why at the message, holds up nothing, and can be edited", async () => {
        const mark = await since("Now something is too long.");
        await write(page, "x".repeat(5001));
        await write(page, "short");
        const failed = page.locator('.message-pending[data-status="failed"]');
        await failed.getByText("Not sent: Message must be 1-5000 characters").waitFor();
        // The refused text is higher than the window, which then leaves out the message above it.
        await shows(near, mark, ["short"]);
        await failed.getByRole("button", { name: "Edit" }).click();
        await failed.getByLabel("Message").fill("shorter");
        await failed.getByRole("button", { name: "Send" }).click();
        await both(mark, ["short", "shorter"]);

        const moderate = (name) =>
          server.run(ben.token, `mutation($community: ID!, $user: ID!) { ${name}(input: { communityId: $community, userId: $user }) { membership { id } } }`, {
            community: first.id,
            user: ada.id,
          });
        await moderate("muteMember");
        await write(page, "while muted");
        await failed.getByText("You are muted in this community").waitFor();
        await shot(page, "outage-refused");
        await page.reload();
        await failed.getByText("You are muted in this community").waitFor();
        await moderate("unmuteMember");
        await failed.getByRole("button", { name: "Try again" }).click();
        await both(mark, ["short", "shorter", "while muted"]);
      });

      await part("five minutes without a connection", async () => {
        const mark = await since("Now it is five minutes.");
        await page.clock.install();
        await page.reload();
        await field(page).waitFor();
        proxy.cut();
        await page.clock.runFor(2000);
        await offline(page).waitFor();
        await write(page, "after a long time");
        await page.clock.runFor("05:00");
        await pending(page).waitFor();
        proxy.open();
        await page.clock.runFor(30_000);
        await both(mark, ["after a long time"]);
        quiet();
      });
    });
  },
  480_000,
);
proxy.close();
recognition.close();
await server.remove();
// Node 20 can spin for ever in closing handles of connections that were reset, where it ends by itself.
process.exit();
