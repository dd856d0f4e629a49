import { type GraphQLError, type Payload, type Result, Socket, type WebSocketClass } from "plaza-client";

const URL_OF_SOCKET = new URL("/graphql/ws", location.href);
URL_OF_SOCKET.protocol = URL_OF_SOCKET.protocol.replace("http", "ws");

/** Close codes of a normal end: of the server, or of this page. */
const NORMAL = 1000;

interface Sink {
  next: (result: Result) => void;
  complete: () => void;
}

/**
 * Runs a subscription over a socket of its own, so that the present account asks it. Without `authorization` the cookie says which
 * account that is. A refused subscription shows its errors, or why the socket was closed.
 */
export function subscribe(payload: Payload, authorization: string | undefined) {
  return {
    subscribe({ next, complete }: Sink) {
      const end = (errors?: GraphQLError[]) => {
        if (errors) next({ errors });
        socket.close();
        complete();
      };
      const socket = new Socket(WebSocket as WebSocketClass, URL_OF_SOCKET.href, authorization ? { authorization } : undefined, {
        opened: () => socket.subscribe("1", payload),
        heard: () => {},
        next: (_, result) => next(result),
        refused: (_, errors) => end(errors),
        complete: () => end(),
        closed: (code, reason) => {
          if (code === NORMAL) return;
          const message = code === 1006 ? "The socket cannot be opened, or was cut." : `The socket was closed: ${code} ${reason}`.trim();
          end([{ message }]);
        },
      });
      return { unsubscribe: () => socket.close() };
    },
  };
}
