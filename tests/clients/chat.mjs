// The chat page in a real browser, as several people at once: what one does, the others see.
import { browse } from "./browser.mjs";
import { choose, coins, field, message, openCommunity, openRow, say, signIn, signUp, waitForCoins } from "./chat-page.mjs";
import { assert, check, ORIGIN, part } from "./check.mjs";
import { caller } from "./live.mjs";

/** Makes a club of 4 coins to join and 3 for 30 days; `raise` makes joining dearer by a coin. */
async function paidClub() {
  const run = await caller("jonas");
  const name = `Paid club ${Date.now()}`;
  const { createCommunity } = await run(
    "mutation($name: String!) { createCommunity(input: { name: $name, joinFee: 4, monthlyFee: 3 }) { community { id } } }",
    { name },
  );
  const raise = () =>
    run("mutation($id: ID!) { updateCommunity(input: { communityId: $id, joinFee: 5 }) { community { id } } }", { id: createCommunity.community.id });
  return { name, raise };
}

/** Whether an element has the focus. */
const hasFocus = (locator) => locator.evaluate((element) => element === document.activeElement);

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
      await choose(alice, message(alice, "Who has the key to the shed?").last(), "Edit");
      await alice.locator(".editor textarea").fill("Who has the key to the tool shed?");
      await alice.getByRole("button", { name: "Save" }).click();
      await message(jonas, "Who has the key to the tool shed?").waitFor();
      const seen = message(jonas, "tool shed?").last();
      await seen.hover();
      await seen.getByRole("button", { name: "React with 👍" }).click();
      await message(alice, "tool shed?").last().locator(".reaction").filter({ hasText: "👍 1" }).waitFor();
      await message(alice, "tool shed?").last().locator(".reaction").hover();
      await alice.getByRole("tooltip").filter({ hasText: "Jonas" }).waitFor();
      await seen.hover();
      await seen.getByRole("button", { name: "Reply", exact: true }).click();
      await say(jonas, "It hangs behind the door.");
      await message(alice, "It hangs behind the door.").locator(".quoted").filter({ hasText: "tool shed" }).waitFor();
      await shot(jonas, "chat-narrow");
      const changed = message(alice, "Who has the key to the tool shed?").filter({ hasNotText: "behind the door" });
      // It can be taken back for a while.
      await choose(alice, changed, "Delete");
      await changed.waitFor({ state: "detached" });
      await alice.locator(".toast").getByRole("button", { name: "Undo" }).click();
      await changed.waitFor();
      await choose(alice, changed, "Delete");
      await alice.locator(".toast").getByRole("button", { name: "Close" }).click();
      await jonas.locator(".prose").filter({ hasText: "Who has the key" }).waitFor({ state: "detached" });
      await message(jonas, "This message was deleted.").first().waitFor();
      quiet();
    });

    await part("an agent is asked, answers everybody, and is paid once", async () => {
      const before = await coins(alice);
      await alice.getByLabel("Send to").selectOption({ label: "Ask Maulwurf (1 coin)" });
      await say(alice, "Wie hoch dürfen Hecken am Hauptweg sein?");
      for (const page of [alice, jonas]) {
        const answer = page.locator(".message:not([aria-busy])").filter({ hasText: "Maulwurf" }).last();
        await answer.locator(".prose").filter({ hasText: "1,20 Meter" }).waitFor();
      }
      await waitForCoins(alice, before - 1);
      await shot(alice, "chat-agent");
      quiet();
    });

    await part("the call of an agent by name stands out", async () => {
      await say(jonas, "@Maulwurf Wann werden Hecken geschnitten?");
      const called = message(alice, "Wann werden Hecken").last().locator("mark.mention");
      await called.waitFor();
      assert.equal(await called.innerText(), "@Maulwurf");
      await alice.locator(".message[aria-busy=true]").waitFor({ state: "detached" });
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
      await haruka.getByRole("link", { name: "Support" }).click();
      await haruka.locator(".card").filter({ hasText: "慢山茶行" }).click();
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
      await haruka.locator(".bar").getByRole("button", { name: "Resolve" }).click();
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

    await part("Enter of an input method ends a word and sends nothing", async () => {
      const typed = field(jonas);
      const press = (more) =>
        typed.evaluate(
          (element, options) => {
            const event = new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true, ...options });
            // What Safari tells with the Enter that ends a composition; no page can make such an event by itself.
            if (options.keyCode) Object.defineProperty(event, "keyCode", { value: options.keyCode });
            element.dispatchEvent(event);
            return event.defaultPrevented;
          },
          more,
        );
      await typed.fill("にほん");
      assert.equal(await press({ isComposing: true }), false);
      assert.equal(await press({ keyCode: 229 }), false);
      assert.equal(await typed.inputValue(), "にほん");
      assert.equal(await press({ keyCode: 13 }), true);
      await message(alice, "にほん").waitFor();
      assert.equal(await typed.inputValue(), "");
      quiet();
    });

    await part("addresses in a text keep their last bracket", async () => {
      await say(jonas, "See (https://en.wikipedia.org/wiki/Hedge_(barrier)), please.");
      const link = message(alice, "please.").locator(".prose a");
      assert.equal(await link.getAttribute("href"), "https://en.wikipedia.org/wiki/Hedge_(barrier)");
      quiet();
    });

    await part("addresses of the page that lead nowhere say so", async () => {
      for (const hash of ["#/c/a/b/c", "#/nothing", "#/community"]) {
        await jonas.goto(`${ORIGIN}/chat${hash}`);
        await jonas.getByRole("heading", { name: "There is no such page" }).waitFor();
        await jonas.reload();
        await jonas.getByRole("heading", { name: "There is no such page" }).waitFor();
      }
      for (const id of ["01890000-0000-7000-8000-000000000000", "nothing", "%E0%A4%A"]) {
        await jonas.goto(`${ORIGIN}/chat#/c/${id}`);
        await jonas.getByRole("heading", { name: "There is no such conversation" }).waitFor();
        await jonas.goto(`${ORIGIN}/chat#/community/${id}`);
        await jonas.getByRole("heading", { name: "There is no such community" }).waitFor();
      }
      await shot(jonas, "chat-unknown");
      quiet();
    });

    await part("a page that breaks says so, and what was typed is kept", async () => {
      const page = await visit(undefined, { isFailing: true });
      await signIn(page, "jonas");
      await openRow(page, "Kleingarten");
      await field(page).fill("not lost");
      // An answer that no server of ours gives.
      const isCommunity = (request) => (request.postData() ?? "").includes("query Community(");
      await page.route("**/graphql", (route) =>
        isCommunity(route.request()) ? route.fulfill({ json: { data: { community: { name: "Broken" } } } }) : route.fallback(),
      );
      await page.goto(`${ORIGIN}/chat#/community/01890000-0000-7000-8000-000000000000`);
      await page.getByRole("heading", { name: "This page stopped working" }).waitFor();
      await page.unroute("**/graphql");
      await openRow(page, "Kleingarten");
      assert.equal(await field(page).inputValue(), "not lost");
      await field(page).fill("");
      quiet();
    });

    await part("the keyboard goes through the messages one by one", async () => {
      await openRow(alice, "Kleingarten");
      const messages = alice.locator(".messages [data-id]");
      assert.equal(await messages.evaluateAll((all) => all.filter(({ tabIndex }) => tabIndex === 0).length), 1);
      await messages.last().focus();
      await alice.keyboard.press("ArrowUp");
      assert.equal(await hasFocus(messages.nth((await messages.count()) - 2)), true);
      await alice.keyboard.press("Home");
      await alice.waitForFunction(() => document.activeElement === document.querySelector(".messages [data-id]"));
      await alice.keyboard.press("End");
      await alice.waitForFunction(() => document.activeElement === [...document.querySelectorAll(".messages [data-id]")].at(-1));
      await alice.keyboard.press("Escape");
      assert.equal(await hasFocus(field(alice)), true);
      // Up, in an empty field, is the last message of one's own.
      await openRow(jonas, "Kleingarten");
      await say(alice, "Soon to be changed.");
      await alice.keyboard.press("ArrowUp");
      await alice.locator(".editor textarea").fill("Changed by keys.");
      await alice.keyboard.press("Enter");
      await message(jonas, "Changed by keys.").waitFor();
      // One row of the list can be reached by Tab, and the arrow keys go to the others.
      const rows = alice.locator(".row");
      assert.equal(await rows.evaluateAll((all) => all.filter(({ tabIndex }) => tabIndex === 0).length), 1);
      await rows.first().focus();
      await alice.keyboard.press("ArrowDown");
      assert.equal(await hasFocus(rows.nth(1)), true);
      quiet();
    });

    await part("on a phone, communities are a page of their own", async () => {
      await jonas.goto(`${ORIGIN}/chat#/`);
      await jonas.locator(".row").first().waitFor();
      assert.equal(await jonas.locator(".card").count() > 0 && (await jonas.locator(".card").first().isVisible()), false);
      await shot(jonas, "chat-list-narrow");
      await jonas.getByRole("link", { name: "Discover" }).click();
      await jonas.locator(".card").first().waitFor();
      assert.equal(await jonas.locator(".row").count(), 0);
      const widths = await jonas.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok(widths[0] <= widths[1], `the page is ${widths[0]} px wide on a screen of ${widths[1]} px`);
      await shot(jonas, "chat-discover-narrow");
      await jonas.getByRole("link", { name: "Back" }).click();
      await jonas.locator(".row").first().waitFor();
      quiet();
    });

    await part("no voice messages where nothing writes them down", async () => {
      await openRow(jonas, "Kleingarten");
      assert.equal(await jonas.getByRole("button", { name: "Record a voice message" }).count(), 0);
    });

    await part("a paid community says what is due now, asks, and can be left", async () => {
      const PAID = await paidClub();
      await openCommunity(alice, PAID.name);
      const before = await coins(alice);
      const join = alice.getByRole("button", { name: "Join · 7 coins" });
      await join.click();
      const dialog = alice.getByRole("dialog");
      await dialog.getByText("7 coins are taken from your wallet now (4 coins to join and 3 coins for 30 days).").waitFor();
      await shot(alice, "chat-join");
      await dialog.getByRole("button", { name: "Cancel" }).click();
      await dialog.waitFor({ state: "detached" });
      assert.equal(await coins(alice), before);

      // The price goes up while the question is open: nothing is taken.
      await join.click();
      await PAID.raise();
      await dialog.getByRole("button", { name: "Pay 7 coins" }).click();
      await alice.locator(".error-notice").filter({ hasText: "The price has changed: it is 8 coins now, 7 were expected" }).waitFor();
      const dearer = alice.getByRole("button", { name: "Join · 8 coins" });
      await dearer.waitFor();
      assert.equal(await coins(alice), before);
      await dearer.click();
      await dialog.getByRole("button", { name: "Pay 8 coins" }).click();
      await alice.getByRole("link", { name: "Open the room" }).waitFor();
      await waitForCoins(alice, before - 8);

      await alice.getByRole("button", { name: "Leave" }).click();
      await dialog.getByText("Payments are not refunded.").waitFor();
      await shot(alice, "chat-leave");
      await dialog.getByRole("button", { name: "Leave" }).click();
      await dearer.waitFor();
      // The refused price was answered with an error, as it has to be.
      quiet();
    });

    await part("what is typed and what is shown in the title", async () => {
      const draft = field(alice);
      await openRow(alice, "Kleingarten");
      await draft.fill("a thought for later");
      await alice.getByRole("link", { name: "Discover" }).click();
      await openRow(alice, "Kleingarten");
      assert.equal(await draft.inputValue(), "a thought for later");
      await draft.fill("");
      await alice.getByRole("link", { name: "Discover" }).click();
      await say(jonas, "Is anyone there?");
      await alice.waitForFunction(() => /^\(\d+\) Plaza chat$/.test(document.title));
      quiet();
    });

    await part("a picture is chosen, written anew, shown to others, and removed", async () => {
      await alice.goto(`${ORIGIN}/chat#/account`);
      const files = alice.locator("input[type=file]");
      await files.setInputFiles({ name: "no.png", mimeType: "image/png", buffer: Buffer.from("no picture") });
      await alice.getByText("This file is not a picture that the browser can show.").waitFor();
      const drawn = await alice.evaluate(() => {
        const canvas = Object.assign(document.createElement("canvas"), { width: 900, height: 300 });
        canvas.getContext("2d").fillRect(300, 0, 300, 300);
        return canvas.toDataURL("image/png").split(",")[1];
      });
      await files.setInputFiles({ name: "ada.png", mimeType: "image/png", buffer: Buffer.from(drawn, "base64") });
      const picture = alice.locator(".card img.avatar");
      await picture.waitFor();
      const address = new URL(await picture.getAttribute("src"), ORIGIN).href;
      const size = await picture.evaluate(async (image) => {
        await image.decode();
        return [image.naturalWidth, image.naturalHeight];
      });
      assert.deepEqual(size, [512, 512]);
      await shot(alice, "chat-picture");
      await openRow(alice, "Kleingarten");
      await say(alice, "Now I have a picture.");
      await openRow(jonas, "Kleingarten");
      assert.equal(new URL(await message(jonas, "Now I have a picture.").locator("img.avatar").getAttribute("src"), ORIGIN).href, address);
      await alice.goto(`${ORIGIN}/chat#/account`);
      await alice.getByRole("button", { name: "Remove the picture" }).click();
      await picture.waitFor({ state: "detached" });
      assert.equal((await fetch(address)).status, 404);
      await openRow(alice, "Kleingarten");
      quiet();
    });

    await part("who is blocked is not read from that moment on, until it is taken back", async () => {
      await openRow(jonas, "Kleingarten");
      const written = message(jonas, "Now I have a picture.");
      await choose(jonas, written, "Block");
      await jonas.getByRole("button", { name: "Block" }).click();
      const covered = jonas.getByRole("button", { name: "From a person you blocked. Show it" });
      await covered.last().waitFor();
      assert.equal(await written.count(), 0);
      await jonas.goto(`${ORIGIN}/chat#/safety`);
      await jonas.getByRole("button", { name: "Unblock" }).click();
      await openRow(jonas, "Kleingarten");
      await written.waitFor();
      quiet();
    });

    await part("assets are kept by their names, pages by their tags", async () => {
      const html = await fetch(`${ORIGIN}/chat`);
      assert.equal(html.headers.get("cache-control"), "no-cache");
      const again = await fetch(`${ORIGIN}/chat`, { headers: { "if-none-match": html.headers.get("etag") } });
      assert.equal(again.status, 304);
      const [, script] = /src="(\/assets\/chat-[0-9a-f]{16}\.js)"/.exec(await html.text());
      for (const [accepted, encoding] of [["br, gzip", "br"], ["gzip", "gzip"], ["identity", null]]) {
        const asset = await fetch(ORIGIN + script, { headers: { "accept-encoding": accepted } });
        assert.equal(asset.headers.get("cache-control"), "public, max-age=31536000, immutable");
        assert.equal(asset.headers.get("content-encoding"), encoding);
        assert.ok((await asset.text()).includes("import"), `${accepted} cannot be read`);
      }
    });

    await part("who signs out sees nothing more", async () => {
      await alice.locator(".rail-account").click();
      await alice.getByRole("menuitem", { name: "Sign out" }).click();
      await alice.getByLabel("Password").waitFor();
      assert.equal(await alice.locator(".row, .message").count(), 0);
      quiet();
    });
  }),
);
