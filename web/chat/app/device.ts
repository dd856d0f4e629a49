import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Draft, DraftStore } from "../model/drafts";
import type { Entry, OutboxStore } from "../model/outbox";

const OUTBOX = "outbox";
const DRAFTS = "drafts";

interface Kept extends DBSchema {
  outbox: { key: string; value: Entry & { page: string }; indexes: { account: string } };
  drafts: { key: [string, string]; value: Draft & { account: string; conversationId: string }; indexes: { account: string } };
}

let opened: Promise<IDBPDatabase<Kept>> | undefined;

function database(): Promise<IDBPDatabase<Kept>> {
  opened ??= openDB<Kept>("plaza", 1, {
    upgrade(db) {
      db.createObjectStore(OUTBOX, { keyPath: "key" }).createIndex("account", "account");
      db.createObjectStore(DRAFTS, { keyPath: ["account", "conversationId"] }).createIndex("account", "account");
    },
    terminated: () => (opened = undefined),
  });
  return opened;
}

/** If the browser has no storage, drafts and queued messages last only as long as the page. */
async function quietly<Value>(act: (db: IDBPDatabase<Kept>) => Promise<Value>, otherwise: Value): Promise<Value> {
  try {
    return await act(await database());
  } catch (error) {
    console.warn("Nothing can be kept in this browser.", error);
    return otherwise;
  }
}

/** Each page holds a lock for as long as it lives, so that others know whose queue is still being sent. */
const PAGE = crypto.getRandomValues(new Uint32Array(4)).join("-");
const lockOf = (page: string) => `plaza-page-${page}`;
// A page without a secure address has no locks.
const locks = navigator.locks as LockManager | undefined;
void locks?.request(lockOf(PAGE), () => new Promise<void>(() => {}));

/** Pages tell each other here that they have written something. */
const pages = new BroadcastChannel("plaza-outbox");

/** The store of an outbox. `onOrphans` is called when another page of this browser has gone, which may have left entries. */
export function outboxStore(onOrphans: () => void): OutboxStore & { close(): void } {
  const watched = new Set<string>();
  const watch = (page: string) => {
    if (watched.has(page)) return;
    watched.add(page);
    // Only when the lock is free again: while this page has it, the other one would look alive.
    void locks?.request(lockOf(page), () => {}).then(onOrphans);
  };
  const heard = ({ data: page }: MessageEvent<string>) => watch(page);
  pages.addEventListener("message", heard);
  const put = (entry: Entry) => {
    pages.postMessage(PAGE);
    return quietly(async (db) => void (await db.put(OUTBOX, { ...entry, page: PAGE })), undefined);
  };
  return {
    async load(account) {
      const entries = await quietly((db) => db.getAllFromIndex(OUTBOX, "account", account), []);
      // Without locks (they need a secure address) all are taken over: sent twice under one key, they are posted once.
      const { held = [] } = (await locks?.query()) ?? {};
      const alive = new Set(held.map(({ name }) => name));
      const isOthers = ({ page }: { page: string }) => page !== PAGE && alive.has(lockOf(page));
      for (const { page } of entries.filter(isOthers)) watch(page);
      const own = entries.filter((entry) => !isOthers(entry));
      own.forEach((entry) => void put(entry));
      return own;
    },
    put,
    remove: (key) => quietly((db) => db.delete(OUTBOX, key), undefined),
    /** Ends listening to other pages. */
    close: () => pages.removeEventListener("message", heard),
  };
}

/** The store of drafts. */
export const draftStore: DraftStore = {
  load: (account) => quietly((db) => db.getAllFromIndex(DRAFTS, "account", account), []),
  put: (draft) => quietly(async (db) => void (await db.put(DRAFTS, draft)), undefined),
  remove: (account, conversationId) => quietly((db) => db.delete(DRAFTS, [account, conversationId]), undefined),
};
