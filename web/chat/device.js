import { openDB } from "idb";

const OUTBOX = "outbox";
const DRAFTS = "drafts";

let opened;

function database() {
  opened ??= openDB("plaza", 1, {
    upgrade(db) {
      db.createObjectStore(OUTBOX, { keyPath: "key" }).createIndex("account", "account");
      db.createObjectStore(DRAFTS, { keyPath: ["account", "conversationId"] }).createIndex("account", "account");
    },
    terminated: () => (opened = undefined),
  });
  return opened;
}

/** Where a browser keeps nothing, the page goes on without: what is typed and queued lives as long as the page then. */
async function quietly(act, otherwise) {
  try {
    return await act(await database());
  } catch (error) {
    console.warn("Nothing can be kept in this browser.", error);
    return otherwise;
  }
}

/** Each page holds a lock for as long as it lives, so that others know whose queue is still being sent. */
const PAGE = crypto.getRandomValues(new Uint32Array(4)).join("-");
const lockOf = (page) => `plaza-page-${page}`;
navigator.locks?.request(lockOf(PAGE), () => new Promise(() => {}));

/** Pages tell each other here that they have written something. */
const pages = new BroadcastChannel("plaza-outbox");

/** The store of an outbox. `onOrphans` is called when another page of this browser has gone, which may have left entries. */
export function outboxStore(onOrphans) {
  const watched = new Set();
  const watch = (page) => {
    if (watched.has(page)) return;
    watched.add(page);
    // Only when the lock is free again: while this page has it, the other one would look alive.
    navigator.locks?.request(lockOf(page), () => {}).then(onOrphans);
  };
  const heard = ({ data: page }) => watch(page);
  pages.addEventListener("message", heard);
  const put = (entry) => {
    pages.postMessage(PAGE);
    return quietly((db) => db.put(OUTBOX, { ...entry, page: PAGE }));
  };
  return {
    async load(account) {
      const entries = await quietly((db) => db.getAllFromIndex(OUTBOX, "account", account), []);
      // Without locks (they need a secure address) all are taken over: sent twice under one key, they are posted once.
      const { held = [] } = (await navigator.locks?.query()) ?? {};
      const alive = new Set(held.map(({ name }) => name));
      const isOthers = ({ page }) => page !== PAGE && alive.has(lockOf(page));
      for (const { page } of entries.filter(isOthers)) watch(page);
      const own = entries.filter((entry) => !isOthers(entry));
      own.forEach(put);
      return own;
    },
    put,
    remove: (key) => quietly((db) => db.delete(OUTBOX, key)),
    /** Ends listening to other pages. */
    close: () => pages.removeEventListener("message", heard),
  };
}

/** The store of drafts. */
export const draftStore = {
  load: (account) => quietly((db) => db.getAllFromIndex(DRAFTS, "account", account), []),
  put: (draft) => quietly((db) => db.put(DRAFTS, draft)),
  remove: (account, conversationId) => quietly((db) => db.delete(DRAFTS, [account, conversationId])),
};
