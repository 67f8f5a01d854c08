/** What the start of the network needs from the host, asked for while the page opens its store, so that nobody waits for it later. */
import type { Clock } from "../../core/clock.ts";

/** A page that stood open longer before it had a network asks again. */
const FRESH_MS = 10_000;

/** Asks now. The first call gets that answer, if it is fresh and good; a failed one is asked for again, and so is every later one. */
export function askEarly<T>(
  clock: Pick<Clock, "monotonic">,
  ask: (signal: AbortSignal) => Promise<T>,
): (signal: AbortSignal) => Promise<T> {
  const staleAtMs = clock.monotonic() + FRESH_MS;
  const stopping = new AbortController();
  let early: Promise<T> | undefined = ask(stopping.signal);
  early.catch(() => undefined);
  return async (signal) => {
    const first = clock.monotonic() < staleAtMs ? early : undefined;
    early = undefined;
    if (first === undefined) return ask(signal);
    signal.addEventListener("abort", () => stopping.abort(signal.reason), { once: true });
    return first.catch(async () => ask(signal));
  };
}
