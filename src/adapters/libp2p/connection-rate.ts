/** How often others may connect: each connection costs a key exchange. What is refused here is tried again by honest peers. */
import type { Clock } from "../../core/clock.ts";
import type { PeerKey } from "../../core/codec/ids.ts";

interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/** A contact that reloads again and again, climbs and renews circuits, stays below. */
const WANTED_RATE: Rate = { burst: 200, perSecond: 2 };
/** All strangers together, who can have any number of keys. */
const STRANGER_RATE: Rate = { burst: 30, perSecond: 2 };
const STRANGERS = "strangers";
const MS_PER_SECOND = 1_000;

export class ConnectionRate {
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #buckets = new Map<string, { left: number; atMs: number }>();

  constructor(clock: Pick<Clock, "monotonic">) {
    this.#clock = clock;
  }

  /** Whether this peer may connect once more now. */
  take(peer: PeerKey, isWanted: boolean): boolean {
    const rate = isWanted ? WANTED_RATE : STRANGER_RATE;
    const name = isWanted ? peer : STRANGERS;
    const nowMs = this.#clock.monotonic();
    const held = this.#buckets.get(name) ?? { left: rate.burst, atMs: nowMs };
    const left = Math.min(rate.burst, held.left + ((nowMs - held.atMs) / MS_PER_SECOND) * rate.perSecond);
    const isGranted = left >= 1;
    this.#buckets.set(name, { left: isGranted ? left - 1 : left, atMs: nowMs });
    return isGranted;
  }

  /** Forgets peers that are not wanted any more. */
  keepOnly(wanted: ReadonlyMap<PeerKey, unknown>): void {
    for (const name of this.#buckets.keys()) {
      if (name !== STRANGERS && !wanted.has(name as PeerKey)) this.#buckets.delete(name);
    }
  }
}
