import { createClient as graphqlWs } from "graphql-ws";
import { delay, Pauses } from "./backoff.js";
import { Heartbeat } from "./heartbeat.js";
import { isFault, Refusal, verdict } from "./refusal.js";

/** Milliseconds that opening a socket may take. */
const HANDSHAKE = 10_000;
/** Milliseconds that the server has to answer when the device woke up. */
const WAKE_DEADLINE = 4_000;
/** Close codes after which somebody has to sign in: the sign-in ended, or was never there. */
const SIGNED_OUT = new Set([4401, 4403]);

/**
 * The one socket of the page. It is opened again for as long as the page is there; each subscription goes on after the last
 * position that it was given. `state` is `connecting`, `open` or `reconnecting`.
 */
export class Connection {
  state = "connecting";
  #client;
  #pauses;
  #heartbeat;
  #timers;
  #random;
  #listeners = new Set();
  #handshake;
  #onSignedOut;

  constructor({ url, onSignedOut, createClient = graphqlWs, timers = globalThis, random = Math.random }) {
    this.#timers = timers;
    this.#random = random;
    this.#onSignedOut = onSignedOut;
    this.#pauses = new Pauses(timers);
    let socket;
    this.#heartbeat = new Heartbeat({
      ping: () => socket.send('{"type":"ping"}'),
      dead: () => this.#client.terminate(),
      timers,
    });
    this.#client = createClient({
      url,
      retryAttempts: Infinity,
      shouldRetry: (event) => !SIGNED_OUT.has(event?.code),
      retryWait: (attempt) => this.#pauses.wait(delay(attempt, random)),
      // The heartbeat pings, because it also notices when no answer comes.
      keepAlive: 0,
      on: {
        connecting: () => this.#limitHandshake(),
        connected: (opened) => {
          socket = opened;
          timers.clearTimeout(this.#handshake);
          this.#heartbeat.start();
          this.#become("open");
        },
        message: () => this.#heartbeat.heard(),
        closed: () => {
          timers.clearTimeout(this.#handshake);
          this.#heartbeat.stop();
          this.#become("reconnecting");
        },
      },
    });
  }

  /** Calls `listener` whenever `state` has changed. Returns how to stop that. */
  listen = (listener) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Checks a connection that looks open, because something else did not reach the server. */
  check() {
    this.#heartbeat.probe();
  }

  /** Tries at once what is waited for, and checks a connection that looks open. */
  wake() {
    this.#heartbeat.probe(WAKE_DEADLINE);
    this.#pauses.wake();
  }

  /**
   * Listens until the returned function is called, after the position `start` where one is given. `next` is given each event's
   * data; `positionOf` its position in a log, if any; `ended` why the server ended the subscription: a `Refusal`, or null where
   * it was complete.
   */
  subscribe({ query, variables = {}, start: after, positionOf, next, ended }) {
    let attempts = 0;
    let faults = 0;
    let isStopped = false;
    let unsubscribe = () => {};
    const start = () => {
      if (isStopped) return;
      let isOver = false;
      // The client sends the payload again by itself when it has opened a new socket: `after` is read then.
      const payload = {
        query,
        get variables() {
          return after === undefined ? variables : { ...variables, after };
        },
      };
      const fail = (error) => {
        if (isStopped || isOver) return;
        isOver = true;
        unsubscribe();
        attempts += 1;
        if (error instanceof Refusal) faults = isFault(error) ? faults + 1 : 0;
        const isUnknownPosition = after !== undefined && error.field === "after";
        if (isUnknownPosition) after = undefined;
        const decision = error instanceof Refusal && !isUnknownPosition ? verdict(error, faults) : "retry";
        if (decision === "refused") {
          ended?.(error);
          return;
        }
        if (decision === "signIn" || SIGNED_OUT.has(error?.code)) this.#onSignedOut();
        this.#pauses.wait(delay(attempts - 1, this.#random)).then(start);
      };
      unsubscribe = this.#client.subscribe(payload, {
        next: ({ data, errors }) => {
          if (isStopped || isOver) return;
          if (!data) {
            fail(new Refusal(errors?.[0] ?? { message: "The server sent no data." }));
            return;
          }
          attempts = 0;
          faults = 0;
          after = positionOf?.(data) ?? after;
          next(data);
        },
        // Errors of GraphQL are a list; anything else is the socket's, and passes.
        error: (error) => fail(Array.isArray(error) ? new Refusal(error[0]) : error),
        complete: () => {
          if (isStopped || isOver) return;
          isOver = true;
          ended?.(null);
        },
      });
    };
    start();
    return () => {
      isStopped = true;
      unsubscribe();
    };
  }

  /** Closes the socket for good. */
  close() {
    this.#timers.clearTimeout(this.#handshake);
    this.#heartbeat.stop();
    this.#listeners.clear();
    // The client waits for an attempt that is under way, and rejects when that comes to nothing: there is nothing left to do then.
    Promise.resolve(this.#client.dispose()).catch(() => {});
  }

  /** A proxy may take a connection and never answer: the browser itself would wait for minutes. */
  #limitHandshake() {
    this.#timers.clearTimeout(this.#handshake);
    this.#handshake = this.#timers.setTimeout(() => this.#client.terminate(), HANDSHAKE);
  }

  #become(state) {
    if (state === this.state) return;
    this.state = state;
    for (const listener of this.#listeners) listener();
  }
}
