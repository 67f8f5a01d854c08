/** Repeats an attempt with back-off for as long as it is wanted. */
import type { Clock } from "../../core/clock.ts";
import type { BackOff } from "./back-off.ts";
import { fireAndForget, waited } from "./background.ts";

export interface AttemptsOptions {
  readonly clock: Clock;
  readonly backOff: BackOff;
  /** One try. May reject: that is a failure like any other, and the next try follows. */
  readonly attempt: (signal: AbortSignal) => Promise<void>;
  /** Called after each try that left the attempts still wanted. */
  readonly onFailure?: () => void;
}

export class Attempts {
  readonly #options: AttemptsOptions;
  #running: AbortController | undefined;

  constructor(options: AttemptsOptions) {
    this.#options = options;
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /** Starts when not running. `firstDelayMs` is the wait before the first try. */
  start(firstDelayMs: number): void {
    if (this.#running !== undefined) return;
    this.#running = new AbortController();
    fireAndForget(this.#run(firstDelayMs, this.#running.signal));
  }

  /** Ends the try in progress and the ones to come. */
  stop(): void {
    this.#running?.abort();
    this.#running = undefined;
  }

  async #run(firstDelayMs: number, signal: AbortSignal): Promise<void> {
    const { clock, backOff, attempt, onFailure } = this.#options;
    let delayMs = firstDelayMs;
    while (delayMs <= 0 || (await waited(clock.delay(delayMs, signal)))) {
      await waited(attempt(signal));
      if (signal.aborted) return;
      delayMs = backOff.next();
      onFailure?.();
    }
  }
}
