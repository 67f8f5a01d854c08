/**
 * The on-screen code by which two people verify each other (PROTOCOL, Verifying): shown to one person, read by the app in their hand,
 * and never a link, so that no other scanner opens anything with it.
 */
import { ByteReader } from "../codec/byte-reader.ts";
import { ByteWriter } from "../codec/byte-writer.ts";
import {
  base64UrlToBytes,
  bytesToBase64Url,
  bytesToHex,
  concatBytes,
  equalBytes,
  hexToBytes,
  textToBytes,
} from "../codec/bytes.ts";
import { DecodeError } from "../codec/decode-error.ts";
import type { AccountId, PeerKey } from "../codec/ids.ts";
import { domainHash, type Suite } from "../crypto/suite.ts";

const CODE_VERSION = 1;
const SECRET_BYTES = 16;
const CHECKSUM_BYTES = 4;
const CODE_BYTES = 1 + 32 + 32 + SECRET_BYTES + CHECKSUM_BYTES;
const MARK = "Kith code ";

export interface VerifyCode {
  /** Who shows it. */
  readonly shower: AccountId;
  /** Whom it is shown to. */
  readonly reader: AccountId;
  /** 16 random bytes; whoever knows them has seen the screen. */
  readonly secret: Uint8Array;
}

export function newCodeSecret(suite: Suite): Uint8Array {
  return suite.random(SECRET_BYTES);
}

/** "Kith code " and in base64url: version 1 | shower 32 | reader 32 | secret 16 | hash prefix 4 */
export function encodeCode(suite: Suite, code: VerifyCode): string {
  const body = new ByteWriter()
    .uint(CODE_VERSION, 1)
    .fixed(hexToBytes(code.shower, 32), 32)
    .fixed(hexToBytes(code.reader, 32), 32)
    .fixed(code.secret, SECRET_BYTES)
    .finish();
  return MARK + bytesToBase64Url(concatBytes(body, checksum(suite, body)));
}

/** Undefined for anything else, whatever it is. */
export function decodeCode(suite: Suite, text: string): VerifyCode | undefined {
  const trimmed = text.trim();
  if (!trimmed.startsWith(MARK)) return undefined;
  try {
    const bytes = base64UrlToBytes(trimmed.slice(MARK.length), CODE_BYTES);
    const body = bytes.subarray(0, Math.max(0, bytes.length - CHECKSUM_BYTES));
    if (!equalBytes(checksum(suite, body), bytes.subarray(body.length))) return undefined;
    const reader = new ByteReader(body);
    if (reader.uint(1) !== CODE_VERSION) return undefined;
    const [shower, reading] = [bytesToHex(reader.fixed(32)) as AccountId, bytesToHex(reader.fixed(32)) as AccountId];
    const secret = reader.fixed(SECRET_BYTES);
    reader.end();
    return { shower, reader: reading, secret };
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** HMAC(secret, "kith/code-read/1" | shower 32 | reader 32 | reader's peer key 32 | shower's peer key 32), 32 bytes. */
export function codeReadProof(suite: Suite, code: VerifyCode, readerPeer: PeerKey, showerPeer: PeerKey): Uint8Array {
  const message = concatBytes(
    textToBytes("kith/code-read/1"),
    hexToBytes(code.shower, 32),
    hexToBytes(code.reader, 32),
    hexToBytes(readerPeer, 32),
    hexToBytes(showerPeer, 32),
  );
  return suite.mac(code.secret, message);
}

function checksum(suite: Suite, body: Uint8Array): Uint8Array {
  return domainHash(suite, "kith/verify-code/1", body).subarray(0, CHECKSUM_BYTES);
}
