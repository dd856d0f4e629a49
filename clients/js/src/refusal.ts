/** The server was not reached, or something in front of it answered: the same request may succeed later. */
export class Unreachable extends Error {}

/** An error in an answer of the server. */
export interface GraphQLError {
  message: string;
  extensions?: { code?: string; field?: string; retryAfter?: number };
}

/** An error of GraphQL: its `message` is meant for people, its `code` for the page. */
export class Refusal extends Error {
  readonly code: string | undefined;
  /** The argument that is wrong, where one is. */
  readonly field: string | undefined;
  /** Seconds after which it is worth trying again, where the server says so. */
  readonly retryAfter: number | undefined;

  constructor({ message, extensions }: GraphQLError) {
    super(message);
    this.code = extensions?.code;
    this.field = extensions?.field;
    this.retryAfter = extensions?.retryAfter;
  }
}

/** Codes of a server that is busy or stopping, or that has to find out: worth trying again for as long as it takes. */
const BUSY = new Set(["UNAVAILABLE", "TIMEOUT", "RATE_LIMITED", "REPLY_RUNNING", "OUTCOME_UNKNOWN"]);
/** Codes of a fault that may pass: worth trying again a few times. */
const FAULTY = new Set(["INTERNAL", "PROVIDER_FAILED"]);
/** Maximum number of consecutive failures that are retried. */
const FAULTS = 5;
/** Seconds: a limit that lasts longer than this is shown instead of waited for. */
const PATIENCE = 120;

/** Whether an error is a fault of the server or the page, of which only a few are tried again. */
export function isFault(error: unknown): boolean {
  return error instanceof Refusal ? FAULTY.has(error.code ?? "") : !(error instanceof Unreachable);
}

export type Verdict = "retry" | "signIn" | "refused";

/**
 * The consequence of a failed request: `retry` later by itself, `signIn` again first, or `refused` for good. `faults`
 * is how many faults there were in a row, this one included.
 */
export function verdict(error: unknown, faults: number): Verdict {
  if (isFault(error)) return faults < FAULTS ? "retry" : "refused";
  if (!(error instanceof Refusal)) return "retry";
  if (error.code === "UNAUTHENTICATED") return "signIn";
  if (BUSY.has(error.code ?? "") && (error.retryAfter ?? 0) <= PATIENCE) return "retry";
  return "refused";
}
