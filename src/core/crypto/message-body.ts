/**
 * The sealed body of a message (PROTOCOL, Message bodies).
 *
 *     body       = salt 16 | ChaCha20-Poly1305(key, nonce, aad = header up to the content commitment, opening)
 *     key|nonce  = HKDF-Expand(message key, "kith/message/1" | salt, 44)
 *     opening    = r 32 | padded content
 *     commitment = SHA-256(opening), in the header
 *
 * The salt keeps a cloned or rolled-back profile from using one key and nonce twice. The commitment lets any member hand the
 * opening to another one without being able to change it; r keeps it from telling anything about the content.
 */
import { concatBytes, equalBytes, textToBytes } from "../codec/bytes.ts";
import { MAX_BODY_BYTES } from "../codec/entry.ts";
import { BODY_OVERHEAD_BYTES, MAX_CONTENT_BYTES, pad, unpad } from "./padding.ts";
import type { Suite } from "./suite.ts";

const SALT_BYTES = 16;
const BLINDING_BYTES = 32;
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const MESSAGE_INFO = textToBytes("kith/message/1");
/** The longest opening: what a resend may carry. */
export const MAX_OPENING_BYTES = BLINDING_BYTES + MAX_CONTENT_BYTES + 1;

export interface SealedBody {
  readonly body: Uint8Array;
  /** 32 bytes, for the header. */
  readonly commitment: Uint8Array;
  /** r 32 | padded content: what the author keeps, to hand it to another member. */
  readonly opening: Uint8Array;
}

export interface OpenedBody {
  readonly content: Uint8Array;
  /** r 32 | padded content: what a resend hands to another member. */
  readonly opening: Uint8Array;
}

/**
 * `headerPrefix`: `encodeHeaderPrefix` of the entry's header. `messageKey`: used for this one entry, then erased.
 * @throws RangeError for more than MAX_CONTENT_BYTES of content.
 */
export function sealBody(
  suite: Suite,
  messageKey: Uint8Array,
  headerPrefix: Uint8Array,
  content: Uint8Array,
): SealedBody {
  const opening = concatBytes(suite.random(BLINDING_BYTES), pad(content));
  const salt = suite.random(SALT_BYTES);
  const { key, nonce } = bodyKey(suite, messageKey, salt);
  return {
    body: concatBytes(salt, suite.encrypt(key, nonce, headerPrefix, opening)),
    commitment: contentCommitment(suite, opening),
    opening,
  };
}

/** Undefined unless the body was sealed with this key for this header, matches its commitment and is padded as `pad` does. */
export function openBody(
  suite: Suite,
  messageKey: Uint8Array,
  headerPrefix: Uint8Array,
  commitment: Uint8Array,
  body: Uint8Array,
): OpenedBody | undefined {
  if (body.length < BODY_OVERHEAD_BYTES || body.length > MAX_BODY_BYTES) return undefined;
  const { key, nonce } = bodyKey(suite, messageKey, body.slice(0, SALT_BYTES));
  const opening = suite.decrypt(key, nonce, headerPrefix, body.subarray(SALT_BYTES));
  if (opening === undefined) return undefined;
  const content = readOpening(suite, commitment, opening);
  return content === undefined ? undefined : { content, opening };
}

/** The content of an opening, or undefined if it is not the one committed to or not padded as `pad` does. */
export function readOpening(suite: Suite, commitment: Uint8Array, opening: Uint8Array): Uint8Array | undefined {
  if (opening.length > MAX_OPENING_BYTES || !equalBytes(contentCommitment(suite, opening), commitment))
    return undefined;
  return unpad(opening.subarray(BLINDING_BYTES));
}

/** SHA-256(r | padded content). */
function contentCommitment(suite: Suite, opening: Uint8Array): Uint8Array {
  return suite.hash(opening);
}

function bodyKey(suite: Suite, messageKey: Uint8Array, salt: Uint8Array): { key: Uint8Array; nonce: Uint8Array } {
  const bytes = suite.hkdfExpand(messageKey, concatBytes(MESSAGE_INFO, salt), KEY_BYTES + NONCE_BYTES);
  return { key: bytes.slice(0, KEY_BYTES), nonce: bytes.slice(KEY_BYTES) };
}
