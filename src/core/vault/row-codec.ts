/**
 * Rows as bytes, before they are sealed: null, undefined, booleans, numbers, text, bytes, arrays and plain objects, each behind one byte that
 * says which. Only this device reads what it wrote here, so no canonical form is needed; what cannot be encoded throws a TypeError.
 */
import { bytesToText, textToBytes } from "../codec/bytes.ts";
import { DecodeError } from "../codec/decode-error.ts";

const TAG = {
  undefined: 0,
  null: 1,
  false: 2,
  true: 3,
  /** Whole, from 0, in groups of seven bits. */
  whole: 4,
  /** IEEE 754, eight bytes. */
  float: 5,
  ascii: 6,
  utf8: 7,
  /** Text with lone surrogates. */
  utf16: 8,
  bytes: 9,
  array: 10,
  object: 11,
} as const;

const MAX_DEPTH = 32;
/** Rows are filled up to a multiple of this, so that their size tells less of a text's length. */
const PADDED_TO_BYTES = 64;

export function encodeRow(value: unknown): Uint8Array {
  const writer = new RowWriter();
  writer.value(value, 0);
  return writer.finish();
}

/** @throws DecodeError */
export function decodeRow(bytes: Uint8Array): unknown {
  return new RowReader(bytes).value(0);
}

class RowWriter {
  #bytes = new Uint8Array(512);
  #length = 0;

  value(value: unknown, depth: number): void {
    if (depth > MAX_DEPTH) throw new TypeError("a row is nested too deep");
    if (typeof value === "string") this.#text(value);
    else if (typeof value === "number") this.#number(value);
    else if (value === undefined) this.#byte(TAG.undefined);
    else if (value === null) this.#byte(TAG.null);
    else if (typeof value === "boolean") this.#byte(value ? TAG.true : TAG.false);
    else if (value instanceof Uint8Array) this.#sized(TAG.bytes, value);
    else if (Array.isArray(value)) {
      this.#byte(TAG.array);
      this.#whole(value.length);
      for (const item of value) this.value(item, depth + 1);
    } else if (typeof value === "object" && isPlain(value)) {
      const fields = Object.entries(value);
      this.#byte(TAG.object);
      this.#whole(fields.length);
      for (const [name, field] of fields) {
        this.#text(name);
        this.value(field, depth + 1);
      }
    } else throw new TypeError("a row holds what cannot be stored");
  }

  finish(): Uint8Array {
    const padded = Math.ceil(this.#length / PADDED_TO_BYTES) * PADDED_TO_BYTES;
    this.#reserve(padded - this.#length);
    return this.#bytes.subarray(0, padded);
  }

  #number(value: number): void {
    if (Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0)) {
      this.#byte(TAG.whole);
      this.#whole(value);
      return;
    }
    this.#byte(TAG.float);
    this.#reserve(8);
    new DataView(this.#bytes.buffer).setFloat64(this.#length, value);
    this.#length += 8;
  }

  #text(text: string): void {
    const start = this.#length;
    this.#byte(TAG.ascii);
    this.#whole(text.length);
    this.#reserve(text.length);
    for (let index = 0; index < text.length; index += 1) {
      const unit = text.charCodeAt(index);
      if (unit > 0x7f) {
        this.#length = start;
        this.#wideText(text);
        return;
      }
      this.#bytes[this.#length + index] = unit;
    }
    this.#length += text.length;
  }

  #wideText(text: string): void {
    const utf8 = textToBytes(text);
    if (bytesToText(utf8) === text) {
      this.#sized(TAG.utf8, utf8);
      return;
    }
    const units = Uint8Array.from({ length: text.length * 2 }, (_, index) => {
      const unit = text.charCodeAt(index >> 1);
      return index % 2 === 0 ? unit >> 8 : unit & 0xff;
    });
    this.#sized(TAG.utf16, units);
  }

  #sized(tag: number, bytes: Uint8Array): void {
    this.#byte(tag);
    this.#whole(bytes.length);
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #whole(value: number): void {
    let rest = value;
    while (rest > 0x7f) {
      this.#byte((rest % 128) | 0x80);
      rest = Math.floor(rest / 128);
    }
    this.#byte(rest);
  }

  #byte(byte: number): void {
    this.#reserve(1);
    this.#bytes[this.#length] = byte;
    this.#length += 1;
  }

  /** What is behind the length stays zero. */
  #reserve(size: number): void {
    const needed = this.#length + size;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}

class RowReader {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  value(depth: number): unknown {
    if (depth > MAX_DEPTH) throw new DecodeError("a row is nested too deep");
    const tag = this.#byte();
    switch (tag) {
      case TAG.undefined:
        return undefined;
      case TAG.null:
        return null;
      case TAG.false:
        return false;
      case TAG.true:
        return true;
      case TAG.whole:
        return this.#whole();
      case TAG.float: {
        const bytes = this.#take(8);
        return new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0);
      }
      case TAG.ascii:
      case TAG.utf8:
      case TAG.utf16:
        return this.#text(tag);
      case TAG.bytes:
        return this.#take(this.#whole()).slice();
      case TAG.array: {
        const items: unknown[] = [];
        for (let left = this.#whole(); left > 0; left -= 1) items.push(this.value(depth + 1));
        return items;
      }
      case TAG.object: {
        const fields: [string, unknown][] = [];
        for (let left = this.#whole(); left > 0; left -= 1) {
          fields.push([this.#text(this.#byte()), this.value(depth + 1)]);
        }
        return Object.fromEntries(fields);
      }
      default:
        throw new DecodeError("a row of an unknown form");
    }
  }

  #text(tag: number): string {
    const bytes = this.#take(this.#whole());
    if (tag === TAG.utf8 || tag === TAG.ascii) return bytesToText(bytes);
    if (tag !== TAG.utf16) throw new DecodeError("a row of an unknown form");
    let text = "";
    for (let index = 0; index < bytes.length; index += 2) {
      text += String.fromCharCode((bytes[index] ?? 0) * 256 + (bytes[index + 1] ?? 0));
    }
    return text;
  }

  #whole(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.#byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      if (scale > 2 ** 49) throw new DecodeError("a number out of range");
    }
  }

  #byte(): number {
    return this.#take(1)[0] ?? 0;
  }

  #take(size: number): Uint8Array {
    if (size > this.#bytes.length - this.#offset) throw new DecodeError("bytes missing");
    this.#offset += size;
    return this.#bytes.subarray(this.#offset - size, this.#offset);
  }
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
