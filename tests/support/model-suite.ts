/**
 * A suite that costs next to nothing and protects nothing: whoever knows a public key could sign and open with it. Code that
 * goes through its interface cannot tell: what was not signed, sealed or encrypted so is refused like by the real one. It keeps
 * record of who may open what, and stops whoever uses one key and nonce for two things. It has no state that another process
 * would miss, so two browsers can speak it to each other.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, equalBytes, textToBytes } from "../../src/core/codec/bytes.ts";
import { KEM_PUBLIC_KEY_BYTES, SEAL_OVERHEAD_BYTES } from "../../src/core/crypto/hpke.ts";
import type { Suite } from "../../src/core/crypto/suite.ts";
import { seededRandom } from "./seeded-random.ts";

const HASH_BYTES = 32;
const TAG_BYTES = 16;
const ENCAPSULATION_BYTES = SEAL_OVERHEAD_BYTES - TAG_BYTES;

export interface ModelSuite extends Suite {
  /** Names a KEM key in the records. */
  keyIdOf(publicKey: Uint8Array): string;
  /** Ids of the keys that these bytes were ever sealed to. */
  sealedTo(plaintext: Uint8Array): ReadonlySet<string>;
  /** Ids of the keys that these bytes were ever unsealed with. */
  unsealedWith(plaintext: Uint8Array): ReadonlySet<string>;
  /** How often one key and nonce were to encrypt two different things: each time `encrypt` threw. */
  readonly nonceReuses: number;
}

/** `seed` decides what `random` gives. */
export function createModelSuite(seed: number): ModelSuite {
  const chance = seededRandom(seed);
  const sealed = new Map<string, Set<string>>();
  const unsealed = new Map<string, Set<string>>();
  const encrypted = new Map<string, Uint8Array>();
  let nonceReuses = 0;

  const suite: Omit<ModelSuite, "nonceReuses"> = {
    id: 1,
    random: (length) => Uint8Array.from({ length }, () => Math.floor(chance() * 256)),
    hash: (bytes) => sha256(bytes),
    mac: (key, bytes) => digest("mac", key, bytes),
    equalMacs: equalBytes,
    hkdfExtract: (salt, inputKey) => digest("extract", salt, inputKey),
    hkdfExpand: (key, info, length) => stream(digest("expand", key, info), length),
    publicKey: (secret) => digest("public key", secret),
    sign: (secret, domain, message) => signatureOf(digest("public key", secret), domain, message),
    verify: (publicKey, domain, message, signature) => equalBytes(signatureOf(publicKey, domain, message), signature),
    kemPublicKey: (secret) => filled(digest("kem key", secret), KEM_PUBLIC_KEY_BYTES),
    isKemPublicKey: (publicKey) =>
      publicKey.length === KEM_PUBLIC_KEY_BYTES &&
      equalBytes(publicKey, filled(handleOf(publicKey), KEM_PUBLIC_KEY_BYTES)),
    seal(publicKey, info, aad, plaintext) {
      if (!suite.isKemPublicKey(publicKey)) throw new Error("not a key to seal to");
      const encapsulation = filled(suite.random(HASH_BYTES), ENCAPSULATION_BYTES);
      note(sealed, plaintext, publicKey);
      const { key, nonce } = sealKey(publicKey, encapsulation, info);
      return concatBytes(encapsulation, scramble(key, nonce, aad, plaintext));
    },
    unseal(secret, info, aad, bytes) {
      if (bytes.length < SEAL_OVERHEAD_BYTES) return undefined;
      const encapsulation = bytes.subarray(0, ENCAPSULATION_BYTES);
      if (!equalBytes(encapsulation, filled(handleOf(encapsulation), ENCAPSULATION_BYTES))) return undefined;
      const publicKey = suite.kemPublicKey(secret);
      const { key, nonce } = sealKey(publicKey, encapsulation, info);
      const plaintext = unscramble(key, nonce, aad, bytes.subarray(ENCAPSULATION_BYTES));
      if (plaintext !== undefined) note(unsealed, plaintext, publicKey);
      return plaintext;
    },
    encrypt: (key, nonce, aad, plaintext) => encryptOnce(12, key, nonce, aad, plaintext),
    decrypt: (key, nonce, aad, ciphertext) => unscramble(key, nonce, aad, ciphertext),
    xEncrypt: (key, nonce, aad, plaintext) => encryptOnce(24, key, nonce, aad, plaintext),
    xDecrypt: (key, nonce, aad, ciphertext) => unscramble(key, nonce, aad, ciphertext),
    keyIdOf: (publicKey) => bytesToHex(handleOf(publicKey)),
    sealedTo: (plaintext) => sealed.get(bytesToHex(sha256(plaintext))) ?? new Set(),
    unsealedWith: (plaintext) => unsealed.get(bytesToHex(sha256(plaintext))) ?? new Set(),
  };

  function note(records: Map<string, Set<string>>, plaintext: Uint8Array, publicKey: Uint8Array): void {
    const name = bytesToHex(sha256(plaintext));
    records.set(name, (records.get(name) ?? new Set()).add(suite.keyIdOf(publicKey)));
  }

  function encryptOnce(nonceBytes: number, key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, plaintext: Uint8Array) {
    if (key.length !== 32 || nonce.length !== nonceBytes) throw new Error("key or nonce of a wrong size");
    const ciphertext = scramble(key, nonce, aad, plaintext);
    const use = bytesToHex(digest("use", key, nonce));
    const before = encrypted.get(use);
    if (before !== undefined && !equalBytes(before, ciphertext.subarray(-TAG_BYTES))) {
      nonceReuses += 1;
      throw new Error("one key and nonce for two things");
    }
    encrypted.set(use, ciphertext.slice(-TAG_BYTES));
    return ciphertext;
  }

  return {
    ...suite,
    get nonceReuses() {
      return nonceReuses;
    },
  };
}

