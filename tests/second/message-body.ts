/** Padding, openings and sealed bodies: *Message bodies*. */
import { join } from "./bytes.ts";
import { decrypt, encrypt, expand, sha256 } from "./primitives.ts";

const PADDED_BYTES = [128, 256, 512, 1024, 2048, 4096, 8192, 14272] as const;
const SALT_BYTES = 16;
const R_BYTES = 32;

export function padded(content: Uint8Array): Uint8Array {
  const size = PADDED_BYTES.find((bytes) => bytes > content.length);
  if (size === undefined) throw new RangeError("the content is too long");
  return join(content, new Uint8Array([0x80]), new Uint8Array(size - content.length - 1));
}

export function unpadded(bytes: Uint8Array): Uint8Array {
  const mark = bytes.findLastIndex((byte) => byte !== 0);
  const content = bytes.slice(0, Math.max(mark, 0));
  if (bytes[mark] !== 0x80 || padded(content).length !== bytes.length) throw new Error("another padding");
  return content;
}

export const opening = (r: Uint8Array, content: Uint8Array): Uint8Array => join(r, padded(content));
export const contentCommitment = (openingBytes: Uint8Array): Uint8Array => sha256(openingBytes);

function keyAndNonce(messageKey: Uint8Array, salt: Uint8Array): readonly [key: Uint8Array, nonce: Uint8Array] {
  const both = expand(messageKey, join("kith/message/1", salt), 32 + 12);
  return [both.slice(0, 32), both.slice(32)];
}

/** @param aad the header up to, and without, the content commitment. */
export function sealBody(
  messageKey: Uint8Array,
  salt: Uint8Array,
  aad: Uint8Array,
  openingBytes: Uint8Array,
): Uint8Array {
  const [key, nonce] = keyAndNonce(messageKey, salt);
  return join(salt, encrypt(key, nonce, aad, openingBytes));
}

/** The content of a body. Throws if it does not decrypt, does not match the commitment, or is padded otherwise. */
export function openBody(
  messageKey: Uint8Array,
  aad: Uint8Array,
  commitment: Uint8Array,
  body: Uint8Array,
): { readonly opening: Uint8Array; readonly content: Uint8Array } {
  const [key, nonce] = keyAndNonce(messageKey, body.subarray(0, SALT_BYTES));
  const openingBytes = decrypt(key, nonce, aad, body.subarray(SALT_BYTES));
  if (Buffer.compare(contentCommitment(openingBytes), commitment) !== 0) throw new Error("another commitment");
  return { opening: openingBytes, content: unpadded(openingBytes.subarray(R_BYTES)) };
}
