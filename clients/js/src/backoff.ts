/** Milliseconds before the first retry, at most. */
const FIRST = 500;
/** Milliseconds between two retries, at most. */
const LONGEST = 15_000;

/**
 * Milliseconds to wait before retry number `attempt`, from 0: doubled each time up to a limit, with half of it random so that
 * the clients of a restarted server do not come back all at once.
 */
export function delay(attempt: number, random: () => number = Math.random): number {
  const step = Math.min(FIRST * 2 ** attempt, LONGEST);
  return step / 2 + (random() * step) / 2;
}

/** The timers of a browser, or those of a test. */
export interface Timers {
  setTimeout(then: () => void, milliseconds: number): unknown;
  clearTimeout(timer: unknown): void;
}

/** Those of the browser. */
export const BROWSER: Timers = {
  setTimeout: (then, milliseconds) => setTimeout(then, milliseconds),
  clearTimeout: (timer) => clearTimeout(timer as number),
};

/** Waits that can be cut short, for instance when the device is online again. */
export class Pauses {
  #timers: Timers;
  #waiting = new Set<() => void>();

  constructor(timers: Timers = BROWSER) {
    this.#timers = timers;
  }

  /** Resolves after this number of milliseconds, at the next `wake`, or when `signal` is aborted. */
  wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise<void>((resolve) => {
      const end = () => {
        this.#timers.clearTimeout(timer);
        this.#waiting.delete(end);
        signal?.removeEventListener("abort", end);
        resolve();
      };
      const timer = this.#timers.setTimeout(end, milliseconds);
      this.#waiting.add(end);
      signal?.addEventListener("abort", end);
      if (signal?.aborted) end();
    });
  }

  /** Ends all waits now. */
  wake(): void {
    for (const end of [...this.#waiting]) end();
  }
}
