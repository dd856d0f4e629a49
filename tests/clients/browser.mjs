// What the checks in a browser share: how it is started, and what a page of ours must not do.
import { access, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { assert, ORIGIN } from "./check.mjs";

const SHOTS = process.env.CI_ARTIFACTS ?? fileURLToPath(new URL("../../target/ci", import.meta.url));
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // A microphone that hums, and that every page may use.
  "--use-fake-device-for-media-stream",
  "--use-fake-ui-for-media-stream",
];

async function browserPath() {
  const candidates = process.env.CHROMIUM
    ? [process.env.CHROMIUM]
    : ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  for (const path of candidates) {
    if (await access(path).then(() => true, () => false)) return path;
  }
  throw new Error(`no browser at ${candidates.join(", ")}: install chromium or set CHROMIUM`);
}

/** Notes everything that a page of ours must not do. */
function watch(context, complaints, hosts) {
  context.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol !== "data:" && protocol !== "blob:" && origin !== ORIGIN && !hosts.includes(origin)) complaints.push(`asked another host: ${request.url()}`);
  });
  context.on("requestfailed", (request) => {
    const reason = request.failure()?.errorText;
    // Leaving a page ends what it was still loading.
    if (reason !== "net::ERR_ABORTED") complaints.push(`failed: ${request.method()} ${request.url()} ${reason}`);
  });
  context.on("response", (response) => {
    if (response.status() >= 400) complaints.push(`answered ${response.status()}: ${response.request().method()} ${response.url()}`);
  });
  context.on("console", (message) => {
    if (message.type() === "error") complaints.push(`console: ${message.text()}`);
  });
  context.on("weberror", (event) => complaints.push(`uncaught: ${event.error()}`));
}

/**
 * Runs `look` in a browser. `visit(size, options)` opens a page with cookies of its own; with `isFailing` its requests may
 * fail, `hosts` are origins that it may ask, other options are the browser context's. `shot(page, name)` keeps a picture of a page; `quiet` holds that no page did
 * what it must not.
 */
export async function browse(look) {
  await mkdir(SHOTS, { recursive: true });
  const browser = await chromium.launch({ executablePath: await browserPath(), args: FLAGS });
  const complaints = [];
  const pages = [];
  const visit = async (viewport = { width: 1400, height: 900 }, { isFailing = false, hosts = [], ...options } = {}) => {
    const context = await browser.newContext({ viewport, ...options });
    context.setDefaultTimeout(30_000);
    // Over a network that fails requests fail, too; the page must not break all the same.
    if (isFailing) context.on("weberror", (event) => complaints.push(`uncaught: ${event.error()}`));
    else watch(context, complaints, hosts);
    pages.push(await context.newPage());
    return pages.at(-1);
  };
  const shot = (page, name) => page.screenshot({ path: join(SHOTS, `${name}.png`) });
  const quiet = () => assert.deepEqual(complaints, [], complaints.join("\n"));
  try {
    await look({ visit, shot, quiet });
  } catch (error) {
    await Promise.allSettled(pages.map((page, index) => shot(page, `failed-${index + 1}`)));
    throw error;
  } finally {
    await browser.close();
  }
}