/** A hash of the parts that no other parts and no other use have. */
function digest(use: string, ...parts: readonly Uint8Array[]): Uint8Array {
  const lengths = Uint8Array.from(parts.flatMap(({ length }) => [length >> 16, length >> 8, length]));
  return sha256(concatBytes(textToBytes(use), lengths, ...parts));
}

function signatureOf(publicKey: Uint8Array, domain: string, message: Uint8Array): Uint8Array {
  return stream(digest("sign", publicKey, textToBytes(domain), message), 64);
}

function handleOf(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, HASH_BYTES);
}

/** The handle, and what follows from it up to the size. */
function filled(handle: Uint8Array, size: number): Uint8Array {
  return concatBytes(handle, stream(handle, size - HASH_BYTES));
}

function sealKey(publicKey: Uint8Array, encapsulation: Uint8Array, info: Uint8Array) {
  return { key: digest("seal", publicKey, encapsulation, info), nonce: new Uint8Array(12) };
}

function scramble(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): Uint8Array {
  const ciphertext = stream(digest("stream", key, nonce), plaintext.length);
  for (let index = 0; index < plaintext.length; index += 1) {
    ciphertext[index] = (ciphertext[index] ?? 0) ^ (plaintext[index] ?? 0);
  }
  return concatBytes(ciphertext, digest("tag", key, nonce, aad, ciphertext).subarray(0, TAG_BYTES));
}

function unscramble(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, bytes: Uint8Array): Uint8Array | undefined {
  if (bytes.length < TAG_BYTES) return undefined;
  const ciphertext = bytes.subarray(0, -TAG_BYTES);
  const tag = digest("tag", key, nonce, aad, ciphertext).subarray(0, TAG_BYTES);
  if (!equalBytes(tag, bytes.subarray(-TAG_BYTES))) return undefined;
  return scramble(key, nonce, aad, ciphertext).slice(0, -TAG_BYTES);
}

/** Bytes that look random and follow from 32 bytes (xorshift128). */
function stream(from: Uint8Array, length: number): Uint8Array {
  const view = new DataView(from.buffer, from.byteOffset, HASH_BYTES);
  let [a, b, c, d] = [view.getUint32(0) | 1, view.getUint32(8), view.getUint32(16), view.getUint32(24)];
  const bytes = new Uint8Array(length);
  for (let index = 0; index < length; index += 1) {
    const mixed = a ^ (a << 11);
    [a, b, c] = [b, c, d];
    d = d ^ (d >>> 19) ^ mixed ^ (mixed >>> 8);
    bytes[index] = d;
  }
  return bytes;
}
