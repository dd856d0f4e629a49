import { BROWSER, delay, Pauses, type Timers } from "./backoff.js";
import { Connection, type Listener } from "./connection.js";
import type { Operation } from "./operation.js";
import { isFault, Refusal, Unreachable, verdict } from "./refusal.js";
import { type Answer, type Fetch, type Patience, post } from "./request.js";
import type { WebSocketClass } from "./socket.js";
import { onWake } from "./wake.js";

/** Milliseconds that a file may take on its way, and until the server has read it. */
const UPLOAD = 120_000;
const KEY = "idempotency-key";

export interface Setup {
  /** Address of the server, such as `https://chat.example`. In a page of the server itself it may be left out. */
  url?: string;
  /**
   * A session token or an API key, or a function that gives the present one. Without it, a browser's cookie says who is
   * there.
   */
  token?: string | (() => string | null | undefined);
  /** Called when a subscription finds that the sign-in has ended. */
  onSignedOut?: () => void;
  /** Replaces the `fetch` of the environment. */
  fetch?: Fetch;
  /** Replaces the `WebSocket` of the environment. Node.js has one since version 22. */
  WebSocket?: WebSocketClass;
  timers?: Timers;
}

/** Options of a mutation. */
export interface Repetition extends Patience {
  /** The idempotency key. Without one, each call has a new one. */
  key?: string;
}

/** The ways to one server, for one account. */
export class PlazaClient {
  /** The socket of all subscriptions, for those that show its state. */
  readonly connection: Connection;
  #setup: Setup;
  #base: string;
  #pauses: Pauses;
  #forgetWake: () => void;

  constructor(setup: Setup = {}) {
    this.#setup = setup;
    this.#base = new URL(setup.url ?? location.origin).href.replace(/\/$/, "");
    this.#pauses = new Pauses(setup.timers ?? BROWSER);
    this.connection = new Connection({
      url: `${this.#base.replace(/^http/, "ws")}/graphql/ws`,
      WebSocket: setup.WebSocket ?? (globalThis.WebSocket as WebSocketClass),
      credentials: () => {
        const token = this.#token();
        return token ? { token } : undefined;
      },
      onSignedOut: () => setup.onSignedOut?.(),
      timers: setup.timers,
    });
    this.#forgetWake = onWake(() => this.wake());
  }

  /** Sends one operation once and gives its data. Throws a `Refusal` of the server or `Unreachable`. */
  async request<Data, Variables>(operation: Operation<Data, Variables>, variables: Variables, patience?: Patience): Promise<Data> {
    return this.#send(operation, variables, {}, patience);
  }

  /**
   * Sends a mutation under an idempotency key until the server has answered: it happens once, although it may be sent several
   * times. Waits out outages, busy servers and limits. Throws a `Refusal`, and `Unreachable` after `signal` gives it up.
   */
  async mutate<Data, Variables>(operation: Operation<Data, Variables>, variables: Variables, repetition: Repetition = {}): Promise<Data> {
    const { key = newKey(), signal } = repetition;
    let faults = 0;
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#send(operation, variables, { [KEY]: key }, repetition);
      } catch (error) {
        faults = isFault(error) ? faults + 1 : 0;
        if (signal?.aborted || verdict(error, faults) !== "retry") throw error;
        if (error instanceof Unreachable) this.connection.check();
        const seconds = (error instanceof Refusal && error.retryAfter) || 0;
        await this.#pauses.wait(Math.max(delay(attempt), seconds * 1000), signal);
        if (signal?.aborted) throw error;
      }
    }
  }

  /**
   * Sends one operation with a file in place of the variable `name`, as a multipart request. The header tells the server that no
   * foreign page sent it.
   */
  async upload<Data, Variables>(
    operation: Operation<Data, Variables>,
    variables: Variables,
    name: string,
    file: Blob,
    patience?: Patience,
  ): Promise<Data> {
    const form = new FormData();
    form.append("operations", JSON.stringify({ query: operation.toString(), variables }));
    form.append("map", JSON.stringify({ 0: [`variables.${name}`] }));
    form.append("0", file, "file");
    return dataOf(await this.#post<Data>(form, { "graphql-require-preflight": "1" }, { ...patience, limit: UPLOAD }));
  }

  /**
   * Listens to a subscription until the returned function is called. After a cut it goes on after the last position that it was
   * given. Where the operation takes `$after`, that is the `position` of the event, unless `positionOf` gives another.
   */
  subscribe<Data, Variables>(operation: Operation<Data, Variables>, variables: Variables, listener: Listener<Data>): () => void {
    const query = operation.toString();
    return this.connection.subscribe<Data>({
      positionOf: /\$after\b/.test(query) ? positionOf : undefined,
      ...listener,
      query,
      variables: variables as Record<string, unknown>,
    });
  }

  /** The events of a subscription, as they come, until the loop over them is left. Throws the `Refusal` that ends it. */
  async *events<Data, Variables>(
    operation: Operation<Data, Variables>,
    variables: Variables,
    options: Pick<Listener<Data>, "positionOf" | "start"> = {},
  ): AsyncGenerator<Data, void, undefined> {
    const heard: Data[] = [];
    let end: { refusal: Refusal | null } | undefined;
    let wake = () => {};
    const stop = this.subscribe(operation, variables, {
      ...options,
      next: (data) => {
        heard.push(data);
        wake();
      },
      ended: (refusal) => {
        end = { refusal };
        wake();
      },
    });
    try {
      for (;;) {
        while (heard.length > 0) yield heard.shift() as Data;
        if (end?.refusal) throw end.refusal;
        if (end) return;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      stop();
    }
  }

  /** Tries at once what is waited for. A browser does that by itself when it is online again or the page is looked at. */
  wake(): void {
    this.connection.wake();
    this.#pauses.wake();
  }

  /** Ends all subscriptions and closes the socket. */
  close(): void {
    this.#forgetWake();
    this.connection.close();
  }

  async #send<Data, Variables>(
    operation: Operation<Data, Variables>,
    variables: Variables,
    headers: Record<string, string>,
    patience?: Patience,
  ): Promise<Data> {
    return dataOf(await this.#post<Data>({ query: operation.toString(), variables }, headers, patience));
  }

  #post<Data>(body: Parameters<typeof post>[1], headers: Record<string, string>, patience?: Patience): Promise<Answer<Data>> {
    const token = this.#token();
    const fetch = this.#setup.fetch ?? ((url, request) => globalThis.fetch(url, request));
    const all = token ? { ...headers, authorization: `Bearer ${token}` } : headers;
    return post<Data>({ url: `${this.#base}/graphql`, fetch }, body, all, patience);
  }

  #token(): string | null | undefined {
    const { token } = this.#setup;
    return typeof token === "function" ? token() : token;
  }
}

/** A key under which something that is sent again happens once. */
export function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function dataOf<Data>({ data, errors }: Answer<Data>): Data {
  if (errors?.[0]) throw new Refusal(errors[0]);
  if (!data) throw new Unreachable("The server sent no data.");
  return data;
}

/** The `position` in the one root field of a subscription. */
function positionOf(data: unknown): string | null | undefined {
  const [event] = Object.values(data as Record<string, { position?: string | null } | null>);
  return event?.position;
}
