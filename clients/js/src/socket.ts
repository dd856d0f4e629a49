import type { GraphQLError } from "./refusal.js";

const PROTOCOL = "graphql-transport-ws";
/** Close codes of this client: a normal end, a message that is no message of the protocol, and a connection that is dead. */
const NORMAL = 1000;
const BAD_RESPONSE = 4004;
const TERMINATED = 4499;

/** The payload of a `subscribe` message. */
export interface Payload {
  query: string;
  variables?: Record<string, unknown> | undefined;
  operationName?: string | undefined;
}

/** One result of an operation. */
export interface Result {
  data?: unknown;
  errors?: GraphQLError[];
}

/** The part of a WebSocket that is used. */
export interface WebSocketLike {
  addEventListener(type: string, listener: (event: never) => void): void;
  send(text: string): void;
  close(code: number, reason: string): void;
}

export type WebSocketClass = new (url: string, protocol: string) => WebSocketLike;

/** Callbacks of a socket. None is called after `closed`. */
export interface Reports {
  /** The server has taken the credentials: operations can be sent. */
  opened(): void;
  /** Any sign of life. */
  heard(): void;
  next(id: string, result: Result): void;
  /** The operation is refused, and over. */
  refused(id: string, errors: GraphQLError[]): void;
  complete(id: string): void;
  /** The socket has ended, with the close code of the server, or of this client, and the reason. */
  closed(code: number, reason: string): void;
}

type Message =
  | { type: "connection_ack" | "ping" | "pong" }
  | { type: "next"; id: string; payload: Result }
  | { type: "error"; id: string; payload: GraphQLError[] }
  | { type: "complete"; id: string };

/** One WebSocket that speaks the protocol `graphql-transport-ws`. It is opened at once and is never reopened. */
export class Socket {
  #socket: WebSocketLike;
  #reports: Reports;
  #isOver = false;

  constructor(WebSocket: WebSocketClass, url: string, credentials: Record<string, unknown> | undefined, reports: Reports) {
    this.#reports = reports;
    this.#socket = new WebSocket(url, PROTOCOL);
    this.#socket.addEventListener("open", () => this.#send({ type: "connection_init", payload: credentials }));
    this.#socket.addEventListener("message", ({ data }: { data: unknown }) => this.#hear(data));
    this.#socket.addEventListener("close", ({ code, reason }: { code: number; reason: string }) => this.#end(code, reason));
    // A close event follows, which has the code. In Node.js an error without a listener would end the program.
    this.#socket.addEventListener("error", () => {});
  }

  subscribe(id: string, payload: Payload): void {
    this.#send({ id, type: "subscribe", payload });
  }

  complete(id: string): void {
    this.#send({ id, type: "complete" });
  }

  ping(): void {
    this.#send({ type: "ping" });
  }

  /** Ends it as agreed. */
  close(): void {
    this.#give(NORMAL, "Normal Closure");
  }

  /** Drops a dead connection without waiting for the closing handshake. */
  terminate(): void {
    this.#give(TERMINATED, "Terminated");
  }

  #give(code: number, reason: string): void {
    if (this.#isOver) return;
    this.#socket.close(code, reason);
    this.#end(code, reason);
  }

  #end(code: number, reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#reports.closed(code, reason);
  }

  #send(message: unknown): void {
    if (!this.#isOver) this.#socket.send(JSON.stringify(message));
  }

  #hear(data: unknown): void {
    if (this.#isOver) return;
    this.#reports.heard();
    let message: Message;
    try {
      message = JSON.parse(String(data)) as Message;
    } catch {
      this.#give(BAD_RESPONSE, "Bad response");
      return;
    }
    switch (message.type) {
      case "connection_ack":
        return this.#reports.opened();
      case "ping":
        return this.#send({ type: "pong" });
      case "next":
        return this.#reports.next(message.id, message.payload);
      case "error":
        return this.#reports.refused(message.id, message.payload);
      case "complete":
        return this.#reports.complete(message.id);
      case "pong":
    }
  }
}
