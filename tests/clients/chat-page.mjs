// What people do on the chat page, as the checks in a browser drive it.
import { ORIGIN } from "./check.mjs";
import { PASSWORD } from "./live.mjs";

/** Signs a person of the demo in and waits for their conversations. */
export async function signIn(page, who, origin = ORIGIN) {
  await page.goto(`${origin}/chat`);
  // The names of the fields are in the language of the browser, their kinds are not.
  await page.locator("input[type=email]").fill(`${who}@demo.plaza`);
  await page.locator("input[type=password]").fill(PASSWORD);
  await page.locator("button[type=submit]").click();
  await page.locator(".row").first().waitFor();
}

/** Signs out and waits for the sign-in page, in any language. */
export async function signOut(page) {
  // A phone shows no navigation inside of a conversation.
  await page.goto(`${ORIGIN}/chat#/`);
  await page.locator(".rail-account").click();
  await page.locator(".menu [role=menuitem]").last().click();
  await page.locator("input[type=password]").waitFor();
}

/** Makes an account that was not there before. */
export async function signUp(page, name) {
  await page.goto(`${ORIGIN}/chat`);
  await page.getByRole("button", { name: "Create an account" }).click();
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Email").fill(`${name.toLowerCase()}-${Date.now()}@example.com`);
  await page.getByLabel("Password").fill("correct horse battery");
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByRole("heading", { name: "No conversations yet" }).waitFor();
}

export const field = (page) => page.getByLabel("Message", { exact: true });
export const message = (page, text) => page.locator(".message").filter({ hasText: text });

/** Opens a conversation out of the list. */
export async function openRow(page, title) {
  await page.goto(`${ORIGIN}/chat#/`);
  await page.locator(".row").filter({ hasText: title }).first().click();
  await field(page).waitFor();
}

/** Finds a community and opens its page. */
export async function openCommunity(page, name) {
  await page.goto(`${ORIGIN}/chat#/discover`);
  await page.getByLabel("Search communities").fill(name);
  await page.locator(".card").filter({ hasText: name }).first().click();
  await page.locator("h1").filter({ hasText: name }).waitFor();
}

/** Writes a message and waits until the page shows it. */
export async function say(page, text) {
  await field(page).fill(text);
  await page.keyboard.press("Enter");
  await message(page, text).first().waitFor();
}

/** Chooses from the menu of a message. */
export async function choose(page, one, item) {
  await one.hover();
  await one.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: item }).click();
}

/** What the wallet holds, as the menu of the account says. */
export async function coins(page) {
  await page.locator(".rail-account").click();
  const text = await page.locator(".menu .coins").innerText();
  await page.keyboard.press("Escape");
  await page.locator(".menu").waitFor({ state: "detached" });
  return Number.parseInt(text.trim(), 10);
}

/** Waits until the wallet holds so many coins, as the menu of the account says. */
export async function waitForCoins(page, count) {
  await page.locator(".rail-account").click();
  await page.locator(".menu .coins").filter({ hasText: `${count} coins` }).waitFor();
  await page.keyboard.press("Escape");
  await page.locator(".menu").waitFor({ state: "detached" });
}
