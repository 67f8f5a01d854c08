/**
 * Canonical CBOR (RFC 8949 section 4.2) for message content: maps with text keys, arrays, text, bytes, whole numbers, booleans and null,
 * and nothing else: no floats, no tags. Every value has one encoding, and no other is read: shortest lengths, keys in their order, UTF-8.
 */
import { ByteReader } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";
import { bytesToText, compareBytes, textToBytes } from "./bytes.ts";
import { DecodeError } from "./decode-error.ts";

/** Content is nested by hand, not by machines. */
const MAX_DEPTH = 32;

const MAJOR = { whole: 0, negative: 1, bytes: 2, text: 3, array: 4, map: 5, simple: 7 } as const;
const SIMPLE_VALUES = new Map<number, boolean | null>([
  [20, false],
  [21, true],
  [22, null],
]);
/** By how many bytes follow the first: the least number that needs so many. */
const LEAST_OF_FORM = [24, 2 ** 8, 2 ** 16, 2 ** 32];
const FIRST_FORM = 24;
const TWO_WORDS_FORM = 27;
const WORD = 2 ** 32;

/** Objects are maps. @throws DecodeError for a value that has no canonical form here. */
export function encodeCbor(value: unknown): Uint8Array {
  const writer = new ByteWriter();
  write(writer, value, 0);
  return writer.finish();
}

/** Maps come back as objects. @throws DecodeError for malformed or non-canonical bytes, or more than `maxLength` of them. */
export function decodeCbor(bytes: Uint8Array, maxLength: number): unknown {
  if (bytes.length > maxLength) throw new DecodeError("content is too long");
  const reader = new ByteReader(bytes);
  const value = read(reader, 0);
  reader.end();
  return value;
}

function write(writer: ByteWriter, value: unknown, depth: number): void {
  checkDepth(depth);
  if (value === null || typeof value === "boolean") {
    for (const [code, simple] of SIMPLE_VALUES) if (simple === value) writeHead(writer, MAJOR.simple, code);
  } else if (typeof value === "string") {
    writeBytes(writer, MAJOR.text, textToBytes(value));
  } else if (value instanceof Uint8Array) {
    writeBytes(writer, MAJOR.bytes, value);
  } else if (typeof value === "number" && Number.isSafeInteger(value) && !Object.is(value, -0)) {
    if (value < 0) writeHead(writer, MAJOR.negative, -1 - value);
    else writeHead(writer, MAJOR.whole, value);
  } else if (Array.isArray(value)) {
    writeHead(writer, MAJOR.array, value.length);
    for (const item of value) write(writer, item, depth + 1);
  } else if (typeof value === "object") {
    const fields = Object.entries(value).map(([key, field]) => ({ key: textToBytes(key), field: field as unknown }));
    writeHead(writer, MAJOR.map, fields.length);
    for (const { key, field } of fields.toSorted((a, b) => compareKeys(a.key, b.key))) {
      writeBytes(writer, MAJOR.text, key);
      write(writer, field, depth + 1);
    }
  } else {
    throw new DecodeError("content holds what CBOR does not hold here");
  }
}

function writeBytes(writer: ByteWriter, major: number, bytes: Uint8Array): void {
  writeHead(writer, major, bytes.length);
  writer.fixed(bytes, bytes.length);
}

function writeHead(writer: ByteWriter, major: number, count: number): void {
  const form = LEAST_OF_FORM.findLastIndex((least) => count >= least);
  writer.uint(major * 32 + (form < 0 ? count : FIRST_FORM + form), 1);
  if (form === 3) writer.uint(Math.floor(count / WORD), 4).uint(count % WORD, 4);
  else if (form >= 0) writer.uint(count, 2 ** form);
}

function read(reader: ByteReader, depth: number): unknown {
  checkDepth(depth);
  const first = reader.uint(1);
  const count = readCount(reader, first % 32);
  switch (first >> 5) {
    case MAJOR.whole:
      return safe(count);
    case MAJOR.negative:
      return safe(-1 - count);
    case MAJOR.bytes:
      return reader.fixed(count);
    case MAJOR.text:
      return bytesToText(reader.fixed(count));
    case MAJOR.array: {
      const items: unknown[] = [];
      for (let index = 0; index < count; index += 1) items.push(read(reader, depth + 1));
      return items;
    }
    case MAJOR.map:
      return readMap(reader, count, depth);
    default: {
      const simple = SIMPLE_VALUES.get(first % 32);
      if (first >> 5 !== MAJOR.simple || simple === undefined) throw new DecodeError("content is not CBOR");
      return simple;
    }
  }
}

function readMap(reader: ByteReader, count: number, depth: number): unknown {
  const fields: (readonly [string, unknown])[] = [];
  let last: Uint8Array | undefined;
  for (let index = 0; index < count; index += 1) {
    const first = reader.uint(1);
    if (first >> 5 !== MAJOR.text) throw new DecodeError("a key that is no text");
    const key = reader.fixed(readCount(reader, first % 32));
    if (last !== undefined && compareKeys(last, key) >= 0) throw new DecodeError("keys are not in order");
    last = key;
    fields.push([bytesToText(key), read(reader, depth + 1)]);
  }
  return Object.fromEntries(fields);
}

/** The number that the first byte of an item says, or that follows it. */
function readCount(reader: ByteReader, form: number): number {
  if (form < FIRST_FORM) return form;
  const least = LEAST_OF_FORM[form - FIRST_FORM];
  if (least === undefined) throw new DecodeError("content is not canonical CBOR");
  const count =
    form === TWO_WORDS_FORM ? reader.uint(4) * WORD + reader.uint(4) : reader.uint(2 ** (form - FIRST_FORM));
  if (count < least) throw new DecodeError("content is not canonical CBOR");
  return count;
}

/** By the encoded key, so first by its length. */
function compareKeys(a: Uint8Array, b: Uint8Array): number {
  return a.length - b.length || compareBytes(a, b);
}

function safe(value: number): number {
  if (!Number.isSafeInteger(value)) throw new DecodeError("a number that is not exact");
  return value;
}

function checkDepth(depth: number): void {
  if (depth > MAX_DEPTH) throw new DecodeError("content is nested too deep");
}
