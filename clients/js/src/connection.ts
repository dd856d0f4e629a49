import { BROWSER, delay, Pauses, type Timers } from "./backoff.js";
import { Heartbeat } from "./heartbeat.js";
import { type GraphQLError, isFault, Refusal, verdict } from "./refusal.js";
import { Socket, type Result, type WebSocketClass } from "./socket.js";

/** Milliseconds that opening a socket may take. */
const HANDSHAKE = 10_000;
/** Milliseconds that the server has to answer when the device woke up. */
const WAKE_DEADLINE = 4_000;
/** Close codes after which a sign-in is needed: the sign-in ended, or was never there. */
const SIGNED_OUT = new Set([4401, 4403]);

export type ConnectionState = "connecting" | "open" | "reconnecting";

interface Setup {
  url: string;
  WebSocket: WebSocketClass;
  /** Returns the payload of `connection_init`; called each time a socket is opened. */
  credentials?: () => Record<string, unknown> | undefined;
  /** Called when the server does not, or no longer, accept the credentials. */
  onSignedOut?: () => void;
  timers?: Timers;
  random?: () => number;
}

/** Callbacks and options of a subscription. */
export interface Listener<Data> {
  /** Receives the data of each event. */
  next: (data: Data) => void;
  /** Receives the reason why the server ended it: a refusal, or null where it was complete. */
  ended?: ((refusal: Refusal | null) => void) | undefined;
  /** Returns the position of an event in its log, if it has one; a reconnected subscription resumes after the last one. */
  positionOf?: ((data: Data) => string | null | undefined) | undefined;
  /** A position to begin after. */
  start?: string | undefined;
}

/** A subscription and how it is received. */
export interface Subscription<Data> extends Listener<Data> {
  query: string;
  variables?: Record<string, unknown>;
}

/** A subscription that is not over. */
interface Running extends Subscription<unknown> {
  /** The last position that it was given. */
  after: string | undefined;
  /** Its number in the socket that is open; null while it is not sent. */
  id: string | null;
  /** Whether a pause lasts before it is sent again. */
  isWaiting: boolean;
  attempts: number;
  faults: number;
}

/**
 * One socket for all subscriptions. It is opened with the first, opened again for as long as there is one, and closed with the
 * last; each subscription goes on after the last position that it was given. `state` is `connecting`, `open` or `reconnecting`.
 */
export class Connection {
  state: ConnectionState = "connecting";
  #setup: Setup;
  #timers: Timers;
  #random: () => number;
  #pauses: Pauses;
  #heartbeat: Heartbeat;
  #listeners = new Set<() => void>();
  #running = new Set<Running>();
  #sent = new Map<string, Running>();
  #socket: Socket | null = null;
  #isReady = false;
  #isPausing = false;
  #isClosed = false;
  #losses = 0;
  #lastId = 0;
  #handshake: unknown;

