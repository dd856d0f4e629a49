import { createContext, use, useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { operations } from "plaza:operations";
import { draftStore, outboxStore } from "./device.js";
import { Connection } from "./model/connection.js";
import { Drafts } from "./model/drafts.js";
import { Logs } from "./model/log.js";
import { Outbox } from "./model/outbox.js";
import { Unreachable } from "./model/refusal.js";
import { run as request, send } from "./send.js";

const SOCKET = new URL("/graphql/ws", location.href);
SOCKET.protocol = SOCKET.protocol.replace("http", "ws");

/** Milliseconds that the page waits for what this browser has kept. */
const PATIENCE = 2000;
/** Milliseconds before sending goes on, where the server took back that the sign-in has ended. */
const DOUBT = 5000;

const Plaza = createContext(null);

/** Who is signed in, what they have, and their ways to the server. */
export const usePlaza = () => use(Plaza);

export function PlazaProvider({ user, onSignedOut, children }) {
  const [me, setMe] = useState(null);
  const [services, setServices] = useState(null);

  useEffect(() => {
    const opened = open(user, onSignedOut);
    setServices(opened);
    return opened.close;
  }, [user.id, onSignedOut]);

  const run = useCallback(
    async (query, variables) => {
      try {
        return await request(query, variables);
      } catch (error) {
        if (error.code === "UNAUTHENTICATED") onSignedOut();
        if (error instanceof Unreachable) services?.connection.check();
        throw error;
      }
    },
    [services, onSignedOut],
  );
  const refreshMe = useCallback(() => {
    // What is shown of the last answer stays until there is another.
    run(operations.me).then(({ viewer }) => viewer && setMe(viewer), () => {});
  }, [run]);
  useEffect(refreshMe, [refreshMe]);

  if (!services) return null;
  const { close, ...ways } = services;
  return <Plaza value={{ user, me, run, refreshMe, ...ways }}>{children}</Plaza>;
}

/** Opens what an account needs: the socket, the queue of what it sends, and its drafts. */
function open(user, onSignedOut) {
  const posted = new Set();
  const signedOut = async () => {
    await onSignedOut();
    // Where the page is still there, the server knows the account after all.
    setTimeout(() => outbox.resume(), DOUBT);
  };
  const connection = new Connection({ url: SOCKET.href, onSignedOut });
  const store = outboxStore(() => outbox.load());
  const outbox = new Outbox({
    account: user.id,
    store,
    send,
    onSent: (entry, message) => posted.forEach((listener) => listener(entry, message)),
    onSignedOut: signedOut,
    newKey,
  });
  const drafts = new Drafts({ account: user.id, store: draftStore });
  const ready = Promise.race([
    Promise.all([outbox.load(), drafts.load()]),
    new Promise((resolve) => setTimeout(resolve, PATIENCE)),
  ]);
  const wake = () => {
    if (document.visibilityState !== "visible") return;
    connection.wake();
    outbox.wake();
  };
  const events = [[window, "online"], [window, "pageshow"], [document, "visibilitychange"]];
  for (const [target, event] of events) target.addEventListener(event, wake);
  connection.listen(() => connection.state === "open" && outbox.wake());
  return {
    connection,
    outbox,
    drafts,
    logs: new Logs(),
    ready,
    /** Calls `listener` with each entry of the outbox that was posted, and its message. */
    onPosted(listener) {
      posted.add(listener);
      return () => posted.delete(listener);
    },
    close() {
      for (const [target, event] of events) target.removeEventListener(event, wake);
      connection.close();
      outbox.stop();
      store.close();
    },
  };
}

/** Whether the socket is `connecting`, `open` or `reconnecting`. */
export function useConnection() {
  const { connection } = usePlaza();
  return useSyncExternalStore(connection.listen, () => connection.state);
}

/** What is typed in a conversation and not sent. */
export function useDraft(id) {
  const { drafts } = usePlaza();
  return useSyncExternalStore(drafts.listen, () => drafts.of(id));
}

/** What was sent in a conversation and is not posted yet. */
export function useQueued(id) {
  const { outbox } = usePlaza();
  return useSyncExternalStore(outbox.listen, () => outbox.of(id));
}

/**
 * Listens for as long as the component is there and `query` is one. `next` is given each event's data, `ended` the refusal
 * that ended it, or null where it was complete. After a cut it goes on after the position that `positionOf` gave of the last
 * event; without one it begins with a new first event. `start` is a position to begin after.
 */
export function useSubscription(query, variables, next, ended, { positionOf, start } = {}) {
  const { connection } = usePlaza();
  const heard = useRef({});
  heard.current = { next, ended, positionOf, start };
  const key = JSON.stringify(variables);
  useEffect(() => {
    if (!query) return undefined;
    return connection.subscribe({
      query,
      variables: JSON.parse(key),
      start: heard.current.start,
      positionOf: (data) => heard.current.positionOf?.(data),
      next: (data) => heard.current.next(data),
      ended: (refusal) => heard.current.ended?.(refusal),
    });
  }, [connection, query, key]);
}

/** Something that the viewer does: whether it is under way, and why it was refused. */
export function useDeed() {
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState(null);
  const attempt = useCallback(async (deed) => {
    setBusy(true);
    setRefusal(null);
    try {
      await deed();
      return true;
    } catch (error) {
      setRefusal(error.message);
      return false;
    } finally {
      setBusy(false);
    }
  }, []);
  return { isBusy, refusal, attempt };
}

/** A key under which something that is sent again happens once. */
function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
