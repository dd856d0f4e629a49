/** Milliseconds before the first retry, at most. */
const FIRST = 500;
/** Milliseconds between two retries, at most. */
const LONGEST = 15_000;

/**
 * Milliseconds to wait before retry number `attempt`, from 0: doubled each time up to a limit, with half of it random so that
 * the clients of a restarted server do not come back all at once.
 */
export function delay(attempt, random = Math.random) {
  const step = Math.min(FIRST * 2 ** attempt, LONGEST);
  return step / 2 + (random() * step) / 2;
}

/** Waits that can be cut short, for instance when the device is online again. */
export class Pauses {
  #timers;
  #waiting = new Set();

  constructor(timers = globalThis) {
    this.#timers = timers;
  }

  /** Resolves after so many milliseconds, or at the next `wake`. */
  wait(milliseconds) {
    return new Promise((resolve) => {
      const end = () => {
        this.#timers.clearTimeout(timer);
        this.#waiting.delete(end);
        resolve();
      };
      const timer = this.#timers.setTimeout(end, milliseconds);
      this.#waiting.add(end);
    });
  }

  /** Ends all waits now. */
  wake() {
    for (const end of [...this.#waiting]) end();
  }
}
