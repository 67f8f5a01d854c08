/** Builds one canonical byte string, big-endian. Sizes are checked, so that nothing is encoded that the reader would refuse. */

export class ByteWriter {
  #bytes = new Uint8Array(256);
  #length = 0;

  /** Unsigned, `size` bytes (1 to 6). */
  uint(value: number, size: number): this {
    if (!Number.isSafeInteger(value) || value < 0 || value >= 2 ** (8 * size)) {
      throw new RangeError(`${value} does not fit ${size} bytes`);
    }
    const at = this.#grow(size);
    let rest = value;
    for (let index = size - 1; index >= 0; index -= 1) {
      this.#bytes[at + index] = rest % 256;
      rest = Math.floor(rest / 256);
    }
    return this;
  }

  /** Exactly `size` bytes, without a length in front. */
  fixed(bytes: Uint8Array, size: number): this {
    if (bytes.length !== size) throw new RangeError(`expected ${size} bytes, got ${bytes.length}`);
    const at = this.#grow(size);
    this.#bytes.set(bytes, at);
    return this;
  }

  /** A length of `lengthSize` bytes, then the bytes. */
  sized(bytes: Uint8Array, lengthSize: number): this {
    this.uint(bytes.length, lengthSize);
    return this.fixed(bytes, bytes.length);
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #grow(size: number): number {
    const at = this.#length;
    this.#length += size;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#length, this.#bytes.length * 2));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    return at;
  }
}
