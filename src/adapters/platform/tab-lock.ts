/**
 * One tab at a time: two tabs with one key would be two nodes with one peer id. Held as a Web Lock, which the browser releases
 * by itself when the tab ends in whatever way. A tab that was robbed can still finish a write afterwards; the store's fence,
 * not this lock, keeps that from doing harm.
 */
import { Listeners } from "./listeners.ts";

const LOCK_NAME = "kith/tab";

export interface TabLock {
  /** Tries once and never waits for the other tab. */
  acquire(): Promise<"held" | "elsewhere">;
  /** Takes the lock from whoever holds it. Resolves once it is held here. */
  steal(): Promise<void>;
  /** Another tab stole the lock. Called at most once per hold. Returns the unsubscribe function. */
  onLost(listener: () => void): () => void;
  /** Gives it back. Does nothing if it is not held. */
  release(): void;
}

export function createTabLock(name = LOCK_NAME): TabLock {
  return new WebTabLock(name);
}

class WebTabLock implements TabLock {
  readonly #name: string;
  readonly #lost = new Listeners<[]>();
  #release: (() => void) | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  async acquire(): Promise<"held" | "elsewhere"> {
    if (this.#release !== undefined) return "held";
    return (await this.#request({ ifAvailable: true })) ? "held" : "elsewhere";
  }

  async steal(): Promise<void> {
    if (this.#release === undefined) await this.#request({ steal: true });
  }

  onLost(listener: () => void): () => void {
    return this.#lost.add(listener);
  }

  release(): void {
    this.#release?.();
    this.#release = undefined;
  }

  /** Resolves as soon as it is known who has the lock; the lock itself lasts until it is released or stolen. */
  #request(options: LockOptions): Promise<boolean> {
    return new Promise((resolve, reject) => {
      let held: (() => void) | undefined;
      navigator.locks
        .request(this.#name, options, (lock) => {
          if (lock === null) {
            resolve(false);
            return undefined;
          }
          return new Promise<void>((release) => {
            held = release;
            this.#release = release;
            resolve(true);
          });
        })
        .catch((error: unknown) => {
          // Rejected after it was granted: stolen. Before: locks do not work here.
          if (held === undefined)
            reject(error instanceof Error ? error : new Error("The lock failed", { cause: error }));
          else this.#lose(held);
        });
    });
  }

  #lose(held: () => void): void {
    if (this.#release !== held) return;
    this.#release = undefined;
    this.#lost.tell();
  }
}
