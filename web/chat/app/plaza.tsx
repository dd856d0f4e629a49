import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { type Connection, type ConnectionState, type Listener, newKey, onWake, type Operation, type Patience, PlazaClient, Refusal, Unreachable } from "plaza-client";
import { type Draft, Drafts } from "../model/drafts";
import { Logs } from "../model/log";
import { type Entry, Outbox } from "../model/outbox";
import type { User } from "./account";
import { draftStore, outboxStore } from "./device";
import { MeDocument, type MeQuery } from "./operations.generated";
import { send, type Sent } from "./send";
import { inWords, rethrow } from "./words";

/** Milliseconds that the page waits for what this browser has kept. */
const PATIENCE = 2000;
/** Milliseconds before sending goes on, where the server took back that the sign-in has ended. */
const DOUBT = 5000;

export type Me = NonNullable<MeQuery["viewer"]>;
type Posted = (entry: Entry, message: Sent | null) => void;
type Run = <Data, Variables>(operation: Operation<Data, Variables>, variables: Variables, patience?: Patience) => Promise<Data>;

/** The signed-in account with its state and its connections to the server. */
interface Ways {
  user: User;
  /** The wallet and the memberships; null until they are known. */
  me: Me | null;
  refreshMe: () => void;
  /** Asks again who is signed in. */
  refreshAccount: () => void;
  server: PlazaClient;
  /** Runs an operation; throws a `Refusal` or `Unreachable`. */
  run: Run;
  connection: Connection;
  outbox: Outbox<Sent>;
  drafts: Drafts;
  logs: Logs;
  /** Resolves when what this browser has kept is there. */
  ready: Promise<unknown>;
  /** Calls the listener with each entry of the outbox that was posted, and its message. Returns how to stop that. */
  onPosted: (listener: Posted) => () => void;
}

const Plaza = createContext<Ways | null>(null);

export function usePlaza(): Ways {
  const ways = use(Plaza);
  if (!ways) throw new Error("This is not inside of a PlazaProvider.");
  return ways;
}

export function PlazaProvider({ user, onSignedOut, children }: { user: User; onSignedOut: () => Promise<void>; children: ReactNode }) {
  const [me, setMe] = useState<Me | null>(null);
  const [services, setServices] = useState<ReturnType<typeof open> | null>(null);

  useEffect(() => {
    const opened = open(user.userId, onSignedOut);
    // eslint-disable-next-line react-hooks/set-state-in-effect -- what is opened has to be closed: it cannot be made while rendering
    setServices(opened);
    return opened.close;
  }, [user.userId, onSignedOut]);

  const run = useCallback<Run>(
    async (operation, variables, patience) => {
      if (!services) throw new Unreachable("The page is not ready.");
      try {
        return await services.server.request(operation, variables, patience);
      } catch (error) {
        if (error instanceof Refusal && error.code === "UNAUTHENTICATED") void onSignedOut();
        if (error instanceof Unreachable) services.connection.check();
        throw inWords(error);
      }
    },
    [services, onSignedOut],
  );
  const refreshMe = useCallback(() => {
    // The last response stays visible until the next one arrives.
    run(MeDocument, {}).then(({ viewer }) => viewer && setMe(viewer), () => {});
  }, [run]);
  useEffect(refreshMe, [refreshMe]);

  const ways = useMemo(() => services && { user, me, run, refreshMe, refreshAccount: () => void onSignedOut(), ...services }, [user, me, run, refreshMe, onSignedOut, services]);
  return ways && <Plaza value={ways}>{children}</Plaza>;
}

