/** Canonical CBOR (RFC 8949 section 4.2) for message content, through cborg. What does not encode back to the same bytes is refused. */
import { decode, encode } from "cborg";
import { equalBytes } from "./bytes.ts";
import { DecodeError } from "./decode-error.ts";

export function encodeCbor(value: unknown): Uint8Array {
  return encode(value);
}

/** @throws DecodeError for malformed or non-canonical bytes, or more than `maxLength` of them. */
export function decodeCbor(bytes: Uint8Array, maxLength: number): unknown {
  if (bytes.length > maxLength) throw new DecodeError("content is too long");
  let value: unknown;
  try {
    value = decode(bytes, {
      strict: true,
      allowIndefinite: false,
      allowUndefined: false,
      rejectDuplicateMapKeys: true,
    });
    if (equalBytes(encode(value), bytes)) return value;
  } catch (cause) {
    throw new DecodeError("content is not CBOR", { cause });
  }
  throw new DecodeError("content is not canonical CBOR");
}
