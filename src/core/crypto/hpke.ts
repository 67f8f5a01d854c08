/**
 * HPKE in base mode, single shot (RFC 9180, sections 5 and 6.1), with the key encapsulation X-Wing (draft-connolly-cfrg-xwing-kem):
 * KEM 0x647a, KDF 1 (HKDF-SHA256), AEAD 3 (ChaCha20-Poly1305). X-Wing hashes its public keys and ciphertexts in, so its shared
 * secret is HPKE's as it is.
 */
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { x25519 } from "@noble/curves/ed25519.js";
import { expand, extract } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { ml_kem768_x25519 } from "@noble/post-quantum/hybrid.js";
import { concatBytes, EMPTY_BYTES, textToBytes } from "../codec/bytes.ts";

export const KEM_PUBLIC_KEY_BYTES = 1216;
/** Randomness of one encapsulation: 32 bytes for ML-KEM, 32 for X25519. */
export const ENCAPSULATION_SEED_BYTES = 64;
const ENCAPSULATION_BYTES = 1120;
const TAG_BYTES = 16;
/** What sealing adds to a plaintext. */
export const SEAL_OVERHEAD_BYTES = ENCAPSULATION_BYTES + TAG_BYTES;

const KEM_ID = [0x64, 0x7a];
const KDF_ID = [0x00, 0x01];
const AEAD_ID = [0x00, 0x03];
const SUITE_ID = concatBytes(textToBytes("HPKE"), Uint8Array.of(...KEM_ID, ...KDF_ID, ...AEAD_ID));
const VERSION = textToBytes("HPKE-v1");
const BASE_MODE = Uint8Array.of(0);

const ML_KEM_MODULUS = 3329;
/** Bytes of the 768 coefficients, two in three bytes; 32 bytes of ML-KEM's own and 32 of X25519 follow. */
const COEFFICIENT_BYTES = 1152;

/** X-Wing public key, 1216 bytes, of a 32-byte seed. */
export function kemPublicKeyOf(seed: Uint8Array): Uint8Array {
  return ml_kem768_x25519.getPublicKey(seed);
}

/**
 * Whether a foreign key can be sealed to: its size, every ML-KEM coefficient below the modulus (FIPS 203, 7.2), and an X25519
 * point that no secret takes to zero.
 */
export function isKemPublicKey(publicKey: Uint8Array): boolean {
  if (publicKey.length !== KEM_PUBLIC_KEY_BYTES) return false;
  for (let at = 0; at < COEFFICIENT_BYTES; at += 3) {
    const [low = 0, middle = 0, high = 0] = publicKey.subarray(at, at + 3);
    if ((low | ((middle & 0x0f) << 8)) >= ML_KEM_MODULUS) return false;
    if (((middle >> 4) | (high << 4)) >= ML_KEM_MODULUS) return false;
  }
  try {
    x25519.getSharedSecret(new Uint8Array(32).fill(1), publicKey.subarray(COEFFICIENT_BYTES + 32));
    return true;
  } catch {
    return false;
  }
}

/**
 * encapsulation 1120 | ciphertext | tag 16. `encapsulationSeed`: 64 fresh random bytes; a fixed one is for test vectors.
 * @throws Error for a public key that `isKemPublicKey` refuses.
 */
export function hpkeSeal(
  publicKey: Uint8Array,
  info: Uint8Array,
  aad: Uint8Array,
  plaintext: Uint8Array,
  encapsulationSeed: Uint8Array,
): Uint8Array {
  const { cipherText, sharedSecret } = ml_kem768_x25519.encapsulate(publicKey, encapsulationSeed);
  const { key, nonce } = keySchedule(sharedSecret, info);
  return concatBytes(cipherText, chacha20poly1305(key, nonce, aad).encrypt(plaintext));
}

/** The plaintext, or undefined if it was not sealed to this seed's key with this info and aad. */
export function hpkeOpen(
  seed: Uint8Array,
  info: Uint8Array,
  aad: Uint8Array,
  sealed: Uint8Array,
): Uint8Array | undefined {
  if (sealed.length < SEAL_OVERHEAD_BYTES) return undefined;
  try {
    // Refuses an all-zero X25519 result.
    const sharedSecret = ml_kem768_x25519.decapsulate(sealed.subarray(0, ENCAPSULATION_BYTES), seed);
    const { key, nonce } = keySchedule(sharedSecret, info);
    return chacha20poly1305(key, nonce, aad).decrypt(sealed.subarray(ENCAPSULATION_BYTES));
  } catch {
    return undefined;
  }
}

/** RFC 9180, section 5.1, mode_base: no PSK, and of the sequence only its first nonce. */
function keySchedule(sharedSecret: Uint8Array, info: Uint8Array): { key: Uint8Array; nonce: Uint8Array } {
  const pskIdHash = labeledExtract(EMPTY_BYTES, "psk_id_hash", EMPTY_BYTES);
  const infoHash = labeledExtract(EMPTY_BYTES, "info_hash", info);
  const context = concatBytes(BASE_MODE, pskIdHash, infoHash);
  const secret = labeledExtract(sharedSecret, "secret", EMPTY_BYTES);
  return { key: labeledExpand(secret, "key", context, 32), nonce: labeledExpand(secret, "base_nonce", context, 12) };
}

function labeledExtract(salt: Uint8Array, label: string, ikm: Uint8Array): Uint8Array {
  return extract(sha256, concatBytes(VERSION, SUITE_ID, textToBytes(label), ikm), salt);
}

function labeledExpand(prk: Uint8Array, label: string, info: Uint8Array, length: number): Uint8Array {
  const labeled = concatBytes(Uint8Array.of(0, length), VERSION, SUITE_ID, textToBytes(label), info);
  return expand(sha256, prk, labeled, length);
}
