/** A clock whose time the test moves. Delays end in the order of their due times, each in a turn of its own. */
import type { Clock } from "../../src/core/clock.ts";

interface Sleeper {
  readonly dueAt: number;
  readonly wake: () => void;
}

const DEFAULT_START_MS = Date.UTC(2026, 0, 1);

export class ManualClock implements Clock {
  #wallMs: number;
  #monotonicMs = 0;
  readonly #sleepers: Sleeper[] = [];

  constructor(startMs = DEFAULT_START_MS) {
    this.#wallMs = startMs;
  }

  now(): number {
    return Math.floor(this.#wallMs);
  }

  monotonic(): number {
    return this.#monotonicMs;
  }

  delay(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason as Error);
        return;
      }
      const sleeper: Sleeper = {
        dueAt: this.#monotonicMs + Math.max(0, ms),
        wake: () => {
          signal?.removeEventListener("abort", onAbort);
          resolve();
        },
      };
      const onAbort = (): void => {
        this.#remove(sleeper);
        reject(signal?.reason as Error);
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#insert(sleeper);
    });
  }

  /** Nothing else waits for the thread. */
  async pause(): Promise<void> {
    await Promise.resolve();
  }

  /** How many delays are waited for. */
  get pending(): number {
    return this.#sleepers.length;
  }

  /** Moves time on; everything that falls due on the way runs, with all that follows from it. */
  async advance(ms: number): Promise<void> {
    const end = this.#monotonicMs + ms;
    await settled();
    for (let next = this.#sleepers[0]; next !== undefined && next.dueAt <= end; next = this.#sleepers[0]) {
      this.#moveTo(next.dueAt);
      this.#remove(next);
      next.wake();
      await settled();
    }
    this.#moveTo(end);
  }

  /** Moves time on until the condition holds. Throws if that takes longer than `maxMs`. */
  async until(isDone: () => boolean, maxMs = 60_000): Promise<void> {
    const end = this.#monotonicMs + maxMs;
    await settled();
    while (!isDone()) {
      const next = this.#sleepers[0];
      if (next === undefined || next.dueAt > end) throw new Error(`Not reached within ${maxMs} ms`);
      await this.advance(next.dueAt - this.#monotonicMs);
    }
  }

  /** The wall clock is set, as a person or the network does; monotonic time goes on as it was. */
  setWall(ms: number): void {
    this.#wallMs = ms;
  }

  #moveTo(monotonicMs: number): void {
    this.#wallMs += monotonicMs - this.#monotonicMs;
    this.#monotonicMs = monotonicMs;
  }

  /** Behind all that are due at the same time. */
  #insert(sleeper: Sleeper): void {
    const index = this.#sleepers.findIndex((other) => other.dueAt > sleeper.dueAt);
    this.#sleepers.splice(index < 0 ? this.#sleepers.length : index, 0, sleeper);
  }

  #remove(sleeper: Sleeper): void {
    const index = this.#sleepers.indexOf(sleeper);
    if (index >= 0) this.#sleepers.splice(index, 1);
  }
}

/** Everything that can run without time passing has run: microtasks, and what the memory store settles. */
async function settled(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
}
