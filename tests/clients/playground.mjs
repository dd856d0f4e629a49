// The pages in a real browser: sign in, run an example, and see that nothing
// is asked of another host and nothing complains.
import { browse } from "./browser.mjs";
import { assert, check, ORIGIN, part } from "./check.mjs";
import { EMAIL, openChat, PASSWORD, signIn as signInByApi } from "./live.mjs";

const sends = (operation) => (response) =>
  new URL(response.url()).pathname === "/graphql" && (response.request().postData() ?? "").includes(operation);

async function signIn(page) {
  const form = page.locator("form.sign-in");
  await form.locator("[name=email]").fill(EMAIL);
  await form.locator("[name=password]").fill(PASSWORD);
  await form.getByRole("button", { name: "Sign in" }).click();
  const alert = page.locator(".strip-error");
  await page.locator(".account-user, .strip-error").first().waitFor();
  if (await alert.count()) assert.fail(`the page says: ${await alert.innerText()}`);
  assert.match(await page.locator(".account-user").innerText(), /Signed in as\s+\S/);
}

async function openExample(page, title) {
  const example = page.locator(".example").filter({ has: page.locator(".example-title", { hasText: title }) });
  // The panel is open on a wide window; else its button opens it.
  if (!(await example.isVisible())) await page.locator('.graphiql-sidebar [aria-label="Show Examples"]').click();
  await example.click();
}

async function runExample(page) {
  await openExample(page, "Browse spaces");
  const [response] = await Promise.all([
    page.waitForResponse(sends("query BrowseSpaces")),
    page.locator(".graphiql-execute-button").click(),
  ]);
  const { data, errors } = await response.json();
  assert.equal(errors, undefined, `the example fails: ${JSON.stringify(errors)}`);
  assert.ok(data?.spaces?.nodes?.length > 0, `no spaces in ${JSON.stringify(data)}`);
  const shown = page.locator(".result-window");
  await shown.getByText("nodes").first().waitFor();
  const text = await shown.innerText();
  assert.ok(text.includes('"data"') && text.includes(data.spaces.nodes[0].name), `the result pane shows: ${text}`);
  return data.spaces.nodes.length;
}

/** Listens in the page, opens a chat elsewhere, and sees it arrive. */
async function runSubscription(page) {
  await openExample(page, "Inbox");
  const [socket] = await Promise.all([page.waitForEvent("websocket"), page.locator(".graphiql-execute-button").click()]);
  assert.equal(new URL(socket.url()).pathname, "/graphql/ws");
  const shown = page.locator(".result-window");
  await shown.getByText("isSnapshot").first().waitFor();
  assert.ok((await shown.innerText()).includes('"isSnapshot": true'), await shown.innerText());
  const token = await signInByApi();
  await openChat(async (query, variables) => {
    const response = await fetch(`${ORIGIN}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()).data;
  });
  await shown.getByText("Client check").first().waitFor();
  const closed = socket.waitForEvent("close");
  await page.locator(".graphiql-execute-button").click();
  await closed;
}

await check("pages in a browser", () =>
  browse(async ({ visit, shot, quiet }) => {
    const page = await visit();

    await part("/playground: sign in and run an example", async () => {
      await page.goto(`${ORIGIN}/playground`);
      try {
        await signIn(page);
        await runExample(page);
        await page.waitForLoadState("networkidle");
      } finally {
        await shot(page, "playground");
      }
      quiet();
    });

    await part("/playground: run a subscription and stop it", async () => {
      try {
        await runSubscription(page);
      } finally {
        await shot(page, "playground-subscription");
      }
      quiet();
    });

    await part("/api/docs: the reader lists the operations", async () => {
      await page.goto(`${ORIGIN}/api/docs`, { waitUntil: "networkidle" });
      await shot(page, "api-docs");
      assert.match(await page.locator("body").innerText(), /\/api\/spaces/);
      quiet();
    });

    await part("/api/docs: a path has its GraphQL, which the playground opens; there it has its path", async () => {
      await page.goto(`${ORIGIN}/api/docs#CreateCommunity`);
      const graphql = page.locator(".graphql");
      assert.match(await graphql.getByRole("region", { name: "GraphQL document" }).innerText(), /^mutation CreateCommunity/);
      await page.locator("#try-body").fill('{ "name": "Chess for two", "type": "club" }');
      await graphql.getByText('"CLUB"').waitFor();
      await graphql.getByText("Open in the playground").click();
      await page.locator(".graphiql-editor-tool").getByText("Chess for two").waitFor();
      assert.match(await page.locator(".graphiql-query-editor").innerText(), /mutation CreateCommunity/);
      assert.equal(new URL(page.url()).hash, "");
      await page.locator(".rest-path").filter({ hasText: "POST /api/communities" }).click();
      await page.getByRole("heading", { level: 1 }).filter({ hasText: "Create a club" }).waitFor();
      quiet();
    });

    await part("/: the start page", async () => {
      await page.goto(`${ORIGIN}/`, { waitUntil: "networkidle" });
      await shot(page, "start");
      assert.match(await page.locator("h1").innerText(), /Plaza/);
      assert.match(await page.locator("#graphql-command").innerText(), /curl/);
      quiet();
    });

    await part("/graphql asked for by a browser leads to the playground", async () => {
      await page.goto(`${ORIGIN}/graphql`);
      assert.equal(new URL(page.url()).pathname, "/playground");
      await page.locator(".account-user").waitFor();
      quiet();
    });
  }),
);
