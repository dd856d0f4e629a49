import { createClient } from "graphql-ws";

const SOCKET = new URL("/graphql/ws", location.href);
SOCKET.protocol = SOCKET.protocol.replace("http", "ws");

/** What a refused subscription shows: its errors, or why the socket was closed. */
function shown(error) {
  if (Array.isArray(error)) return { errors: error };
  const why = error.code ? `The socket was closed: ${error.code} ${error.reason}`.trim() : "The socket cannot be opened.";
  return { errors: [{ message: why }] };
}

/**
 * Runs a subscription over a socket of its own, so that it is asked by whoever is signed in now. Without
 * `authorization` the cookie says who that is.
 */
export function subscribe(params, authorization) {
  return {
    subscribe({ next, complete }) {
      const client = createClient({ url: SOCKET.href, connectionParams: authorization && { authorization } });
      const end = () => {
        client.dispose();
        complete();
      };
      const unsubscribe = client.subscribe(params, {
        next,
        error(error) {
          next(shown(error));
          end();
        },
        complete: end,
      });
      return {
        unsubscribe() {
          unsubscribe();
          client.dispose();
        },
      };
    },
  };
}
