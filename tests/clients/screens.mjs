// Each screen on a desk and on a phone: its picture, what axe finds in it, and that it is no wider than the device.
import axe from "axe-core";
import { browse } from "./browser.mjs";
import { field, message, signIn, signOut } from "./chat-page.mjs";
import { assert, check, ORIGIN, part } from "./check.mjs";
import { caller } from "./live.mjs";

const DESK = { width: 1280, height: 860 };
const PHONE = { width: 390, height: 844 };

/** The ids of what the screens show. */
async function places() {
  const [alice, mei] = [await caller("alice"), await caller("mei")];
  const find = async (run, kind) => {
    const { viewer } = await run("{ viewer { createdCommunities(first: 20) { nodes { id kind } } } }");
    return viewer.createdCommunities.nodes.find((community) => community.kind === kind).id;
  };
  const { viewer } = await alice("{ viewer { spaces(first: 20) { nodes { id name } } } }");
  const space = viewer.spaces.nodes.find(({ name }) => name === "Chess Café").id;
  const open = "mutation($space: ID!) { openSpaceSession(input: { spaceId: $space }) { spaceSession { id } } }";
  const { openSpaceSession } = await alice(open, { space });
  const written = await mei("{ viewer { agentListings(first: 1) { nodes { id } } } }");
  return {
    club: await find(alice, "CLUB"),
    lounge: await find(alice, "LOUNGE"),
    official: await find(mei, "OFFICIAL"),
    space,
    session: openSpaceSession.spaceSession.id,
    agent: written.viewer.agentListings.nodes[0].id,
  };
}

/** The screens by the person of the demo who opens them: their addresses, and what shows that they are there. */
const screens = ({ club, lounge, official, space, session, agent }) => ({
  haruka: {
    rooms: ["#/", ".row"],
    discover: ["#/discover", ".card"],
    settings: ["#/settings", ".settings"],
    support: ["#/support", ".card"],
    unknown: ["#/nothing", ".not-found"],
    "unknown-room": ["#/c/nothing", ".not-found"],
  },
  alice: {
    wallet: ["#/wallet", ".card"],
    account: ["#/account", ".form"],
    blocked: ["#/safety", ".empty-state"],
    people: [`#/community/${club}/people`, ".card"],
    create: ["#/create", ".kind"],
    details: [`#/manage/${club}`, ".form"],
    members: [`#/manage/${club}/members`, ".card"],
    "community-agents": [`#/manage/${club}/agents`, ".card"],
    reports: [`#/manage/${club}/reports`, "[role=tabpanel] :is(.report, .empty-state)"],
    "community-audit": [`#/manage/${club}/audit`, "[role=tabpanel] :is(.card, .empty-state)"],
    dashboard: [`#/manage/${lounge}/dashboard`, ".chart"],
    voice: [`#/manage/${lounge}/voice`, ".tag"],
    spaces: ["#/spaces", ".card"],
    "create-space": ["#/create-space", ".form"],
    space: [`#/space/${space}`, ".card"],
    session: [`#/session/${session}`, ".split-main .card"],
  },
  mei: {
    queue: [`#/queue/${official}`, ".card"],
    answers: [`#/queue/${official}/answers`, ".card"],
    figures: [`#/queue/${official}/figures`, ".chart"],
    hours: [`#/queue/${official}/settings`, ".hours"],
    verification: [`#/manage/${official}/verification`, ".tag"],
    agents: ["#/agents", ".card"],
    "create-agent": ["#/create-agent", ".form"],
    agent: [`#/agent/${agent}`, ".split-main .form"],
  },
  admin: {
    users: ["#/admin", ".card"],
    "all-reports": ["#/admin/reports", "[role=tabpanel] :is(.report, .empty-state)"],
    requests: ["#/admin/verification", "[role=tabpanel] :is(.card, .empty-state)"],
    communities: ["#/admin/communities", ".card"],
    audit: ["#/admin/audit", ".card"],
    ledger: ["#/admin/ledger", ".figure"],
  },
});

