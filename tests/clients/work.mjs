// What people do beside talking: moderation, spaces with their apps, teams of support, agents, coins and accounts.
import { browse } from "./browser.mjs";
import { choose, field, message, openCommunity, say, signIn, signUp } from "./chat-page.mjs";
import { assert, check, ORIGIN, part } from "./check.mjs";
import { caller } from "./live.mjs";

const APPS = "https://apps.example";

/** An app of a space: it shows the session that it is told, and changes its state when it is pressed. */
const APP = `<!doctype html><button>Move</button><output></output><script>
  let version = 0;
  addEventListener("message", ({ data }) => {
    if (data.type !== "plaza.session") return;
    version = data.session.version;
    document.querySelector("output").textContent = JSON.stringify({ ...data.session.state, who: data.viewer.name });
  });
  document.querySelector("button").onclick = () =>
    parent.postMessage({ type: "plaza.update", state: { moves: ["e4"] }, expectedVersion: version }, "*");
  parent.postMessage({ type: "plaza.hello" }, "*");
</script>`;

/** Gives the id of the first community of a kind that a person created. */
async function createdBy(who, kind) {
  const { viewer } = await (await caller(who))("{ viewer { createdCommunities(first: 20) { nodes { id kind } } } }");
  return viewer.createdCommunities.nodes.find((community) => community.kind === kind).id;
}

const open = (page, address) => page.goto(`${ORIGIN}/chat${address}`);

/** Waits until the button of this name has the focus. */
const hasFocus = (page, name) => page.waitForFunction((name) => document.activeElement?.getAttribute("aria-label") === name, name);

const card = (page, text) => page.locator(".card").filter({ hasText: text });

