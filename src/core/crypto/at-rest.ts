/** Encryption of what lies on the disk (PROTOCOL, At rest): XChaCha20-Poly1305 under random nonces, HMAC-SHA256 for keys and tokens. */
import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { randomBytes } from "@noble/hashes/utils.js";
import { concatBytes, textToBytes } from "../codec/bytes.ts";

const KEY_BYTES = 32;
const NONCE_BYTES = 24;
const TAG_BYTES = 16;

export function randomKey(): Uint8Array {
  return randomBytes(KEY_BYTES);
}

/** nonce 24 | ciphertext | tag 16. A nonce of 24 random bytes never repeats, however many rows there are. */
export function sealBytes(key: Uint8Array, aad: Uint8Array, plain: Uint8Array): Uint8Array {
  const sealed = new Uint8Array(NONCE_BYTES + plain.length + TAG_BYTES);
  const nonce = randomBytes(NONCE_BYTES);
  sealed.set(nonce);
  xchacha20poly1305(key, nonce, aad).encrypt(plain, sealed.subarray(NONCE_BYTES));
  return sealed;
}

/** Undefined for another key, other associated data, or changed bytes. */
export function openBytes(key: Uint8Array, aad: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined;
  try {
    return xchacha20poly1305(key, sealed.subarray(0, NONCE_BYTES), aad).decrypt(sealed.subarray(NONCE_BYTES));
  } catch {
    return undefined;
  }
}

/** HMAC-SHA256(key, bytes), 32 bytes. */
export function macOf(key: Uint8Array, bytes: Uint8Array): Uint8Array {
  return hmac(sha256, key, bytes);
}

/** HMAC-SHA256(key, label | salt): a key for one purpose. */
export function subkey(key: Uint8Array, label: string, salt: Uint8Array = new Uint8Array(0)): Uint8Array {
  return macOf(key, concatBytes(textToBytes(label), salt));
}

/** SHA-256 of a label and bytes. */
export function labelledHash(label: string, bytes: Uint8Array): Uint8Array {
  return sha256(concatBytes(textToBytes(label), bytes));
}
