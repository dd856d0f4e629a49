import { BROWSER, type Timers } from "./backoff.js";

/** Milliseconds of silence after which the server is pinged. */
const INTERVAL = 15_000;
/** Milliseconds that the server has to answer a ping. */
const DEADLINE = 8_000;

/**
 * Notices a connection that is dead without being closed: a proxy that forwards nothing, a network that changed. After a
 * silence it calls `ping`; where nothing at all is heard until the deadline, it calls `dead`, once.
 */
export class Heartbeat {
  #ping: () => void;
  #dead: () => void;
  #timers: Timers;
  #timer: unknown;
  #isRunning = false;
  #isProbing = false;

  constructor({ ping, dead, timers = BROWSER }: { ping: () => void; dead: () => void; timers?: Timers }) {
    this.#ping = ping;
    this.#dead = dead;
    this.#timers = timers;
  }

  /** Begins to watch a connection that was just opened. */
  start(): void {
    this.#isRunning = true;
    this.heard();
  }

  /** Notes a sign of life. */
  heard(): void {
    if (!this.#isRunning) return;
    this.#isProbing = false;
    this.#set(() => this.probe(), INTERVAL);
  }

  /** Pings now, for instance when the device woke up. A ping that is under way is waited for. */
  probe(deadline = DEADLINE): void {
    if (!this.#isRunning || this.#isProbing) return;
    this.#isProbing = true;
    this.#set(() => {
      this.stop();
      this.#dead();
    }, deadline);
    this.#ping();
  }

  /** Stops watching. */
  stop(): void {
    this.#isRunning = false;
    this.#isProbing = false;
    this.#timers.clearTimeout(this.#timer);
  }

  #set(then: () => void, milliseconds: number): void {
    this.#timers.clearTimeout(this.#timer);
    this.#timer = this.#timers.setTimeout(then, milliseconds);
  }
}
