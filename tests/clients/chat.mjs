// The chat page in a real browser, as several people at once: what one does, the others see.
import { browse } from "./browser.mjs";
import { assert, check, ORIGIN, part } from "./check.mjs";
import { PASSWORD } from "./live.mjs";

/** Signs somebody of the demo in and waits for their conversations. */
async function signIn(page, who) {
  await page.goto(`${ORIGIN}/chat`);
  await page.getByLabel("Email").fill(`${who}@demo.plaza`);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.locator(".row").first().waitFor();
}

/** Makes an account that nobody had before. */
async function signUp(page, name) {
  await page.goto(`${ORIGIN}/chat`);
  await page.getByRole("button", { name: "Create an account" }).click();
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Email").fill(`${name.toLowerCase()}-${Date.now()}@example.com`);
  await page.getByLabel("Password").fill("correct horse battery");
  await page.getByRole("button", { name: "Create account" }).click();
  await page.locator(".card").first().waitFor();
}

const message = (page, text) => page.locator(".message").filter({ hasText: text });

async function openRow(page, title) {
  await page.locator(".row").filter({ hasText: title }).first().click();
  await page.getByLabel("Message", { exact: true }).waitFor();
}

async function openCommunity(page, name) {
  await page.getByRole("link", { name: "Find communities" }).click();
  await page.getByLabel("Search communities").fill(name);
  await page.locator(".card").filter({ hasText: name }).first().click();
  await page.locator(".community h1").filter({ hasText: name }).waitFor();
}

async function say(page, text) {
  await page.getByLabel("Message", { exact: true }).fill(text);
  await page.keyboard.press("Enter");
  await message(page, text).first().waitFor();
}

const coins = async (page) => Number.parseInt(await page.locator(".coins").innerText(), 10);

await check("the chat in a browser", () =>
  browse(async ({ visit, shot, quiet }) => {
    const [alice, jonas] = [await visit(), await visit({ width: 420, height: 860 })];

    await part("what one says, changes and takes back the other sees", async () => {
      await signIn(alice, "alice");
      await signIn(jonas, "jonas");
      await openRow(alice, "Kleingarten");
      await openRow(jonas, "Kleingarten");
      await say(alice, "Who has the key to the shed?");
      await message(jonas, "Who has the key to the shed?").waitFor();
      const own = message(alice, "Who has the key to the shed?");
      await own.hover();
      await own.getByRole("button", { name: "Edit" }).click();
      await alice.locator(".editor textarea").fill("Who has the key to the tool shed?");
      await alice.getByRole("button", { name: "Save" }).click();
      await message(jonas, "Who has the key to the tool shed?").waitFor();
      const seen = message(jonas, "tool shed?");
      await seen.hover();
      await seen.getByRole("button", { name: "👍" }).first().click();
      await message(alice, "tool shed?").locator(".reaction").filter({ hasText: "👍 1" }).waitFor();
      await seen.hover();
      await seen.getByRole("button", { name: "Reply" }).click();
      await say(jonas, "It hangs behind the door.");
      await message(alice, "It hangs behind the door.").locator(".quoted").filter({ hasText: "tool shed" }).waitFor();
      await shot(jonas, "chat-narrow");
      const changed = message(alice, "Who has the key to the tool shed?").first();
      await changed.hover();
      await changed.getByRole("button", { name: "Delete" }).click();
      await jonas.locator(".prose").filter({ hasText: "Who has the key" }).waitFor({ state: "detached" });
      await message(jonas, "Deleted").first().waitFor();
      quiet();
    });

    await part("an agent is asked, answers everybody, and is paid once", async () => {
      const before = await coins(alice);
      await alice.getByLabel("To whom").selectOption({ label: "Ask Maulwurf (1 coin)" });
      await say(alice, "Wie hoch dürfen Hecken am Hauptweg sein?");
      for (const page of [alice, jonas]) {
        const answer = page.locator(".message:not([aria-busy])").filter({ hasText: "Maulwurf" }).last();
        await answer.locator(".prose").filter({ hasText: "1,20 Meter" }).waitFor();
      }
      await alice.locator(".coins").filter({ hasText: `${before - 1} coins` }).waitFor();
      await shot(alice, "chat-agent");
      quiet();
    });

    const customer = await visit();
    const haruka = await visit();
    await part("a customer is answered by an agent, waits, is served, and says how it was", async () => {
      await signUp(customer, "Ines");
      await openCommunity(customer, "慢山茶行");
      await customer.getByRole("button", { name: "Chat with them" }).click();
      await say(customer, "冷泡怎么做？");
      await message(customer, "五百毫升").first().waitFor();
      await customer.locator(".bar").getByRole("button", { name: "Talk to a person" }).click();
      await customer.locator(".bar").filter({ hasText: /You are number \d+ in the queue/ }).waitFor();
      await shot(customer, "chat-customer");

      await signIn(haruka, "haruka");
      await haruka.locator(".row").filter({ hasText: "Customers’ queue" }).first().click();
      const waiting = haruka.locator(".card").filter({ hasText: "Ines" });
      await waiting.filter({ hasText: "Waits for a person" }).waitFor();
      await shot(haruka, "chat-queue");
      await waiting.getByRole("button", { name: "Serve" }).click();
      await say(haruka, "Three minutes, with water that has stood a while.");
      await message(customer, "Three minutes").waitFor();
      await customer.locator(".bar").filter({ hasText: "is serving you" }).waitFor();
      await haruka.locator("summary").click();
      await haruka.getByLabel("A note for the team").fill("Likes it light");
      await haruka.getByRole("button", { name: "Note it" }).click();
      await haruka.locator(".notes").filter({ hasText: "Likes it light" }).waitFor();
      await shot(haruka, "chat-desk");
      await haruka.locator(".bar").getByRole("button", { name: "Solved" }).click();
      await customer.getByRole("button", { name: "5 of 5" }).click();
      await customer.locator(".bar").filter({ hasText: "You gave 5 of 5" }).waitFor();
      assert.equal(await customer.getByText("Likes it light").count(), 0, "notes are the team's");
      quiet();
    });

    await part("a lounge is talked with", async () => {
      await openCommunity(customer, "Northern Lights Hotline");
      await customer.getByRole("button", { name: "Talk" }).click();
      await customer.locator(".bar").filter({ hasText: "of voice left today" }).waitFor();
      await say(customer, "In which season can the lights be seen?");
      await customer.locator(".message:not([aria-busy])").filter({ hasText: "late August" }).waitFor();
      await shot(customer, "chat-lounge");
      quiet();
    });

    await part("who signs out sees nothing more", async () => {
      await alice.getByRole("button", { name: "Sign out" }).click();
      await alice.getByLabel("Password").waitFor();
      assert.equal(await alice.locator(".row, .message").count(), 0);
      quiet();
    });
  }),
);
