/** PORT: time. Everything in core that waits or asks for the time does it here, so that tests and the simulation can own time. */

export interface Clock {
  /** Wall clock in whole milliseconds since 1970, as this device believes it. May jump either way; never trusted for order. */
  now(): number;
  /** Milliseconds that only grow, from an arbitrary start. For timeouts and intervals. */
  monotonic(): number;
  /** Resolves after `ms` milliseconds; rejects with `signal.reason` when aborted first. */
  delay(ms: number, signal?: AbortSignal): Promise<void>;
  /** Resolves as soon as input, drawing and whatever else waits for the thread had a turn. */
  pause(): Promise<void>;
}
