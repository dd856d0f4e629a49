import { Unreachable } from "../../shared/endpoint.js";

export { Unreachable };

/** An error of GraphQL: its `message` is meant for people, its `code` for the page. */
export class Refusal extends Error {
  constructor({ message, extensions }) {
    super(message);
    this.code = extensions?.code;
    /** The argument that is wrong, where one is. */
    this.field = extensions?.field;
    /** Seconds after which it is worth trying again, where the server says so. */
    this.retryAfter = extensions?.retryAfter;
  }
}

/** Codes of a server that is busy or stopping: worth trying again for as long as it takes. */
const BUSY = new Set(["UNAVAILABLE", "TIMEOUT", "RATE_LIMITED", "REPLY_RUNNING"]);
/** Codes of a fault that may pass: worth trying again a few times. */
const FAULTY = new Set(["INTERNAL", "PROVIDER_FAILED"]);
/** How many faults in a row are tried again. */
const FAULTS = 5;
/** Seconds: a limit that lasts longer than this is shown instead of waited for. */
const PATIENCE = 120;

/** Whether an error is a fault of the server or the page, of which only a few are tried again. */
export function isFault(error) {
  return error instanceof Refusal ? FAULTY.has(error.code) : !(error instanceof Unreachable);
}

/**
 * What a failed request means: `retry` later by itself, `signIn` again first, or `refused` for good. `faults` is how many
 * faults there were in a row, this one included.
 */
export function verdict(error, faults) {
  if (isFault(error)) return faults < FAULTS ? "retry" : "refused";
  if (error instanceof Unreachable) return "retry";
  if (error.code === "UNAUTHENTICATED") return "signIn";
  if (BUSY.has(error.code) && (error.retryAfter ?? 0) <= PATIENCE) return "retry";
  return "refused";
}
