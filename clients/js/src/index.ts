export { BROWSER, delay, Pauses, type Timers } from "./backoff.js";
export { newKey, PlazaClient, type Repetition, type Setup } from "./client.js";
export type { Connection, ConnectionState, Listener } from "./connection.js";
export type { Operation } from "./operation.js";
export { isFault, Refusal, type GraphQLError, Unreachable, verdict, type Verdict } from "./refusal.js";
export { type Answer, type Patience, post } from "./request.js";
export { type Payload, type Reports, type Result, Socket, type WebSocketClass } from "./socket.js";
export { onWake } from "./wake.js";
