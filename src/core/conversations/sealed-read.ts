/**
 * What was read, for the members of a conversation alone (PROTOCOL, Statements): sealed with what only those hold who can read its newest
 * message, and signed around that.
 *
 *     key|nonce = HKDF-Expand(HKDF-Extract(salt, opening of the message), "kith/read/2", 44)
 *
 * The salt is random, so that one message seals many statements, and a copied profile never has one key and nonce for two things.
 */
import { ByteReader } from "../codec/byte-reader.ts";
import { ByteWriter } from "../codec/byte-writer.ts";
import { bytesToHex, hexToBytes, textToBytes } from "../codec/bytes.ts";
import { DecodeError } from "../codec/decode-error.ts";
import type { DeviceId } from "../codec/ids.ts";
import { MAX_CONTENT_BYTES, pad, unpad } from "../crypto/padding.ts";
import type { Suite } from "../crypto/suite.ts";
import {
  decodeReadMarks,
  encodeReadMarks,
  readHead,
  type ReadMark,
  type ReadStatement,
  signed,
  type StatementHead,
  statementHead,
} from "./statements.ts";

const DOMAIN = "kith/read/2";
const KEY_INFO = textToBytes(DOMAIN);
const SALT_BYTES = 16;
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A message of the conversation: whoever can read it can open the statement. */
export interface ReadAnchor {
  readonly device: DeviceId;
  readonly seq: number;
}

export interface SealedRead extends StatementHead {
  readonly anchor: ReadAnchor;
}

/**
 * conversation 32 | device 16 | number 6 | anchor: device 16, seq 4 | salt 16 | sealed sized(2) | signature 64. `opening` is what the body of
 * the anchor was sealed from.
 */
export function encodeSealedRead(
  suite: Suite,
  logSeed: Uint8Array,
  read: ReadStatement,
  anchor: ReadAnchor,
  opening: Uint8Array,
): Uint8Array {
  const marks = encodeReadMarks(new ByteWriter(), read.marks).finish();
  const place = placeOf(read, anchor);
  const salt = suite.random(SALT_BYTES);
  const { key, nonce } = keyOf(suite, salt, opening);
  const sealed = suite.encrypt(key, nonce, place, pad(marks));
  const writer = new ByteWriter().fixed(place, place.length).fixed(salt, SALT_BYTES).sized(sealed, 2);
  return signed(suite, logSeed, DOMAIN, writer);
}

/** @throws DecodeError */
export function decodeSealedRead(bytes: Uint8Array): SealedRead {
  const { head, anchor } = partsOf(bytes);
  return { ...head, anchor };
}

export function verifySealedRead(suite: Suite, logKey: Uint8Array, bytes: Uint8Array): boolean {
  return suite.verify(logKey, DOMAIN, bytes.subarray(0, -64), bytes.subarray(-64));
}

/** The marks, or undefined if they were sealed with something else, or are none. */
export function openSealedRead(suite: Suite, bytes: Uint8Array, opening: Uint8Array): readonly ReadMark[] | undefined {
  const { head, anchor, salt, sealed } = partsOf(bytes);
  const { key, nonce } = keyOf(suite, salt, opening);
  const padded = suite.decrypt(key, nonce, placeOf(head, anchor), sealed);
  const marks = padded && unpad(padded);
  if (marks === undefined) return undefined;
  try {
    const reader = new ByteReader(marks);
    const decoded = decodeReadMarks(reader);
    reader.end();
    return decoded;
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

const MAX_SEALED_BYTES = MAX_CONTENT_BYTES + 1 + TAG_BYTES;

function partsOf(bytes: Uint8Array) {
  const reader = new ByteReader(bytes);
  const head = readHead(reader);
  const anchor = { device: bytesToHex(reader.fixed(16)) as DeviceId, seq: reader.uint(4) };
  if (anchor.seq === 0) throw new DecodeError("a message without a seq");
  const salt = reader.fixed(SALT_BYTES);
  const sealed = reader.sized(2, MAX_SEALED_BYTES);
  reader.fixed(64);
  reader.end();
  return { head, anchor, salt, sealed };
}

/** All before the salt: nothing of it is sealed, and all of it is bound. */
function placeOf(head: StatementHead, { device, seq }: ReadAnchor): Uint8Array {
  return statementHead(head).fixed(hexToBytes(device, 16), 16).uint(seq, 4).finish();
}

function keyOf(suite: Suite, salt: Uint8Array, opening: Uint8Array): { key: Uint8Array; nonce: Uint8Array } {
  const bytes = suite.hkdfExpand(suite.hkdfExtract(salt, opening), KEY_INFO, KEY_BYTES + NONCE_BYTES);
  return { key: bytes.slice(0, KEY_BYTES), nonce: bytes.slice(KEY_BYTES) };
}
