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

/** The store of an outbox. `onOrphans` is called when another page of this browser has gone and left entries behind. */
export function outboxStore(onOrphans) {
  const put = (entry) => quietly((db) => db.put(OUTBOX, { ...entry, page: PAGE }));
  const watched = new Set();
  return {
    async load(account) {
      const entries = await quietly((db) => db.getAllFromIndex(OUTBOX, "account", account), []);
      // Without locks (they need a secure address) all are taken over: sent twice under one key, they are posted once.
      const { held = [] } = (await navigator.locks?.query()) ?? {};
      const alive = new Set(held.map(({ name }) => name));
      const isOthers = ({ page }) => page !== PAGE && alive.has(lockOf(page));
      for (const { page } of entries.filter(isOthers)) {
        if (watched.has(page)) continue;
        watched.add(page);
        navigator.locks.request(lockOf(page), () => onOrphans());
      }
      const own = entries.filter((entry) => !isOthers(entry));
      own.forEach(put);
      return own;
    },
    put,
    remove: (key) => quietly((db) => db.delete(OUTBOX, key)),
  };
}

/** The store of drafts. */
export const draftStore = {
  load: (account) => quietly((db) => db.getAllFromIndex(DRAFTS, "account", account), []),
  put: (draft) => quietly((db) => db.put(DRAFTS, draft)),
  remove: (account, conversationId) => quietly((db) => db.delete(DRAFTS, [account, conversationId])),
};
