// A room with more messages than a page holds: ways through it, and how little of it is in the document.
import { browse } from "./browser.mjs";
import { field, message } from "./chat-page.mjs";
import { assert, check, part } from "./check.mjs";
import { OwnServer } from "./own-server.mjs";

const PASSWORD = "correct horse battery";
const COUNT = 600;
/** Messages in the document at one time, at most. */
const MOST = 120;

const server = await OwnServer.make();

async function open(page, { email }, room) {
  await page.goto(`${server.origin}/chat#/c/${room}`);
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await field(page).waitFor();
}

/** Whether a locator is in view. */
const isInView = (locator) =>
  locator.evaluate((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return bottom > 0 && top < innerHeight;
  });

await check(
  "a long room in a browser",
  async () => {
    await server.start({ PLAZA_RATE_LIMITS: "off" });
    const [ada, ben] = [await server.signUp("Ada", "ada@example.com", PASSWORD), await server.signUp("Ben", "ben@example.com", PASSWORD)];
    const { createCommunity } = await server.run(
      ben.token,
      'mutation { createCommunity(input: { name: "Long room" }) { community { id conversation { id } } } }',
    );
    const room = createCommunity.community.conversation.id;
    await server.run(ada.token, "mutation($id: ID!) { joinCommunity(input: { communityId: $id }) { membership { id } } }", { id: createCommunity.community.id });
    const post = async (content, token = ben.token, replyToId = null) => {
      const query = "mutation($id: ID!, $content: String!, $replyToId: ID) { postMessage(input: { conversationId: $id, content: $content, replyToId: $replyToId }) { message { id } } }";
      return (await server.run(token, query, { id: room, content, replyToId })).postMessage.message.id;
    };
    const ids = [];
    for (let number = 1; number <= COUNT; number++) {
      ids.push(await post(number === 300 ? "The needle lies in the Café." : `This is number ${number}.`));
    }
    await server.run(ada.token, "mutation($id: ID!) { markRead(input: { conversationId: $id }) { conversation { id } } }", { id: room });

    await browse(async ({ visit, shot, quiet }) => {
      const page = await visit({ width: 1280, height: 860 }, { isFailing: true });
      const said = (number) => page.locator(".message").filter({ hasText: `This is number ${number}.` });
      const list = page.locator(".messages");
      await open(page, ada, room);

      await part("it begins at its end, with few of its messages in the document", async () => {
        await said(COUNT).waitFor();
        assert.ok(await isInView(said(COUNT)));
        assert.ok((await page.locator(".message").count()) < MOST);
      });

      await part("typing changes nothing in the list", async () => {
        await page.waitForFunction(() => document.querySelectorAll(".message").length > 10);
        await page.waitForFunction(() => document.querySelector(".messages").getAttribute("aria-busy") === "false");
        await page.evaluate(() => {
          globalThis.changes = 0;
          const observer = new MutationObserver((records) => (globalThis.changes += records.length));
          observer.observe(document.querySelector(".messages"), { subtree: true, childList: true, attributes: true, characterData: true });
        });
        await field(page).pressSequentially("forty letters that change one field only");
        assert.equal(await page.evaluate(() => globalThis.changes), 0);
        await field(page).fill("");
      });

      await part("scrolling up loads all of it, without a press", async () => {
        for (let tries = 0; (await said(1).count()) === 0; tries++) {
          assert.ok(tries < 400, "the beginning does not come");
          await list.evaluate((element) => (element.scrollTop = 0));
          await page.waitForFunction(() => document.querySelector(".messages").getAttribute("aria-busy") === "false");
        }
        await page.locator(".day").first().waitFor();
        assert.ok((await page.locator(".message").count()) < MOST);
        await shot(page, "long-room-beginning");
      });

      await part("new messages are counted while one reads above, and lead to the end", async () => {
        await post("Said meanwhile.");
        await page.getByRole("button", { name: "1 new message" }).click();
        await message(page, "Said meanwhile.").waitFor();
        assert.ok(await isInView(message(page, "Said meanwhile.")));
      });

      await part("a quoted message outside of what is loaded is gone to", async () => {
        await page.reload();
        await said(COUNT).waitFor();
        await post("An answer to an old one.", ben.token, ids[9]);
        const quote = message(page, "An answer to an old one.").locator(".quoted");
        await quote.filter({ hasText: "This is number 10." }).click();
        await page.locator('.message[data-standing-out="true"]').filter({ hasText: "This is number 10." }).waitFor();
        assert.ok(await isInView(said(10)));
        // Both neighbours are there, and it goes on from here in both directions.
        await said(11).first().waitFor();
        await page.getByRole("button", { name: "Go to the newest messages" }).click();
        await message(page, "An answer to an old one.").waitFor();
      });

      await part("what is searched for is found, marked and gone to", async () => {
        await page.getByRole("button", { name: "Search in this conversation" }).click();
        await page.getByRole("searchbox", { name: "Search in this conversation" }).fill("needle cafe");
        const hit = page.locator(".search-hits button");
        await hit.waitFor();
        assert.deepEqual(await hit.locator("mark").allInnerTexts(), ["needle", "Café"]);
        await hit.click();
        const found = page.locator(".message").filter({ hasText: "The needle lies" });
        await found.locator("mark").first().waitFor();
        assert.ok(await isInView(found));
        await shot(page, "long-room-search");
        await page.keyboard.press("Escape");
        await page.locator(".search-panel").waitFor({ state: "detached" });
      });

      await part("scrolling down from there reaches the newest messages", async () => {
        const last = message(page, "An answer to an old one.");
        for (let tries = 0; (await last.count()) === 0; tries++) {
          assert.ok(tries < 400, "the end does not come");
          await list.evaluate((element) => (element.scrollTop = element.scrollHeight));
          await page.waitForFunction(() => document.querySelector(".messages").getAttribute("aria-busy") === "false");
        }
      });

      await part("a day is gone to", async () => {
        const today = await page.evaluate(() => {
          const now = new Date();
          return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
        });
        await page.locator('input[type="date"]').evaluate((input, value) => {
          const { set } = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value");
          set.call(input, value);
          input.dispatchEvent(new Event("input", { bubbles: true }));
        }, today);
        // All was said today, unless the day has changed since.
        await page.locator(".day").first().waitFor();
        await page.locator('.message[data-standing-out="true"]').waitFor();
      });

      await part("what came while one was away begins below a line", async () => {
        await page.goto(`${server.origin}/chat#/discover`);
        await page.locator(".card").first().waitFor();
        for (let number = 1; number <= 30; number++) await post(`Missed number ${number}.`);
        await page.locator(".rail .badge").filter({ hasText: "30" }).waitFor();
        await page.goto(`${server.origin}/chat#/c/${room}`);
        const line = page.locator(".unread-line");
        await line.waitFor();
        assert.ok(await isInView(line));
        assert.ok(await isInView(message(page, "Missed number 1.").first()));
        await shot(page, "long-room-unread");
      });

      await part("a link to a message leads to it", async () => {
        const query = "query($id: ID!) { conversation(id: $id) { messages(first: 50) { nodes { content cursor } } } }";
        const { conversation } = await server.run(ben.token, query, { id: room });
        const { cursor } = conversation.messages.nodes.find(({ content }) => content === "This is number 20.");
        await page.goto(`${server.origin}/chat#/c/${room}/${encodeURIComponent(cursor)}`);
        await page.reload();
        await said(20).waitFor();
        assert.ok(await isInView(said(20)));
      });
      quiet();
    });
  },
  300_000,
);
await server.remove();
