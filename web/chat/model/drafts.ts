/** The message that a draft, or an entry of the outbox, replies to: as much of it as is shown. */
export interface Quoted {
  id: string;
  content: string;
  agentName: string | null;
  author: { name: string } | null;
}

export interface Draft {
  text: string;
  replyTo: Quoted | null;
}

interface Kept extends Draft {
  account: string;
  conversationId: string;
}

/** Storage of the drafts. */
export interface DraftStore {
  load(account: string): Promise<Kept[]>;
  put(draft: Kept): unknown;
  remove(account: string, conversationId: string): unknown;
}

/** Drafts by conversation, of one account: `{ text, replyTo }`. It outlasts a reload. */
export class Drafts {
  #account: string;
  #store: DraftStore;
  #drafts = new Map<string, Draft>();
  #listeners = new Set<() => void>();

  constructor({ account, store }: { account: string; store: DraftStore }) {
    this.#account = account;
    this.#store = store;
  }

  /** Takes up what was kept from before. What was typed meanwhile stays. */
  async load(): Promise<void> {
    for (const { conversationId, text, replyTo } of await this.#store.load(this.#account)) {
      if (!this.#drafts.has(conversationId)) this.#drafts.set(conversationId, { text, replyTo });
    }
    this.#tell();
  }

  listen = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  of(conversationId: string): Draft {
    return this.#drafts.get(conversationId) ?? EMPTY;
  }

  /** Changes a draft: `{ text }`, `{ replyTo }` or both. */
  set(conversationId: string, change: Partial<Draft>): void {
    const draft = { ...this.of(conversationId), ...change };
    this.#drafts.set(conversationId, draft);
    if (draft.text || draft.replyTo) this.#store.put({ account: this.#account, conversationId, ...draft });
    else this.#store.remove(this.#account, conversationId);
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

const EMPTY: Draft = { text: "", replyTo: null };
