/** HPKE base mode, single shot (RFC 9180, 5.1 and 6.1), with X-Wing (draft-connolly-cfrg-xwing-kem, 5) as its KEM 0x647a. */
import { createHash } from "node:crypto";
import { join, number, type Part } from "./bytes.ts";
import { encapsulateWith } from "./ml-kem-encapsulation.ts";
import { mlKemDecapsulate, mlKemKey } from "./ml-kem.ts";
import { decrypt, encrypt, expand, extract, x25519, x25519Key } from "./primitives.ts";

const ML_KEM_KEY_BYTES = 1184;
const ML_KEM_CIPHERTEXT_BYTES = 1088;
const ENCAPSULATION_BYTES = 1120;
const X_WING_LABEL = "\\.//^\\";
const SUITE = join("HPKE", number(0x647a, 2), number(1, 2), number(3, 2));
const NOTHING = new Uint8Array(0);

function expandedSeed(seed: Uint8Array): { readonly mlKem: Uint8Array; readonly x: Uint8Array } {
  const expanded = new Uint8Array(createHash("shake256", { outputLength: 96 }).update(seed).digest());
  return { mlKem: expanded.slice(0, 64), x: expanded.slice(64) };
}

function combined(mlKemSecret: Uint8Array, xSecret: Uint8Array, xSent: Uint8Array, xKey: Uint8Array): Uint8Array {
  const all = join(mlKemSecret, xSecret, xSent, xKey, X_WING_LABEL);
  return new Uint8Array(createHash("sha3-256").update(all).digest());
}

/** The public key, 1,216 bytes, of a 32-byte seed. */
export function xWingKey(seed: Uint8Array): Uint8Array {
  const { mlKem, x } = expandedSeed(seed);
  return join(mlKemKey(mlKem), x25519Key(x));
}

/** @param randomness 64 bytes: ML-KEM's m, then the X25519 secret of the sender. */
function encapsulated(
  key: Uint8Array,
  randomness: Uint8Array,
): { readonly sent: Uint8Array; readonly secret: Uint8Array } {
  const mlKem = encapsulateWith(key.subarray(0, ML_KEM_KEY_BYTES), randomness.subarray(0, 32));
  const xKey = key.subarray(ML_KEM_KEY_BYTES);
  const xSent = x25519Key(randomness.subarray(32));
  const secret = combined(mlKem.secret, x25519(randomness.subarray(32), xKey), xSent, xKey);
  return { sent: join(mlKem.ciphertext, xSent), secret };
}

function decapsulated(seed: Uint8Array, sent: Uint8Array): Uint8Array {
  const { mlKem, x } = expandedSeed(seed);
  const xSent = sent.subarray(ML_KEM_CIPHERTEXT_BYTES);
  const mlKemSecret = mlKemDecapsulate(mlKem, sent.subarray(0, ML_KEM_CIPHERTEXT_BYTES));
  return combined(mlKemSecret, x25519(x, xSent), xSent, x25519Key(x));
}

function labeledExtract(salt: Uint8Array, label: string, key: Uint8Array): Uint8Array {
  return extract(salt, join("HPKE-v1", SUITE, label, key));
}

function labeledExpand(key: Uint8Array, label: string, info: Uint8Array, length: number): Uint8Array {
  return expand(key, join(number(length, 2), "HPKE-v1", SUITE, label, info), length);
}

function schedule(
  sharedSecret: Uint8Array,
  info: Uint8Array,
): { readonly key: Uint8Array; readonly nonce: Uint8Array } {
  const context = join(
    number(0, 1),
    labeledExtract(NOTHING, "psk_id_hash", NOTHING),
    labeledExtract(NOTHING, "info_hash", info),
  );
  const secret = labeledExtract(sharedSecret, "secret", NOTHING);
  return { key: labeledExpand(secret, "key", context, 32), nonce: labeledExpand(secret, "base_nonce", context, 12) };
}

/** Encapsulation | ciphertext | tag. */
export function hpkeSeal(
  key: Uint8Array,
  info: Uint8Array,
  aad: Part,
  content: Uint8Array,
  randomness: Uint8Array,
): Uint8Array {
  const { sent, secret } = encapsulated(key, randomness);
  const derived = schedule(secret, info);
  return join(sent, encrypt(derived.key, derived.nonce, aad, content));
}

/** Throws if it does not open. */
export function hpkeOpen(seed: Uint8Array, info: Uint8Array, aad: Part, sealed: Uint8Array): Uint8Array {
  const derived = schedule(decapsulated(seed, sealed.subarray(0, ENCAPSULATION_BYTES)), info);
  return decrypt(derived.key, derived.nonce, aad, sealed.subarray(ENCAPSULATION_BYTES));
}
