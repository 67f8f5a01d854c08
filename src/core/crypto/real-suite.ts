/** Suite 1 (PROTOCOL, Suite), all of it through @noble. */
import { chacha20poly1305, xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import { ed25519 } from "@noble/curves/ed25519.js";
import { expand, extract } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { randomBytes } from "@noble/hashes/utils.js";
import { concatBytes, textToBytes } from "../codec/bytes.ts";
import { ENCAPSULATION_SEED_BYTES, hpkeOpen, hpkeSeal, isKemPublicKey, kemPublicKeyOf } from "./hpke.ts";
import type { Suite } from "./suite.ts";

export function createSuite(): Suite {
  return {
    id: 1,
    random: (length) => randomBytes(length),
    hash: (bytes) => sha256(bytes),
    mac: (key, bytes) => hmac(sha256, key, bytes),
    equalMacs(a, b) {
      let difference = a.length ^ b.length;
      for (const [index, byte] of a.entries()) difference |= byte ^ (b[index] ?? 0);
      return difference === 0;
    },
    hkdfExtract: (salt, inputKey) => extract(sha256, inputKey, salt),
    hkdfExpand: (key, info, length) => expand(sha256, key, info, length),
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
    kemPublicKey: kemPublicKeyOf,
    isKemPublicKey,
    seal: (publicKey, info, aad, plaintext) =>
      hpkeSeal(publicKey, info, aad, plaintext, randomBytes(ENCAPSULATION_SEED_BYTES)),
    unseal: hpkeOpen,
    encrypt: (key, nonce, aad, plaintext) => chacha20poly1305(key, nonce, aad).encrypt(plaintext),
    decrypt: (key, nonce, aad, ciphertext) => opened(() => chacha20poly1305(key, nonce, aad).decrypt(ciphertext)),
    xEncrypt: (key, nonce, aad, plaintext) => xchacha20poly1305(key, nonce, aad).encrypt(plaintext),
    xDecrypt: (key, nonce, aad, ciphertext) => opened(() => xchacha20poly1305(key, nonce, aad).decrypt(ciphertext)),
  };
}

/** noble throws for a wrong tag and for wrong sizes. */
function opened(decrypt: () => Uint8Array): Uint8Array | undefined {
  try {
    return decrypt();
  } catch {
    return undefined;
  }
}