await check(
  "people at work in a browser",
  () =>
    browse(async ({ visit, shot, quiet }) => {
      const app = { hosts: [APPS] };
      const [alice, bruno] = [await visit(undefined, app), await visit({ width: 420, height: 860 }, app)];
      for (const page of [alice, bruno]) {
        await page.context().route(`${APPS}/**`, (route) => route.fulfill({ contentType: "text/html", body: APP }));
      }
      await signIn(alice, "alice");
      await signIn(bruno, "bruno");
      const club = await createdBy("alice", "CLUB");

      await part("a report reaches the moderator at once, and is closed", async () => {
        await openCommunity(alice, "Slow Reading");
        await alice.getByRole("link", { name: "Open the room" }).click();
        await say(alice, "Chapter nine is a waste of paper.");
        await openCommunity(bruno, "Slow Reading");
        await bruno.getByRole("link", { name: "Open the room" }).click();
        await message(bruno, "waste of paper").first().waitFor();
        const chloe = await visit();
        await signIn(chloe, "chloe");
        await open(chloe, `#/manage/${club}/reports`);
        await chloe.getByLabel("State").waitFor();
        await message(bruno, "waste of paper").last().hover();
        await choose(bruno, message(bruno, "waste of paper").last(), "Report");
        await bruno.getByLabel("What is wrong with it?").selectOption("HARASSMENT");
        await bruno.getByLabel("What happened").fill("Rude to the author");
        await bruno.getByRole("dialog").getByRole("button", { name: "Report", exact: true }).click();
        await bruno.locator(".toast").filter({ hasText: "The moderators have your report" }).waitFor();
        await open(bruno, "#/safety/reports");
        await bruno.locator(".report").filter({ hasText: "waste of paper" }).waitFor();
        // The creator is above the moderator, so that only an administrator sees this one.
        const admin = await visit();
        await signIn(admin, "admin");
        await open(admin, "#/admin/reports");
        const report = admin.locator(".report").filter({ hasText: "Rude to the author" });
        await report.getByRole("button", { name: "Decide" }).click();
        await shot(admin, "work-report");
        await admin.getByLabel("Outcome").selectOption("DISMISSED");
        await admin.getByRole("button", { name: "Close the report" }).click();
        await report.waitFor({ state: "detached" });
        await bruno.reload();
        await bruno.locator(".report").filter({ hasText: "No rule broken" }).waitFor();
        quiet();
      });

      await part("a moderator hears of a report while the list is open", async () => {
        await open(alice, `#/manage/${club}/reports`);
        await alice.getByLabel("State").waitFor();
        const run = await caller("bruno");
        const { messages } = await run("query($id: ID!) { messages(communityId: $id, limit: 50) { id author { name } } }", { id: club });
        const other = messages.find(({ author }) => author && !["Alice Johansson", "Bruno Carvalho"].includes(author.name));
        await run("mutation($id: ID!) { createReport(input: { messageId: $id, reason: SPAM, note: \"Heard live\" }) { report { id } } }", { id: other.id });
        await alice.locator(".report").filter({ hasText: "Heard live" }).waitFor();
        quiet();
      });

      await part("a member is muted with a reason, and again not", async () => {
        await open(alice, `#/manage/${club}/members`);
        await card(alice, "Bruno Carvalho").getByRole("button", { name: "Actions on Bruno Carvalho" }).click();
        await alice.getByRole("menuitem", { name: "Mute" }).click();
        await alice.getByLabel("Reason").fill("Cool down");
        await shot(alice, "work-mute");
        await alice.getByRole("dialog").getByRole("button", { name: "Mute" }).click();
        await card(alice, "Bruno Carvalho").filter({ hasText: "Muted until" }).waitFor();
        await hasFocus(alice, "Actions on Bruno Carvalho");
        await alice.keyboard.press("Enter");
        await alice.getByRole("menuitem", { name: "Ban" }).click();
        await alice.getByRole("dialog").waitFor();
        await alice.keyboard.press("Escape");
        await hasFocus(alice, "Actions on Bruno Carvalho");
        await card(alice, "Bruno Carvalho").getByRole("button", { name: "Actions on Bruno Carvalho" }).click();
        await alice.getByRole("menuitem", { name: "Unmute" }).click();
        await card(alice, "Bruno Carvalho").filter({ hasNotText: "Muted" }).waitFor();
        quiet();
      });

      await part("the arrow keys go through the tabs, and the focus stays on them", async () => {
        await open(alice, `#/manage/${club}`);
        await alice.getByRole("tab", { name: "Details" }).focus();
        for (const name of ["Members", "Agents", "Reports"]) {
          await alice.keyboard.press("ArrowRight");
          await alice.getByRole("tab", { name, selected: true }).waitFor();
          assert.equal(await alice.evaluate(() => document.activeElement.textContent), name);
        }
        quiet();
      });

      await part("a club is created, changed and closed", async () => {
        await open(alice, "#/create");
        const name = `Night walks ${Date.now()}`;
        await alice.getByLabel("Name", { exact: true }).fill(name);
        await alice.getByLabel("Description").fill("With lamps.");
        await alice.getByRole("button", { name: "Create", exact: true }).click();
        await alice.getByRole("tab", { name: "Details" }).waitFor();
        await alice.getByLabel("Description").fill("Without lamps.");
        await alice.getByRole("button", { name: "Save" }).click();
        await alice.locator(".toast").filter({ hasText: "Saved" }).waitFor();
        await alice.getByRole("button", { name: "Close the community" }).click();
        await alice.getByRole("dialog").getByRole("button", { name: "Close the community" }).click();
        await alice.getByText("This community is closed.").waitFor();
        quiet();
      });

      await part("two people play in a session, and its app is asked for nothing before they open it", async () => {
        const asked = [];
        for (const page of [alice, bruno]) page.on("request", (request) => asked.push(new URL(request.url()).origin));
        await open(alice, "#/spaces/own");
        await card(alice, "Chess Café").click();
        await alice.getByRole("button", { name: "Open a session" }).click();
        await alice.getByRole("button", { name: "Start" }).waitFor();
        const session = new URL(alice.url()).hash;
        await open(bruno, session);
        await bruno.getByRole("button", { name: "Join" }).click();
        await bruno.getByRole("button", { name: "Leave" }).waitFor();
        await card(alice, "Bruno Carvalho").waitFor();
        await say(alice, "Your move.");
        await bruno.getByRole("button", { name: "Chat" }).click();
        await message(bruno, "Your move.").waitFor();
        await bruno.getByRole("button", { name: "Session", exact: true }).click();
        assert.ok(!asked.includes(APPS), "the app was asked for before it was opened");
        for (const page of [alice, bruno]) await page.getByRole("button", { name: "Open the app" }).click();
        const frame = (page) => page.frameLocator(".app-frame");
        await frame(bruno).locator("output").filter({ hasText: "Bruno Carvalho" }).waitFor();
        await frame(alice).getByRole("button", { name: "Move" }).click();
        await frame(bruno).locator("output").filter({ hasText: "e4" }).waitFor();
        await shot(alice, "work-session");
        await shot(bruno, "work-session-narrow");
        await alice.getByRole("button", { name: "Start" }).click();
        await bruno.locator(".tag").filter({ hasText: "Running" }).first().waitFor();
        quiet();
      });

      await part("a customer is handed to a colleague, with an answer that was prepared", async () => {
        const official = await createdBy("mei", "OFFICIAL");
        const [customer, mei, haruka] = [await visit(), await visit(), await visit()];
        await signUp(customer, "Nora");
        await openCommunity(customer, "慢山茶行");
        await customer.getByRole("button", { name: "Chat with them" }).click();
        await customer.locator(".bar").getByRole("button", { name: "Talk to a person" }).click();
        await signIn(mei, "mei");
        await open(mei, `#/queue/${official}/answers`);
        await mei.getByRole("button", { name: "New answer" }).click();
        await mei.getByLabel("Title").fill("Parcel");
        await mei.getByLabel("Text").fill("Your parcel left today.");
        await mei.getByRole("button", { name: "Save" }).click();
        await card(mei, "Parcel").waitFor();
        await open(mei, `#/queue/${official}`);
        await mei.getByLabel("Show").selectOption("WAITING_HUMAN");
        await card(mei, "Nora").getByRole("button", { name: "Serve" }).click();
        await mei.locator(".bar").getByRole("button", { name: "To a colleague…" }).click();
        await shot(mei, "work-transfer");
        await mei.getByRole("dialog").locator(".card").filter({ hasText: "Haruka" }).getByRole("button", { name: "Hand over" }).click();
        await signIn(haruka, "haruka");
        await open(haruka, `#/queue/${official}`);
        await haruka.getByLabel("Show").selectOption("MINE");
        await card(haruka, "Nora").getByRole("link").click();
        await haruka.locator("summary").click();
        await haruka.getByRole("button", { name: "Parcel" }).click();
        await field(haruka).press("Enter");
        await message(customer, "Your parcel left today.").waitFor();
        quiet();
      });

      await part("an agent is written and tried beside its editor", async () => {
        await open(bruno, "#/create-agent");
        await bruno.getByLabel("Name", { exact: true }).fill("Needle");
        await bruno.getByRole("button", { name: "Add a text" }).click();
        await bruno.getByLabel("Title").fill("Needles");
        await bruno.getByLabel("Text", { exact: true }).fill("A conical needle lasts three hundred hours.");
        await bruno.getByRole("button", { name: "Create", exact: true }).click();
        await bruno.getByRole("button", { name: "Try it" }).click();
        await bruno.getByRole("button", { name: "Make a lounge for it" }).click();
        await say(bruno, "How long does a conical needle last?");
        await message(bruno, "three hundred hours").waitFor();
        await shot(bruno, "work-trial");
        quiet();
      });

      await part("coins that an administrator gives are in the wallet, with the reason", async () => {
        const admin = await visit();
        await signIn(admin, "admin");
        await open(admin, "#/admin");
        await admin.getByLabel("Name or e-mail").fill("bruno");
        await card(admin, "bruno@demo.plaza").getByRole("button").click();
        await admin.getByRole("menuitem", { name: "Give coins" }).click();
        await admin.getByLabel("Coins", { exact: true }).fill("7");
        await admin.getByLabel("What for").fill("For the needle");
        await admin.getByRole("dialog").getByRole("button", { name: "Give coins" }).click();
        await admin.locator(".toast").filter({ hasText: "Bruno Carvalho received 7 coins." }).waitFor();
        await open(bruno, "#/wallet");
        await card(bruno, "For the needle").filter({ hasText: "+7" }).waitFor();
        quiet();
      });

      await part("a key is shown once and revoked", async () => {
        await open(bruno, "#/account");
        await bruno.getByLabel("Name of the key").fill("Robot");
        await bruno.getByRole("button", { name: "Create a key" }).click();
        assert.match(await bruno.locator(".secret").innerText(), /\w{20}/);
        await bruno.getByRole("dialog").getByRole("button", { name: "Close" }).click();
        await card(bruno, "Robot").getByRole("button", { name: "Revoke" }).click();
        await bruno.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
        await card(bruno, "Robot").waitFor({ state: "detached" });
        quiet();
      });

      await part("a person of the demo is one press away", async () => {
        const guest = await visit();
        await guest.goto(`${ORIGIN}/chat`);
        await guest.getByRole("button", { name: /Layla Haddad/ }).click();
        await guest.locator(".row").first().waitFor();
        quiet();
      });

      await part("a browser is shown a page where there is none", async () => {
        const lost = await visit(undefined, { isFailing: true });
        const answer = await lost.goto(`${ORIGIN}/nowhere`);
        assert.equal(answer.status(), 404);
        await lost.getByRole("heading", { name: "There is no such page." }).waitFor();
        await shot(lost, "work-not-found");
      });
    }),
  300_000,
);
