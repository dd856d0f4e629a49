import { delay, Pauses, type Timers } from "plaza-client";
import type { Quoted } from "./drafts";
import { isFault, Refusal, verdict } from "plaza-client";

/** Milliseconds after which a request under way is given up when the connection has come back meanwhile. */
const STALE = 3_000;

/** A queued message: its text, recipient and price. */
export type Outgoing = {
  content: string;
  /** The number of the newest message that was known when it was written. */
  afterNumber?: number;
  replyTo?: Quoted | null;
} & (
  | { kind: "post" }
  | { kind: "agent"; listingId: string; fee: number }
  | { kind: "lounge"; loungeId: string; voice: boolean | null; fee: number }
  | { kind: "voice"; audio: Blob }
);

/** An entry of the outbox. */
export type Entry = Outgoing & {
  key: string;
  account: string;
  conversationId: string;
  order: number;
  status: "queued" | "sending" | "waiting" | "failed";
  reason?: string | null;
  code?: string | null;
  attempts?: number;
  faults?: number;
};

/** The message that an entry was posted as. */
export interface Posted {
  number: number;
}

/** Storage of the entries. */
export interface OutboxStore {
  load(account: string): Promise<Entry[]>;
  put(entry: Entry): unknown;
  remove(key: string): unknown;
}

interface Setup<Message extends Posted> {
  account: string;
  store: OutboxStore;
  /** Returns the posted message, or null if the server does not return it. */
  send: (entry: Entry, signal: AbortSignal) => Promise<Message | null>;
  /** Called before a posted entry is removed. */
  onSent?: (entry: Entry, message: Message | null) => void;
  onSignedOut: () => void;
  newKey: () => string;
  now?: () => number;
  timers?: Timers;
  random?: () => number;
}

/**
 * What was written and is not posted yet, in order, for one account. Each conversation sends one message after the other, each
 * under its own key for as long as it exists, so that the server posts it once however often it is sent.
 *
 * An entry is `{ key, account, conversationId, order, kind, content, …, status, reason, code }`; `status` is `queued`,
 * `sending`, `waiting` (it will be sent again by itself: `code` says why) or `failed` (refused: `reason` says why).
 */
export class Outbox<Message extends Posted> {
  #account: string;
  #store: OutboxStore;
  #send: Setup<Message>["send"];
  #onSent: Setup<Message>["onSent"];
  #onSignedOut: () => void;
  #newKey: () => string;
  #now: () => number;
  #random: () => number;
  #pauses: Pauses;
  #entries: Entry[] = [];
  #byConversation = new Map<string, Entry[]>();
  #listeners = new Set<() => void>();
  #working = new Set<string>();
  #underWay = new Set<{ controller: AbortController; since: number }>();
  #isPaused = false;
  #isStopped = false;

  constructor({ account, store, send, onSent, onSignedOut, newKey, now = Date.now, timers, random = Math.random }: Setup<Message>) {
    this.#account = account;
    this.#store = store;
    this.#send = send;
    this.#onSent = onSent;
    this.#onSignedOut = onSignedOut;
    this.#newKey = newKey;
    this.#now = now;
    this.#random = random;
    this.#pauses = new Pauses(timers);
  }

