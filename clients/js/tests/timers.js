/** Timers and a clock that a test moves by hand. */
export class FakeTimers {
  now = 0;
  #next = 1;
  #timers = new Map();

  setTimeout = (then, milliseconds) => {
    this.#timers.set(this.#next, { at: this.now + milliseconds, then });
    return this.#next++;
  };

  clearTimeout = (id) => this.#timers.delete(id);

  /** Moves the clock and runs what is due, in order, with all that follows from it. */
  async pass(milliseconds) {
    const end = this.now + milliseconds;
    for (;;) {
      await settle();
      const due = [...this.#timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
      if (!due) break;
      this.#timers.delete(due[0]);
      this.now = due[1].at;
      due[1].then();
    }
    this.now = end;
  }

  get pending() {
    return this.#timers.size;
  }
}

/** Lets all promises that are resolved run on. */
export const settle = () => new Promise((resolve) => setImmediate(resolve));