/** Opens what an account needs: the socket, the queue of what it sends, and its drafts. */
function open(account: string, onSignedOut: () => Promise<void>) {
  const posted = new Set<Posted>();
  const signedOut = async () => {
    await onSignedOut();
    // If the page still exists, the server accepted the account after all.
    setTimeout(() => outbox.resume(), DOUBT);
  };
  const server = new PlazaClient({ onSignedOut: () => void onSignedOut() });
  const { connection } = server;
  const store = outboxStore(() => void outbox.load());
  const outbox: Outbox<Sent> = new Outbox<Sent>({
    account,
    store,
    send: (entry, signal) => send(server, entry, signal).catch(rethrow),
    onSent: (entry, message) => posted.forEach((listener) => listener(entry, message)),
    onSignedOut: () => void signedOut(),
    newKey,
  });
  const drafts = new Drafts({ account, store: draftStore });
  const ready = Promise.race([
    Promise.all([outbox.load(), drafts.load()]),
    new Promise((resolve) => setTimeout(resolve, PATIENCE)),
  ]);
  const forgetWake = onWake(() => outbox.wake());
  connection.listen(() => {
    if (connection.state === "open") outbox.wake();
  });
  return {
    server,
    connection,
    outbox,
    drafts,
    logs: new Logs(),
    ready,
    onPosted(listener: Posted) {
      posted.add(listener);
      return () => void posted.delete(listener);
    },
    close: () => {
      forgetWake();
      server.close();
      outbox.stop();
      store.close();
    },
  };
}

export function useConnection(): ConnectionState {
  const { connection } = usePlaza();
  return useSyncExternalStore(connection.listen, () => connection.state);
}

/** The drafts of a conversation. */
export function useDraft(id: string): Draft {
  const { drafts } = usePlaza();
  return useSyncExternalStore(drafts.listen, () => drafts.of(id));
}

/** The queued messages of a conversation. */
export function useQueued(id: string): Entry[] {
  const { outbox } = usePlaza();
  return useSyncExternalStore(outbox.listen, () => outbox.of(id));
}

/** Listens for as long as the component is there and there is an operation. */
export function useSubscription<Data, Variables>(
  operation: Operation<Data, Variables> | null,
  variables: Variables,
  listening: Listener<Data>,
): void {
  const { server } = usePlaza();
  const heard = useRef(listening);
  useEffect(() => {
    heard.current = listening;
  });
  const key = JSON.stringify(variables);
  useEffect(() => {
    if (!operation) return undefined;
    return server.subscribe(operation, JSON.parse(key) as Variables, {
      start: heard.current.start,
      positionOf: (data) => heard.current.positionOf?.(data),
      next: (data) => heard.current.next(data),
      ended: (refusal) => heard.current.ended?.(inWords(refusal)),
    });
  }, [server, operation, key]);
}

/** Something that the viewer does: whether it is under way, why it was refused, and the field that is wrong. */
export function useDeed() {
  const [isBusy, setBusy] = useState(false);
  const [refused, setRefused] = useState<{ message: string; field: string | null } | null>(null);
  const attempt = useCallback(async (deed: () => Promise<unknown>): Promise<boolean> => {
    setBusy(true);
    setRefused(null);
    try {
      await deed();
      return true;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      setRefused({ message, field: (error instanceof Refusal && error.field) || null });
      return false;
    } finally {
      setBusy(false);
    }
  }, []);
  return { isBusy, refusal: refused?.message ?? null, field: refused?.field ?? null, attempt };
}

/**
 * Returns the result of an operation, fetched again when its variables change or the connection returns: `data` is
 * undefined until it
 * is known, and stays while it is asked again; `error` is why it is not known. Give null to ask nothing.
 */
export function useQuery<Data, Variables>(operation: Operation<Data, Variables> | null, variables: Variables) {
  const { run } = usePlaza();
  const [state, setState] = useState<{ key: string; data?: Data; error: Refusal | Error | null }>({ key: "", error: null });
  const [round, setRound] = useState(0);
  const isOpen = useConnection() === "open";
  const key = JSON.stringify(variables);
  useEffect(() => {
    if (!operation) return undefined;
    const controller = new AbortController();
    run(operation, JSON.parse(key) as Variables, { signal: controller.signal }).then(
      (data) => {
        if (!controller.signal.aborted) setState({ key, data, error: null });
      },
      (error: Error) => {
        if (!controller.signal.aborted) setState((known) => ({ ...known, key, error }));
      },
    );
    return () => controller.abort();
  }, [run, operation, key, round, isOpen]);
  const refresh = useCallback(() => setRound((count) => count + 1), []);
  return { data: state.data, error: state.error, isCurrent: state.key === key, refresh };
}
