/** Calls handlers one at a time, each in a turn of its own, so that none is ever called from inside another. */
export class Mailbox {
  readonly #tasks: (() => void)[] = [];
  #isClosed = false;

  post(task: () => void): void {
    if (this.#isClosed) return;
    this.#tasks.push(task);
    if (this.#tasks.length === 1) queueMicrotask(this.#next);
  }

  /** What was posted and did not run yet never will. */
  close(): void {
    this.#isClosed = true;
    this.#tasks.length = 0;
  }

  /** The task stays at the head while it runs, so that what it posts waits behind it. */
  readonly #next = (): void => {
    const task = this.#tasks[0];
    if (task === undefined) return;
    try {
      task();
    } finally {
      this.#tasks.shift();
      if (this.#tasks.length > 0) queueMicrotask(this.#next);
    }
  };
}
