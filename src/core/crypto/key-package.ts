/**
 * Key packages (PROTOCOL, Key packages): a device's X-Wing keys, numbered per device and conversation so that nothing links
 * conversations, and valid only when signed by that device: nobody introduces another's key. The body of a `kem` entry is one.
 */
import { ByteReader } from "../codec/byte-reader.ts";
import { ByteWriter } from "../codec/byte-writer.ts";
import { bytesToHex, hexToBytes } from "../codec/bytes.ts";
import { DecodeError } from "../codec/decode-error.ts";
import type { ConversationId, DeviceId } from "../codec/ids.ts";
import { KEM_PUBLIC_KEY_BYTES } from "./hpke.ts";
import type { Suite } from "./suite.ts";

export const KEY_PACKAGE_BYTES = 32 + 16 + 4 + KEM_PUBLIC_KEY_BYTES + 64;

const KEY_PACKAGE_DOMAIN = "kith/key-package/1";

export interface KeyPackage {
  readonly conversation: ConversationId;
  readonly device: DeviceId;
  /** From 1; the highest number of a device in a conversation is its newest key. */
  readonly number: number;
  /** 1216 bytes. */
  readonly publicKey: Uint8Array;
}

/** Whose package is expected, and the key it has to be signed by. */
export interface PackageOwner {
  readonly conversation: ConversationId;
  readonly device: DeviceId;
  /** The device's Ed25519 log key, 32 bytes, from its account's device list. */
  readonly logKey: Uint8Array;
}

/** conversation 32 | device 16 | number 4 | X-Wing public key 1216 | signature 64 by the device's log key over all before */
export function encodeKeyPackage(suite: Suite, logSeed: Uint8Array, keyPackage: KeyPackage): Uint8Array {
  if (keyPackage.number === 0) throw new RangeError("key packages are numbered from 1");
  const writer = new ByteWriter()
    .fixed(hexToBytes(keyPackage.conversation, 32), 32)
    .fixed(hexToBytes(keyPackage.device, 16), 16)
    .uint(keyPackage.number, 4)
    .fixed(keyPackage.publicKey, KEM_PUBLIC_KEY_BYTES);
  return writer.fixed(suite.sign(logSeed, KEY_PACKAGE_DOMAIN, writer.finish()), 64).finish();
}

/** @throws DecodeError when malformed, another device's or conversation's, not signed, or with a key that cannot be sealed to. */
export function decodeKeyPackage(suite: Suite, owner: PackageOwner, bytes: Uint8Array): KeyPackage {
  if (bytes.length !== KEY_PACKAGE_BYTES) throw new DecodeError("key package of a wrong size");
  const reader = new ByteReader(bytes);
  const conversation = bytesToHex(reader.fixed(32)) as ConversationId;
  const device = bytesToHex(reader.fixed(16)) as DeviceId;
  const number = reader.uint(4);
  const publicKey = reader.fixed(KEM_PUBLIC_KEY_BYTES);
  const signed = bytes.subarray(0, reader.offset);
  const signature = reader.fixed(64);
  reader.end();
  if (number === 0) throw new DecodeError("key packages are numbered from 1");
  if (conversation !== owner.conversation || device !== owner.device) throw new DecodeError("another's key package");
  if (!suite.verify(owner.logKey, KEY_PACKAGE_DOMAIN, signed, signature)) {
    throw new DecodeError("key package is not signed");
  }
  if (!suite.isKemPublicKey(publicKey)) throw new DecodeError("a key that cannot be sealed to");
  return { conversation, device, number, publicKey };
}
