/** What is typed and not sent yet, by conversation, for one account: `{ text, replyTo }`. It outlasts a reload. */
export class Drafts {
  #account;
  #store;
  #drafts = new Map();
  #listeners = new Set();

  /** `store` has `load(account)`, `put(draft)` and `remove(account, conversationId)`. */
  constructor({ account, store }) {
    this.#account = account;
    this.#store = store;
  }

  /** Takes up what was kept from before. What was typed meanwhile stays. */
  async load() {
    for (const { conversationId, text, replyTo } of await this.#store.load(this.#account)) {
      if (!this.#drafts.has(conversationId)) this.#drafts.set(conversationId, { text, replyTo });
    }
    this.#tell();
  }

  listen = (listener) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  of(conversationId) {
    return this.#drafts.get(conversationId) ?? EMPTY;
  }

  /** Changes a draft: `{ text }`, `{ replyTo }` or both. */
  set(conversationId, change) {
    const draft = { ...this.of(conversationId), ...change };
    this.#drafts.set(conversationId, draft);
    if (draft.text || draft.replyTo) this.#store.put({ account: this.#account, conversationId, ...draft });
    else this.#store.remove(this.#account, conversationId);
    this.#tell();
  }

  #tell() {
    for (const listener of this.#listeners) listener();
  }
}

const EMPTY = { text: "", replyTo: null };
