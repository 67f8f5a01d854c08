/** Calls core one event at a time, in order, and never from inside a call that core made. */

export class Mailbox {
  #tasks: (() => void)[] = [];
  #isDraining = false;
  #isClosed = false;

  post(task: () => void): void {
    if (this.#isClosed) return;
    this.#tasks.push(task);
    if (this.#isDraining) return;
    this.#isDraining = true;
    queueMicrotask(() => this.#drain());
  }

  /** Delivers what was posted so far; nothing posted later is delivered. */
  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      if (this.#isClosed) resolve();
      else this.post(resolve);
    });
    this.#isClosed = true;
  }

  #drain(): void {
    // Index instead of shift(): tasks may post more tasks, and a long queue must not cost a copy per task.
    for (let index = 0; index < this.#tasks.length; index += 1) {
      try {
        this.#tasks[index]?.();
      } catch (error) {
        // A handler that throws is a bug in core: it goes to the top, and the events behind it still arrive.
        reportError(error);
      }
    }
    this.#tasks = [];
    this.#isDraining = false;
  }
}
