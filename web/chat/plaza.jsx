import { createClient } from "graphql-ws";
import { createContext, use, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { operations } from "plaza:operations";
import { post } from "../shared/endpoint.js";

const SOCKET = new URL("/graphql/ws", location.href);
SOCKET.protocol = SOCKET.protocol.replace("http", "ws");

const Plaza = createContext(null);

/** Who is signed in, what they have, and their ways to the server. */
export const usePlaza = () => use(Plaza);

/** A refusal: its `message` is meant for people, its `code` for the page. */
export class Refusal extends Error {
  constructor({ message, extensions }) {
    super(message);
    this.code = extensions?.code;
  }
}

export function PlazaProvider({ user, onSignedOut, children }) {
  const [isOnline, setOnline] = useState(true);
  const [me, setMe] = useState(null);
  const [socket, setSocket] = useState(null);

  const run = useCallback(
    async (query, variables) => {
      const { data, errors } = await post({ query, variables });
      if (!errors?.length) return data;
      const refusal = new Refusal(errors[0]);
      if (refusal.code === "UNAUTHENTICATED") onSignedOut();
      throw refusal;
    },
    [onSignedOut],
  );

  const refreshMe = useCallback(() => {
    // What is shown of the last answer stays until there is another.
    run(operations.me).then(({ viewer }) => setMe(viewer), () => {});
  }, [run]);

  useEffect(() => {
    const client = createClient({
      url: SOCKET.href,
      // The server closes a socket that ends with its sign-in, and one that it serves no longer: both are asked again.
      retryAttempts: Infinity,
      keepAlive: 20_000,
      on: { connected: () => setOnline(true), closed: () => setOnline(false) },
    });
    setSocket(client);
    return () => client.dispose();
  }, []);
  useEffect(refreshMe, [refreshMe]);

  const plaza = useMemo(
    () => ({ user, me, run, refreshMe, socket, isOnline, onSignedOut }),
    [user, me, run, refreshMe, socket, isOnline, onSignedOut],
  );
  return <Plaza value={plaza}>{children}</Plaza>;
}

/**
 * Listens for as long as the component is there and `query` is one. `next` is given each event's data, `ended` the
 * refusal that ended it, or null where it was complete. A cut connection is opened again, and begins with a new first event.
 */
export function useSubscription(query, variables, next, ended) {
  const { socket, onSignedOut } = usePlaza();
  const heard = useRef({});
  heard.current = { next, ended };
  const key = JSON.stringify(variables);
  useEffect(() => {
    if (!socket || !query) return undefined;
    return socket.subscribe({ query, variables: JSON.parse(key) }, {
      next({ data, errors }) {
        if (data) heard.current.next(data);
        else if (errors?.length) heard.current.ended?.(new Refusal(errors[0]));
      },
      error(error) {
        const refusal = Array.isArray(error) ? new Refusal(error[0]) : new Refusal({ message: "The connection was lost." });
        if (refusal.code === "UNAUTHENTICATED") onSignedOut();
        heard.current.ended?.(refusal);
      },
      complete: () => heard.current.ended?.(null),
    });
  }, [socket, query, key, onSignedOut]);
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
export function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
