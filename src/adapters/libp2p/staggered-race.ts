/** Several ways to one goal: the next starts when the one before takes long or fails; the first success ends the others. */
import type { Clock } from "../../core/clock.ts";
import { fireAndForget, waited } from "./background.ts";

export interface RaceOptions<Result> {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly staggerMs: number;
  /** Gets results that came in although the race was over. */
  readonly discard: (late: Result) => void;
}

/** Rejects when every way failed or the signal was aborted. */
export async function staggeredRace<Result>(
  ways: readonly ((signal: AbortSignal) => Promise<Result>)[],
  { clock, signal, staggerMs, discard }: RaceOptions<Result>,
): Promise<Result> {
  signal.throwIfAborted();
  const over = new AbortController();
  const raceSignal = AbortSignal.any([signal, over.signal]);
  try {
    return await new Promise<Result>((resolve, reject) => {
      let started = 0;
      let failed = 0;
      const startNext = (): void => {
        const way = ways[started];
        if (way === undefined || raceSignal.aborted) return;
        started += 1;
        fireAndForget(waited(clock.delay(staggerMs, raceSignal)).then((isDue) => (isDue ? startNext() : undefined)));
        way(raceSignal).then(
          (result) => {
            if (raceSignal.aborted) discard(result);
            else {
              over.abort();
              resolve(result);
            }
          },
          (error: unknown) => {
            failed += 1;
            if (failed === ways.length) reject(error);
            else startNext();
          },
        );
      };
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      if (ways.length === 0) reject(new Error("there is no way to try"));
      startNext();
    });
  } finally {
    over.abort();
  }
}
