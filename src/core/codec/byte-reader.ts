/** Reads what ByteWriter wrote. Every read is bounds-checked; `end()` refuses what is left over. Throws DecodeError only. */
import { DecodeError } from "./decode-error.ts";

export class ByteReader {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Unsigned, `size` bytes (1 to 6), at most `max`. */
  uint(size: number, max = 2 ** (8 * size) - 1): number {
    const from = this.#skip(size);
    let value = 0;
    for (let index = from; index < this.#offset; index += 1) value = value * 256 + (this.#bytes[index] ?? 0);
    if (value > max) throw new DecodeError("number out of range");
    return value;
  }

  /** A copy of exactly `size` bytes. */
  fixed(size: number): Uint8Array {
    const from = this.#skip(size);
    return this.#bytes.slice(from, this.#offset);
  }

  /** Bytes with a length of `lengthSize` bytes in front, at most `max` long. */
  sized(lengthSize: number, max: number): Uint8Array {
    return this.fixed(this.uint(lengthSize, max));
  }

  get offset(): number {
    return this.#offset;
  }

  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  end(): void {
    if (this.remaining !== 0) throw new DecodeError("bytes left over");
  }

  /** Where the skipped bytes begin. */
  #skip(size: number): number {
    if (size > this.remaining) throw new DecodeError("bytes missing");
    const from = this.#offset;
    this.#offset += size;
    return from;
  }
}