/** What axe finds wrong in a page, each with the first place of it. */
async function findings(page) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0].target.join(" ")} ${nodes[0].failureSummary}`);
}

await check(
  "the screens of the chat",
  () =>
    browse(async ({ visit, shot, quiet }) => {
      const fits = async (page, name) => {
        const [width, most] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
        assert.ok(width <= most, `${name} is ${width} px wide on a screen of ${most} px`);
      };
      const wrong = [];
      const all = screens(await places());
      const look = async (page, name) => {
        // What moves has come to rest.
        await page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished.catch(() => {}))));
        await shot(page, name);
        await fits(page, name);
        wrong.push(...(await findings(page)).map((finding) => `${name}: ${finding}`));
      };
      const ways = {
        "desk-light": [DESK, { colorScheme: "light" }],
        "desk-dark": [DESK, { colorScheme: "dark", reducedMotion: "reduce" }],
        "desk-rtl": [DESK, { locale: "ar", colorScheme: "light" }],
        "phone-light": [PHONE, { colorScheme: "light", hasTouch: true, isMobile: true }],
        "phone-dark": [PHONE, { colorScheme: "dark", hasTouch: true, isMobile: true }],
        "phone-rtl": [PHONE, { locale: "ar", colorScheme: "dark", hasTouch: true, isMobile: true }],
      };
      for (const [way, [size, options]] of Object.entries(ways)) {
        await part(way, async () => {
          const page = await visit(size, { ...options, reducedMotion: "reduce" });
          await page.goto(`${ORIGIN}/chat`);
          await page.locator("input[type=password]").waitFor();
          await look(page, `${way}-sign-in`);
          for (const [who, list] of Object.entries(all)) {
            if (who !== "haruka") await signOut(page);
            await signIn(page, who);
            for (const [name, [address, sign]] of Object.entries(list)) {
              await page.goto(`${ORIGIN}/chat${address}`);
              await page.locator(sign).first().waitFor();
              await look(page, `${way}-${name}`);
            }
          }
          await signOut(page);
          await signIn(page, "haruka");
          await page.goto(`${ORIGIN}/chat#/discover`);
          await page.locator(".card").filter({ hasText: "Kleingarten" }).click();
          await page.locator(".community-about").waitFor();
          await look(page, `${way}-community`);
          await page.goto(`${ORIGIN}/chat#/`);
          await page.locator(".row").filter({ hasText: "Kleingarten" }).first().click();
          await page.locator(".message").first().waitFor();
          await look(page, `${way}-room`);
          assert.equal(await page.evaluate(() => document.documentElement.dir), way.endsWith("rtl") ? "rtl" : "ltr");
        });
        quiet();
      }

      await part("what is written in Markdown, with its tools, emoji and menus", async () => {
        const page = await visit(DESK);
        await signIn(page, "haruka");
        await page.locator(".row").filter({ hasText: "Kleingarten" }).first().click();
        await field(page).fill("A **bold** word, `code`\n\n- one\n- two\n\n```js\nconst shed = 'open'; // always\n```\n\n| Plot | Plant |\n| --- | --- |\n| 7 | Beans |\n\n<b>no HTML</b> ![no picture](https://example.com/x.png)");
        await page.keyboard.press("Enter");
        const own = message(page, "A bold word").last();
        await own.locator(".hljs-keyword").waitFor();
        assert.equal(await own.locator("b, img").count(), 0);
        assert.equal(await own.locator(".prose a").getAttribute("href"), "https://example.com/x.png");
        await own.hover();
        await look(page, "markdown");
        await own.getByRole("button", { name: "React with another emoji" }).click();
        await page.getByRole("combobox", { name: "Search" }).fill("sunflower");
        await page.locator("emoji-picker").getByRole("option", { name: /sunflower/i }).first().waitFor();
        await shot(page, "emoji");
        await page.locator("emoji-picker").getByRole("option", { name: /sunflower/i }).first().click();
        await own.locator(".reaction").filter({ hasText: "🌻 1" }).waitFor();
        await own.hover();
        await own.getByRole("button", { name: "More" }).click();
        await look(page, "menu");
        await page.keyboard.press("Escape");
        await field(page).pressSequentially("@Mau");
        await page.getByRole("option", { name: "@Maulwurf" }).waitFor();
        await look(page, "completion");
        await page.keyboard.press("Enter");
        assert.equal(await field(page).inputValue(), "@Maulwurf ");
        await field(page).fill("");
        quiet();
      });
      await part("400 % zoom: each screen fits 320 px, and what is written stays in view", async () => {
        const page = await visit({ width: 320, height: 256 }, { reducedMotion: "reduce" });
        for (const [who, list] of Object.entries(all)) {
          if (who !== "haruka") await signOut(page);
          await signIn(page, who);
          for (const [name, [address, sign]] of Object.entries(list)) {
            await page.goto(`${ORIGIN}/chat${address}`);
            await page.locator(sign).first().waitFor({ state: "attached" });
            await fits(page, `zoom-${name}`);
          }
        }
        await shot(page, "zoom-ledger");
        quiet();
      });

      await part("colours of the reader's own, and more contrast", async () => {
        for (const [name, options] of Object.entries({ forced: { forcedColors: "active" }, contrast: { contrast: "more" } })) {
          const page = await visit(DESK, { ...options, reducedMotion: "reduce" });
          await signIn(page, "alice");
          for (const place of ["details", "dashboard", "members"]) {
            const [address, sign] = all.alice[place];
            await page.goto(`${ORIGIN}/chat${address}`);
            await page.locator(sign).first().waitFor();
            await look(page, `${name}-${place}`);
          }
        }
        quiet();
      });

      await part("targets of 44 px on a phone, and no motion where none is wanted", async () => {
        const page = await visit(PHONE, { hasTouch: true, isMobile: true, reducedMotion: "reduce" });
        await signIn(page, "alice");
        for (const place of ["wallet", "members", "details", "spaces", "session"]) {
          const [address, sign] = all.alice[place];
          await page.goto(`${ORIGIN}/chat${address}`);
          await page.locator(sign).first().waitFor();
          const small = await page.evaluate(() =>
            [...document.querySelectorAll("button, .button, select, input:not([type=hidden], [type=checkbox], [type=radio], [type=file], [type=date])")]
              .filter((element) => element.checkVisibility() && element.getBoundingClientRect().height < 43.5)
              .map((element) => `${element.className} ${element.textContent}`),
          );
          assert.deepEqual(small, [], `${place}: ${small.join(", ")}`);
          const moving = await page.evaluate(() => document.getAnimations().length);
          assert.equal(moving, 0, `${place} moves`);
        }
        quiet();
      });
      assert.deepEqual(wrong, [], wrong.join("\n"));
    }),
  900_000,
);
