/**
 * Deposit tokens (PROTOCOL, Couriers): the recipient's word to a courier that a depositor may leave parcels, how much, and how long. A
 * courier is named by a hash that only those recognise who know the account.
 */
import { ByteReader } from "../codec/byte-reader.ts";
import { ByteWriter } from "../codec/byte-writer.ts";
import { bytesToHex, concatBytes, hexToBytes } from "../codec/bytes.ts";
import { DecodeError } from "../codec/decode-error.ts";
import type { AccountId, DeviceId } from "../codec/ids.ts";
import { domainHash, type Suite } from "../crypto/suite.ts";

const SIGNATURE_BYTES = 64;
export const TOKEN_BYTES = 32 + 32 + 32 + 16 + 1 + 4 + 4 + SIGNATURE_BYTES;
const TOKEN_DOMAIN = "kith/token/1";
const MS_PER_SECOND = 1_000;

export interface Token {
  /** `courierMark` of courier and depositor, 64 hex digits. */
  readonly courier: string;
  readonly depositor: AccountId;
  readonly recipient: AccountId;
  /** The recipient's device, which signed. */
  readonly device: DeviceId;
  /** What the depositor may have lying there at once. */
  readonly parcels: number;
  readonly bytes: number;
  /** Milliseconds since 1970, whole seconds. */
  readonly expiresAt: number;
}

/** SHA-256("kith/courier/1" | courier's account | depositor's account) as hex. */
export function courierMark(suite: Suite, courier: AccountId, depositor: AccountId): string {
  return bytesToHex(
    domainHash(suite, "kith/courier/1", concatBytes(hexToBytes(courier, 32), hexToBytes(depositor, 32))),
  );
}

/**
 * courier mark 32 | depositor 32 | recipient 32 | recipient's device 16 | parcels 1 | bytes 4 | expiry 4 (s since 1970) | signature 64 by
 * the recipient's device
 */
export function encodeToken(suite: Suite, logSeed: Uint8Array, token: Token): Uint8Array {
  const writer = new ByteWriter()
    .fixed(hexToBytes(token.courier, 32), 32)
    .fixed(hexToBytes(token.depositor, 32), 32)
    .fixed(hexToBytes(token.recipient, 32), 32)
    .fixed(hexToBytes(token.device, 16), 16)
    .uint(token.parcels, 1)
    .uint(token.bytes, 4)
    .uint(Math.floor(token.expiresAt / MS_PER_SECOND), 4);
  return writer.fixed(suite.sign(logSeed, TOKEN_DOMAIN, writer.finish()), SIGNATURE_BYTES).finish();
}

/** The signature is not verified here. @throws DecodeError */
export function decodeToken(bytes: Uint8Array): Token {
  if (bytes.length !== TOKEN_BYTES) throw new DecodeError("token of a wrong size");
  const reader = new ByteReader(bytes);
  return {
    courier: bytesToHex(reader.fixed(32)),
    depositor: bytesToHex(reader.fixed(32)) as AccountId,
    recipient: bytesToHex(reader.fixed(32)) as AccountId,
    device: bytesToHex(reader.fixed(16)) as DeviceId,
    parcels: reader.uint(1),
    bytes: reader.uint(4),
    expiresAt: reader.uint(4) * MS_PER_SECOND,
  };
}

/** `logKey` is that of the recipient's device. */
export function verifyToken(suite: Suite, logKey: Uint8Array, bytes: Uint8Array): boolean {
  return suite.verify(logKey, TOKEN_DOMAIN, bytes.subarray(0, -SIGNATURE_BYTES), bytes.subarray(-SIGNATURE_BYTES));
}
