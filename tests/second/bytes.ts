/** Bytes of the second implementation: big-endian numbers, joins, `sized(n)`. Follows the head of docs/PROTOCOL.md alone. */

export type Part = Uint8Array | string;

/** `value` in `size` bytes, big-endian. */
export function number(value: number | bigint, size: number): Uint8Array {
  const out = new Uint8Array(size);
  let rest = BigInt(value);
  for (let at = size - 1; at >= 0; at -= 1) {
    out[at] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  if (rest !== 0n) throw new RangeError(`${value} does not fit into ${size} bytes`);
  return out;
}

export function bytesOf(part: Part): Uint8Array {
  return typeof part === "string" ? new TextEncoder().encode(part) : part;
}

/** The protocol's `|`. Strings are UTF-8 without terminator. */
export function join(...parts: readonly Part[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts.map(bytesOf)));
}

/** The protocol's `sized(n)`: a length of `size` bytes, then the bytes. */
export function sized(size: number, part: Part): Uint8Array {
  const content = bytesOf(part);
  return join(number(content.length, size), content);
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

export function fromHex(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, "hex"));
}

export function compare(one: Uint8Array, other: Uint8Array): number {
  return Buffer.compare(one, other);
}

/** Reads from the front; throws where bytes are missing or left over. */
export class Reader {
  #rest: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#rest = bytes;
  }

  take(length: number): Uint8Array {
    if (this.#rest.length < length) throw new Error("bytes are missing");
    const taken = this.#rest.slice(0, length);
    this.#rest = this.#rest.subarray(length);
    return taken;
  }

  number(size: number): number {
    return Number(this.wide(size));
  }

  wide(size: number): bigint {
    return BigInt(`0x${toHex(this.take(size))}`);
  }

  sized(size: number): Uint8Array {
    return this.take(this.number(size));
  }

  times<T>(count: number, read: () => T): readonly T[] {
    return Array.from({ length: count }, read);
  }

  isEmpty(): boolean {
    return this.#rest.length === 0;
  }

  end(): void {
    if (!this.isEmpty()) throw new Error("bytes are left over");
  }
}
