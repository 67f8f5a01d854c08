/**
 * Canonical CBOR (RFC 8949 section 4.2) for message content: maps with text keys, arrays, text, bytes, whole numbers, booleans and null,
 * and nothing else: no floats, no tags. What does not encode back to the same bytes is refused, which covers the order of keys,
 * the shortest numbers and UTF-8.
 */
import { type CBORType, decodeCBOR, encodeCBOR } from "@levischuck/tiny-cbor";
import { compareBytes, equalBytes, textToBytes } from "./bytes.ts";
import { DecodeError } from "./decode-error.ts";

/** Content is nested by hand, not by machines. */
const MAX_DEPTH = 32;

/** Objects are maps. @throws DecodeError for a value that has no canonical form here. */
export function encodeCbor(value: unknown): Uint8Array {
  return encodeCBOR(toCbor(value, 0));
}

/** Maps come back as objects. @throws DecodeError for malformed or non-canonical bytes, or more than `maxLength` of them. */
export function decodeCbor(bytes: Uint8Array, maxLength: number): unknown {
  if (bytes.length > maxLength) throw new DecodeError("content is too long");
  let value: unknown;
  try {
    value = fromCbor(decodeCBOR(bytes), 0);
    if (equalBytes(encodeCbor(value), bytes)) return value;
  } catch (cause) {
    throw new DecodeError("content is not CBOR", { cause });
  }
  throw new DecodeError("content is not canonical CBOR");
}

function toCbor(value: unknown, depth: number): CBORType {
  if (depth > MAX_DEPTH) throw new DecodeError("content is nested too deep");
  if (value === null || typeof value === "string" || typeof value === "boolean" || value instanceof Uint8Array) {
    return value;
  }
  if (typeof value === "number" && Number.isSafeInteger(value) && !Object.is(value, -0)) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => toCbor(item, depth + 1));
  if (typeof value !== "object") throw new DecodeError("content holds what CBOR does not hold here");
  const fields = Object.entries(value).map(([key, field]) => ({
    key,
    encoded: textToBytes(key),
    field: field as unknown,
  }));
  // By the encoded key, so first by its length.
  fields.sort((a, b) => a.encoded.length - b.encoded.length || compareBytes(a.encoded, b.encoded));
  return new Map(fields.map(({ key, field }) => [key, toCbor(field, depth + 1)]));
}

function fromCbor(value: CBORType, depth: number): unknown {
  if (depth > MAX_DEPTH) throw new DecodeError("content is nested too deep");
  if (Array.isArray(value)) return value.map((item) => fromCbor(item, depth + 1));
  if (!(value instanceof Map)) return value;
  return Object.fromEntries(
    [...value].map(([key, field]) => {
      if (typeof key !== "string") throw new DecodeError("a key that is no text");
      return [key, fromCbor(field, depth + 1)] as const;
    }),
  );
}
