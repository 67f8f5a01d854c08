/** Inputs that were valid once: noise, changed bytes, cut, extended, and two of them put together. */
import { seededRandom } from "./seeded-random.ts";

const NOISE_BYTES = 64 * 1024;
const LONGEST_NOISE = 300;
const LONGEST_EXTENSION = 40;
const MOST_CHANGES = 4;

export class Fuzz {
  readonly #random: () => number;
  readonly #noise: Uint8Array;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
    this.#noise = Uint8Array.from({ length: NOISE_BYTES }, () => this.#below(256));
  }

  /** A new input made of these samples. */
  next(samples: readonly Uint8Array[]): Uint8Array {
    const sample = samples[this.#below(samples.length)] ?? new Uint8Array(0);
    switch (this.#below(8)) {
      case 0:
        return this.#someNoise(LONGEST_NOISE);
      case 1:
        return sample.slice(0, this.#below(sample.length + 1));
      case 2:
        return joined(sample, this.#someNoise(LONGEST_EXTENSION));
      case 3: {
        const other = samples[this.#below(samples.length)] ?? sample;
        return joined(
          sample.subarray(0, this.#below(sample.length + 1)),
          other.subarray(this.#below(other.length + 1)),
        );
      }
      default:
        return this.#changed(sample);
    }
  }

  #changed(sample: Uint8Array): Uint8Array {
    const bytes = sample.slice();
    for (let change = this.#below(MOST_CHANGES); change >= 0; change -= 1) {
      const at = this.#below(bytes.length);
      const kind = this.#below(4);
      bytes[at] = kind === 0 ? 0 : kind === 1 ? 255 : kind === 2 ? (bytes[at] ?? 0) + 1 : this.#below(256);
    }
    return bytes;
  }

  #someNoise(longest: number): Uint8Array {
    const length = this.#below(longest);
    const at = this.#below(NOISE_BYTES - length);
    return this.#noise.slice(at, at + length);
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const whole = new Uint8Array(a.length + b.length);
  whole.set(a);
  whole.set(b, a.length);
  return whole;
}
