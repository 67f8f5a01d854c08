/** Counts frames as they cross the transport port of a memory network. */
import type { PeerKey } from "../../src/core/codec/ids.ts";
import { encodeFrame, FRAME, type Frame } from "../../src/core/sync/frames.ts";
import type { CoreWorld } from "../support/core-world.ts";
import { tapWire } from "../support/wire-tap.ts";

export class FrameCounter {
  /** Bytes of all frames, and of those that belong to a conversation. */
  total = 0;
  ofSessions = 0;
  /** Monotonic milliseconds of the world when a hello or level last arrived. */
  lastLevelAt = 0;
  /** By session: who spoke last, and how often the turn changed. */
  readonly #turns = new Map<number, { readonly from: PeerKey; readonly count: number }>();
  readonly #bytes = new Map<number, number>();
  readonly #frames = new Map<number, number>();

  constructor(world: CoreWorld) {
    tapWire(world, (frame, from) => {
      this.#add(frame);
      const turn = this.#turns.get(frame.session);
      if (turn?.from !== from) this.#turns.set(frame.session, { from, count: (turn?.count ?? 0) + 1 });
      if (frame.type === FRAME.hello || frame.type === FRAME.level) this.lastLevelAt = world.clock.monotonic();
      return undefined;
    });
  }

  reset(): void {
    this.total = 0;
    this.ofSessions = 0;
    this.#bytes.clear();
    this.#frames.clear();
    this.#turns.clear();
  }

  /** Of all conversations the most: each way is half of one. */
  get roundTrips(): number {
    return Math.max(0, ...[...this.#turns].map(([session, { count }]) => (session === 0 ? 0 : count / 2)));
  }

  count(type: number): number {
    return this.#frames.get(type) ?? 0;
  }

  /** Bytes by kind of frame, of each of so many. */
  byKind(divisor: number): Record<string, number> {
    const kinds = Object.entries(FRAME).map(([name, type]): [string, number] => [
      name,
      (this.#bytes.get(type) ?? 0) / divisor,
    ]);
    return Object.fromEntries(kinds.filter(([, bytes]) => bytes > 0));
  }

  #add(frame: Frame): void {
    const size = encodeFrame(frame).length;
    this.total += size;
    if (frame.session !== 0) this.ofSessions += size;
    this.#bytes.set(frame.type, (this.#bytes.get(frame.type) ?? 0) + size);
    this.#frames.set(frame.type, (this.#frames.get(frame.type) ?? 0) + 1);
  }
}