  /** Takes up what was kept from before, and sends it. */
  async load(): Promise<void> {
    if (this.#isStopped) return;
    const known = new Set(this.#entries.map(({ key }) => key));
    const kept = (await this.#store.load(this.#account)).filter(({ key }) => !known.has(key));
    const entries = kept.map((entry): Entry => (entry.status === "failed" ? entry : { ...entry, status: "queued" }));
    this.#set([...this.#entries, ...entries].sort((a, b) => a.order - b.order));
    for (const id of new Set(entries.map(({ conversationId }) => conversationId))) void this.#work(id);
  }

  listen = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  /** The entries of a conversation, in order; the same array until one has changed. */
  of(conversationId: string): Entry[] {
    return this.#byConversation.get(conversationId) ?? NONE;
  }

  /** Number of entries. */
  get size(): number {
    return this.#entries.length;
  }

  /** Queues something to be sent. */
  add(conversationId: string, what: Outgoing): Entry {
    const order = Math.max(this.#now(), (this.#entries.at(-1)?.order ?? 0) + 1);
    const entry: Entry = { ...what, key: this.#newKey(), account: this.#account, conversationId, order, status: "queued" };
    this.#set([...this.#entries, entry]);
    this.#store.put(entry);
    void this.#work(conversationId);
    return entry;
  }

  /** Sends a refused entry once more, under the same key. */
  retry(key: string): void {
    this.#revise(key, (entry) => ({ ...entry, ...AFRESH }));
  }

  /** Changes the text, or more, of a refused entry and sends it. It is another message now, so it has another key. */
  edit(key: string, change: { content?: string; fee?: number }): void {
    const isChanged = this.#revise(key, (entry) => ({ ...entry, ...AFRESH, ...change, key: this.#newKey() }));
    if (isChanged) this.#store.remove(key);
  }

  /** Takes an entry back, unless it is being sent at this moment. */
  remove(key: string): void {
    const entry = this.#entries.find((one) => one.key === key);
    if (!entry || entry.status === "sending") return;
    this.#set(this.#entries.filter((one) => one !== entry));
    this.#store.remove(key);
    this.#pauses.wake();
  }

  /** Tries at once what is waited for; gives up requests that were sent into a connection that has died meanwhile. */
  wake(): void {
    for (const request of this.#underWay) {
      if (this.#now() - request.since > STALE) request.controller.abort();
    }
    this.#pauses.wake();
  }

  /** Resumes sending after the account has signed in again. */
  resume(): void {
    this.#isPaused = false;
    for (const id of this.#byConversation.keys()) void this.#work(id);
  }

  /** Ends sending; what is queued stays in the store. */
  stop(): void {
    this.#isStopped = true;
    this.#listeners.clear();
    for (const request of this.#underWay) request.controller.abort();
    this.#pauses.wake();
  }

  async #work(conversationId: string): Promise<void> {
    if (this.#working.has(conversationId)) return;
    this.#working.add(conversationId);
    while (!this.#isPaused && !this.#isStopped) {
      const entry = this.of(conversationId).find(({ status }) => status !== "failed");
      if (!entry) break;
      const again = await this.#try(entry);
      if (again !== null && !this.#isStopped) await this.#pauses.wait(again);
    }
    this.#working.delete(conversationId);
  }

  /** Sends an entry once. Gives the milliseconds after which to try again, or null to go on with the next. */
  async #try(entry: Entry): Promise<number | null> {
    const attempts = (entry.attempts ?? 0) + 1;
    this.#replace(entry.key, { status: "sending", attempts });
    const request = { controller: new AbortController(), since: this.#now() };
    this.#underWay.add(request);
    try {
      const message = await this.#send(entry, request.controller.signal);
      this.#sent(entry, message);
      return null;
    } catch (error) {
      if (this.#isStopped) return null;
      // The connection came back while this request was lost in the old one.
      if (request.controller.signal.aborted) {
        this.#replace(entry.key, { status: "waiting" });
        return 0;
      }
      const faults = isFault(error) ? (entry.faults ?? 0) + 1 : 0;
      const decision = verdict(error, faults);
      const code = (error instanceof Refusal && error.code) || null;
      if (decision === "refused") {
        this.#replace(entry.key, { status: "failed", reason: error instanceof Error ? error.message : String(error), code });
        const failed = this.#entries.find(({ key }) => key === entry.key);
        if (failed) this.#store.put(failed);
        return null;
      }
      this.#replace(entry.key, { status: "waiting", faults, code });
      if (decision === "signIn") {
        this.#isPaused = true;
        this.#onSignedOut();
        return null;
      }
      const seconds = (error instanceof Refusal && error.retryAfter) || 0;
      return Math.max(delay(attempts - 1, this.#random), seconds * 1000);
    } finally {
      this.#underWay.delete(request);
    }
  }

  #sent(entry: Entry, message: Message | null): void {
    this.#onSent?.(entry, message);
    this.#store.remove(entry.key);
    const left = this.#entries.filter(({ key }) => key !== entry.key);
    // A message sent later has a greater number: no earlier message can be its echo.
    this.#set(
      left.map((other) =>
        message && other.conversationId === entry.conversationId
          ? { ...other, afterNumber: Math.max(other.afterNumber ?? 0, message.number) }
          : other,
      ),
    );
  }

  #revise(key: string, change: (entry: Entry) => Entry): boolean {
    const entry = this.#entries.find((one) => one.key === key);
    if (entry?.status !== "failed") return false;
    const changed = change(entry);
    this.#set(this.#entries.map((one) => (one === entry ? changed : one)));
    this.#store.put(changed);
    void this.#work(entry.conversationId);
    return true;
  }

  #replace(key: string, change: Partial<Pick<Entry, "status" | "reason" | "code" | "attempts" | "faults">>): void {
    this.#set(this.#entries.map((entry) => (entry.key === key ? { ...entry, ...change } : entry)));
  }

  #set(entries: Entry[]): void {
    const before = this.#byConversation;
    this.#entries = entries;
    this.#byConversation = grouped(entries);
    for (const [id, own] of this.#byConversation) {
      const known = before.get(id);
      if (known?.length === own.length && own.every((entry, index) => entry === known[index])) {
        this.#byConversation.set(id, known);
      }
    }
    for (const listener of this.#listeners) listener();
  }
}

const NONE: Entry[] = [];
/** An entry that is sent as if for the first time. */
const AFRESH = { status: "queued", reason: null, code: null, attempts: 0, faults: 0 } as const;

function grouped(entries: Entry[]): Map<string, Entry[]> {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const { conversationId: id } = entry;
    groups.set(id, [...(groups.get(id) ?? []), entry]);
  }
  return groups;
}

/** The fields of a message that identify it as the posted form of an entry. */
interface Echo {
  number: number;
  authorId: string | null;
  content: string;
}

/**
 * The entries to show below the messages. One that is in the log already, because its event came before the answer to its
 * request, is left out: an own message of the same text that is newer than what was known when it was written.
 */
export function unposted(entries: Entry[], messages: readonly Echo[], userId: string): Entry[] {
  const taken = new Set<number>();
  return entries.filter(({ status, content, afterNumber = 0 }) => {
    if (status === "failed") return true;
    const echo = messages.find(
      (message) =>
        message.number > afterNumber &&
        message.authorId === userId &&
        message.content === content &&
        !taken.has(message.number),
    );
    if (echo) taken.add(echo.number);
    return !echo;
  });
}
