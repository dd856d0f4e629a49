// A server of a check's own, which it may stop and start again.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert } from "./check.mjs";

/** A port of this machine that is free now. */
function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

export class OwnServer {
  #child;
  #folder;
  #output = "";

  /** Chooses a port and a folder for the database. */
  static async make() {
    const server = new OwnServer();
    server.port = await freePort();
    server.origin = `http://127.0.0.1:${server.port}`;
    server.#folder = await mkdtemp(join(tmpdir(), "plaza-"));
    return server;
  }

  /** Starts it with these settings and waits until it answers. */
  async start(settings) {
    assert.ok(process.env.CI_BINARY, "CI_BINARY is not set: give the path of the plaza binary");
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("PLAZA_"));
    const database = `sqlite://${join(this.#folder, "plaza.db")}`;
    const args = ["serve", "--listen", `127.0.0.1:${this.port}`, "--database-url", database];
    const env = { ...Object.fromEntries(inherited), ...settings };
    this.#child = spawn(process.env.CI_BINARY, args, { cwd: this.#folder, env, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) stream.on("data", (bytes) => (this.#output += bytes));
    const ended = new Promise((_, reject) => {
      this.#child.on("exit", (code) => reject(new Error(`the server ended with ${code}\n${this.#output.slice(-3000)}`)));
      this.#child.on("error", reject);
    });
    ended.catch(() => {});
    await Promise.race([this.#ready(), ended]);
  }

  async #ready() {
    for (;;) {
      const isReady = await fetch(`${this.origin}/readyz`).then(({ ok }) => ok, () => false);
      if (isReady) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Ends it as an operator does, and waits until it has ended. */
  async stop() {
    const child = this.#child;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await ended;
  }

  /** Ends it and removes what it kept. */
  async remove() {
    await this.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Sends one operation for the holder of a token and gives its data. */
  async run(token, query, variables) {
    const response = await fetch(`${this.origin}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = await response.json();
    assert.equal(errors, undefined, JSON.stringify(errors));
    return data;
  }

  /** Makes an account; gives its token and id. */
  async signUp(name, email, password) {
    const response = await fetch(`${this.origin}/api/auth/sign-up/email`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name, email, password }),
    });
    assert.equal(response.status, 200, await response.clone().text());
    const { token, user } = await response.json();
    return { token, id: user.id, email };
  }
}
