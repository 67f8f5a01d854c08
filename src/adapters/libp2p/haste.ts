/**
 * How often a cause may bring a try forward. The tries of a pair that can never be direct cost its relay a few kilobytes each, so that
 * two who write all day may not have one with every message.
 */
import type { Clock } from "../../core/clock.ts";

const BURST = 4;
const REFILL_MS = 60_000;

export class Haste {
  readonly #clock: Pick<Clock, "monotonic">;
  #left = BURST;
  #atMs: number;

  constructor(clock: Pick<Clock, "monotonic">) {
    this.#clock = clock;
    this.#atMs = clock.monotonic();
  }

  /** Whether a try may be brought forward now; counts it if so. */
  take(): boolean {
    const nowMs = this.#clock.monotonic();
    this.#left = Math.min(BURST, this.#left + (nowMs - this.#atMs) / REFILL_MS);
    this.#atMs = nowMs;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
