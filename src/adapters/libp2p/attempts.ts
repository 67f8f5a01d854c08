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

interface Run {
  readonly stopped: AbortController;
  /** Ends the wait for the next try; undefined while one is in progress. */
  wait?: AbortController | undefined;
  /** Monotonic milliseconds of the next try, while one is waited for. */
  dueAtMs: number;
  /** When the next try is to come although the back-off says later. */
  hastenedToMs?: number | undefined;
}

export class Attempts {
  readonly #options: AttemptsOptions;
  #running: Run | undefined;

  constructor(options: AttemptsOptions) {
    this.#options = options;
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /** Whether the next try is further away than `ms`. */
  isWaitingLonger(ms: number): boolean {
    const { wait, dueAtMs } = this.#running ?? {};
    return wait !== undefined && dueAtMs !== undefined && dueAtMs - this.#options.clock.monotonic() > ms;
  }

  /** Starts when not running. `firstDelayMs` is the wait before the first try. */
  start(firstDelayMs: number): void {
    if (this.#running !== undefined) return;
    this.#running = { stopped: new AbortController(), dueAtMs: 0 };
    fireAndForget(this.#run(firstDelayMs, this.#running));
  }

  /** Brings the next try forward to `ms` from now. One in progress is let finish; the back-off goes on as it was. */
  hasten(ms: number): void {
    if (this.#running === undefined || !this.isWaitingLonger(ms)) return;
    this.#running.hastenedToMs = this.#options.clock.monotonic() + ms;
    this.#running.wait?.abort();
  }

  /** Ends the try in progress and the ones to come. */
  stop(): void {
    this.#running?.stopped.abort();
    this.#running = undefined;
  }

  async #run(firstDelayMs: number, run: Run): Promise<void> {
    const { backOff, attempt, onFailure } = this.#options;
    const { signal } = run.stopped;
    let delayMs = firstDelayMs;
    while (delayMs <= 0 || (await this.#isTime(delayMs, run))) {
      await waited(attempt(signal));
      if (signal.aborted) return;
      delayMs = backOff.next();
      onFailure?.();
    }
  }

  /** True when the time of the next try has come, false when the attempts were stopped. */
  async #isTime(delayMs: number, run: Run): Promise<boolean> {
    const { clock } = this.#options;
    const { signal } = run.stopped;
    run.dueAtMs = clock.monotonic() + delayMs;
    while (!signal.aborted) {
      run.wait = new AbortController();
      const either = AbortSignal.any([signal, run.wait.signal]);
      const hasPassed = await waited(clock.delay(run.dueAtMs - clock.monotonic(), either));
      run.wait = undefined;
      if (hasPassed) return true;
      run.dueAtMs = run.hastenedToMs ?? run.dueAtMs;
      run.hastenedToMs = undefined;
    }
    return false;
  }
}
