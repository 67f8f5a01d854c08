/**
 * The cryptography of core as one value, so that the simulation can run a fast model of it. This file and its neighbours are
 * the only door to @noble. One verifier, strict RFC 8032 (`zip215: false`), so that peers never disagree on what is valid.
 */
import { concatBytes, textToBytes } from "../codec/bytes.ts";

export interface Suite {
  /** Stands in every entry header. */
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
  /** HKDF-SHA256 (RFC 5869), first step: 32 bytes. */
  hkdfExtract(salt: Uint8Array, inputKey: Uint8Array): Uint8Array;
  /** HKDF-SHA256, second step: `length` bytes, at most 8,160. */
  hkdfExpand(key: Uint8Array, info: Uint8Array, length: number): Uint8Array;
  /** X-Wing public key, 1216 bytes, of a 32-byte seed. */
  kemPublicKey(seed: Uint8Array): Uint8Array;
  /** Whether a foreign X-Wing key can be sealed to. */
  isKemPublicKey(publicKey: Uint8Array): boolean;
  /**
   * HPKE, base mode, single shot: encapsulation 1120 | ciphertext | tag 16. Anybody can seal: it says nothing about who did.
   * @throws Error for a key that `isKemPublicKey` refuses.
   */
  seal(publicKey: Uint8Array, info: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): Uint8Array;
  /** The plaintext, or undefined if it was not sealed to this seed's key with this info and aad. */
  unseal(seed: Uint8Array, info: Uint8Array, aad: Uint8Array, sealed: Uint8Array): Uint8Array | undefined;
  /** ChaCha20-Poly1305, key 32, nonce 12: ciphertext | tag 16. One key and nonce never encrypt two different things. */
  encrypt(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): Uint8Array;
  decrypt(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, ciphertext: Uint8Array): Uint8Array | undefined;
  /** XChaCha20-Poly1305, key 32, nonce 24 (random ones never meet), for records at rest: ciphertext | tag 16. */
  xEncrypt(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): Uint8Array;
  xDecrypt(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, ciphertext: Uint8Array): Uint8Array | undefined;
}

/** SHA-256(domain | parts…). */
export function domainHash(suite: Suite, domain: string, ...parts: readonly Uint8Array[]): Uint8Array {
  return suite.hash(concatBytes(textToBytes(domain), ...parts));
}
