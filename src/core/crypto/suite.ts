/**
 * The cryptography of core as one value, so that the simulation can run a fast model of it. This file and its neighbours are
 * the only door to @noble. One verifier, strict RFC 8032 (`zip215: false`), so that peers never disagree on what is valid.
 */
import { ed25519 } from "@noble/curves/ed25519.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { randomBytes } from "@noble/hashes/utils.js";
import { concatBytes, textToBytes } from "../codec/bytes.ts";

export interface Suite {
  /** Stands in every entry header. 0: bodies in clear. */
  readonly id: number;
  /** Cryptographically secure random bytes. */
  random(length: number): Uint8Array;
  /** SHA-256, 32 bytes. */
  hash(bytes: Uint8Array): Uint8Array;
  /** HMAC-SHA256, 32 bytes. */
  mac(key: Uint8Array, bytes: Uint8Array): Uint8Array;
  /** Compares two 32-byte MACs without telling by time where they differ. */
  equalMacs(a: Uint8Array, b: Uint8Array): boolean;
  /** Ed25519 public key, 32 bytes, of a 32-byte seed. */
  publicKey(seed: Uint8Array): Uint8Array;
  /** Ed25519 signature, 64 bytes, over domain | message. */
  sign(seed: Uint8Array, domain: string, message: Uint8Array): Uint8Array;
  verify(publicKey: Uint8Array, domain: string, message: Uint8Array, signature: Uint8Array): boolean;
}

export function createClearSuite(): Suite {
  return {
    id: 0,
    random: (length) => randomBytes(length),
    hash: (bytes) => sha256(bytes),
    mac: (key, bytes) => hmac(sha256, key, bytes),
    equalMacs(a, b) {
      let difference = a.length ^ b.length;
      for (const [index, byte] of a.entries()) difference |= byte ^ (b[index] ?? 0);
      return difference === 0;
    },
    publicKey: (seed) => ed25519.getPublicKey(seed),
    sign: (seed, domain, message) => ed25519.sign(concatBytes(textToBytes(domain), message), seed),
    verify(publicKey, domain, message, signature) {
      if (publicKey.length !== 32 || signature.length !== 64) return false;
      try {
        return ed25519.verify(signature, concatBytes(textToBytes(domain), message), publicKey, { zip215: false });
      } catch {
        return false;
      }
    },
  };
}

/** SHA-256(domain | parts…). */
export function domainHash(suite: Suite, domain: string, ...parts: readonly Uint8Array[]): Uint8Array {
  return suite.hash(concatBytes(textToBytes(domain), ...parts));
}