  constructor(setup: Setup) {
    this.#setup = setup;
    this.#timers = setup.timers ?? BROWSER;
    this.#random = setup.random ?? Math.random;
    this.#pauses = new Pauses(this.#timers);
    this.#heartbeat = new Heartbeat({
      ping: () => this.#socket?.ping(),
      dead: () => this.#socket?.terminate(),
      timers: this.#timers,
    });
  }

  /** Calls `listener` whenever `state` has changed. Returns a function that stops that. */
  listen = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  /** Checks a connection that looks open, because something else did not reach the server. */
  check(): void {
    this.#heartbeat.probe();
  }

  /** Tries at once what is waited for, and checks a connection that looks open. */
  wake(): void {
    this.#heartbeat.probe(WAKE_DEADLINE);
    this.#pauses.wake();
  }

  /** Listens until the returned function is called. */
  subscribe<Data>(subscription: Subscription<Data>): () => void {
    const one = { ...(subscription as Subscription<unknown>), after: subscription.start, id: null, isWaiting: false, attempts: 0, faults: 0 };
    this.#running.add(one);
    this.#begin(one);
    return () => this.#stop(one);
  }

  /** Closes the socket for good. */
  close(): void {
    this.#isClosed = true;
    this.#listeners.clear();
    this.#running.clear();
    this.#socket?.close();
    this.#pauses.wake();
  }

  #begin(one: Running): void {
    if (!this.#running.has(one)) return;
    if (!this.#socket) this.#open();
    else if (this.#isReady) this.#send(one);
  }

  #open(): void {
    if (this.#socket || this.#isPausing || this.#isClosed) return;
    const { WebSocket, url, credentials } = this.#setup;
    // A proxy may take a connection and never answer: a browser itself would wait for minutes.
    this.#handshake = this.#timers.setTimeout(() => this.#socket?.terminate(), HANDSHAKE);
    this.#socket = new Socket(WebSocket, url, credentials?.(), {
      opened: () => this.#opened(),
      heard: () => this.#heartbeat.heard(),
      next: (id, result) => this.#next(id, result),
      refused: (id, errors) => this.#refused(id, errors[0] ?? { message: "The server refuses it." }),
      complete: (id) => {
        const one = this.#sent.get(id);
        if (one) this.#end(one, null);
      },
      closed: (code) => this.#lost(code),
    });
  }

  #opened(): void {
    this.#timers.clearTimeout(this.#handshake);
    this.#isReady = true;
    this.#losses = 0;
    this.#heartbeat.start();
    this.#become("open");
    for (const one of this.#running) if (!one.isWaiting) this.#send(one);
  }

  #lost(code: number): void {
    this.#timers.clearTimeout(this.#handshake);
    this.#heartbeat.stop();
    this.#socket = null;
    this.#isReady = false;
    this.#sent.clear();
    for (const one of this.#running) one.id = null;
    if (this.#running.size === 0) {
      this.#become("connecting");
      return;
    }
    this.#become("reconnecting");
    if (SIGNED_OUT.has(code)) this.#setup.onSignedOut?.();
    this.#isPausing = true;
    void this.#pauses.wait(delay(this.#losses++, this.#random)).then(() => {
      this.#isPausing = false;
      if (this.#running.size > 0) this.#open();
    });
  }

  #send(one: Running): void {
    const { query, variables = {}, after } = one;
    one.id = String(++this.#lastId);
    this.#sent.set(one.id, one);
    this.#socket?.subscribe(one.id, { query, variables: after === undefined ? variables : { ...variables, after } });
  }

  #next(id: string, { data, errors }: Result): void {
    const one = this.#sent.get(id);
    if (!one) return;
    if (!data) {
      this.#socket?.complete(id);
      this.#refused(id, errors?.[0] ?? { message: "The server sent no data." });
      return;
    }
    one.attempts = 0;
    one.faults = 0;
    one.after = one.positionOf?.(data) ?? one.after;
    one.next(data);
  }

  #refused(id: string, error: GraphQLError): void {
    const one = this.#sent.get(id);
    if (!one) return;
    this.#sent.delete(id);
    one.id = null;
    const refusal = new Refusal(error);
    one.faults = isFault(refusal) ? one.faults + 1 : 0;
    // A log that is shorter than its position, for instance of a restored database: begin anew.
    const isUnknownPosition = one.after !== undefined && refusal.field === "after";
    if (isUnknownPosition) one.after = undefined;
    const decision = isUnknownPosition ? "retry" : verdict(refusal, one.faults);
    if (decision === "refused") {
      this.#end(one, refusal);
      return;
    }
    if (decision === "signIn") this.#setup.onSignedOut?.();
    one.isWaiting = true;
    const wait = Math.max(delay(one.attempts++, this.#random), (refusal.retryAfter ?? 0) * 1000);
    void this.#pauses.wait(wait).then(() => {
      one.isWaiting = false;
      this.#begin(one);
    });
  }

  #end(one: Running, refusal: Refusal | null): void {
    this.#forget(one);
    one.ended?.(refusal);
  }

  #stop(one: Running): void {
    if (!this.#running.has(one)) return;
    if (one.id !== null) this.#socket?.complete(one.id);
    this.#forget(one);
  }

  #forget(one: Running): void {
    if (one.id !== null) this.#sent.delete(one.id);
    this.#running.delete(one);
    if (this.#running.size === 0) this.#socket?.close();
  }

  #become(state: ConnectionState): void {
    if (state === this.state) return;
    this.state = state;
    for (const listener of this.#listeners) listener();
  }
}
