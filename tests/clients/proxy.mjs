// A TCP proxy that fails as networks do.
import { createServer, connect } from "node:net";

/**
 * Forwards to a server at `port`, on this machine. Its `mode` is how it behaves:
 * `open` forwards; `cut` resets what there is and what comes; `stalled` forwards nothing and closes nothing; `deaf` takes
 * requests to the server and resets the connection when the answer comes.
 */
export class Proxy {
  mode = "open";
  #server;
  #pairs = new Set();

  constructor(port) {
    this.#server = createServer((client) => this.#accept(client, port));
  }

  /** Begins to listen; gives the origin. */
  async listen() {
    await new Promise((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  /** Resets all connections, and those that come. */
  cut() {
    this.mode = "cut";
    for (const end of [...this.#pairs]) end();
  }

  /** Forwards nothing more, in either direction, and lets nobody know. What is open now stays silent for ever. */
  stall() {
    this.mode = "stalled";
    for (const end of this.#pairs) end.isSilent = true;
  }

  deafen() {
    this.mode = "deaf";
  }

  /** Forwards connections that come from now on. */
  open() {
    this.mode = "open";
  }

  close() {
    this.cut();
    this.#server.close();
  }

  #accept(client, port) {
    client.on("error", () => {});
    if (this.mode === "cut") {
      client.resetAndDestroy();
      return;
    }
    const server = connect(port, "127.0.0.1");
    const end = () => {
      this.#pairs.delete(end);
      client.resetAndDestroy();
      server.destroy();
    };
    end.isSilent = this.mode === "stalled";
    this.#pairs.add(end);
    server.on("error", () => end.isSilent || end());
    client.on("error", end);
    client.on("data", (bytes) => end.isSilent || server.write(bytes));
    server.on("data", (bytes) => {
      if (end.isSilent) return;
      if (this.mode === "deaf") end();
      else client.write(bytes);
    });
    client.on("end", () => end.isSilent || server.end());
    server.on("end", () => end.isSilent || client.end());
    client.on("close", () => {
      this.#pairs.delete(end);
      server.destroy();
    });
  }
}
