/** All chance of one part of the simulation, from one seed. Parts have streams of their own, so that a change in one leaves the others. */
import { seededRandom } from "../support/seeded-random.ts";

const STREAM_STEP = 0x9e37_79b9;

export class Chance {
  /** 0 included to 1 excluded. */
  readonly next: () => number;

  constructor(seed: number, stream: number) {
    this.next = seededRandom(Math.imul(seed + 1, STREAM_STEP) ^ Math.imul(stream + 1, 0x85eb_ca6b));
  }

  is(probability: number): boolean {
    return this.next() < probability;
  }

  between(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  /** A whole number, both ends included. */
  whole(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  /** @throws if there is nothing to pick from */
  pick<T>(from: readonly T[]): T {
    const picked = from[Math.floor(this.next() * from.length)];
    if (picked === undefined) throw new Error("nothing to pick from");
    return picked;
  }
}
