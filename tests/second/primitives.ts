/** The primitives of suite 1 on Node's own crypto (OpenSSL): SHA-2, HMAC, HKDF, Ed25519, X25519, ChaCha20-Poly1305. */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  sign,
  verify,
  type KeyObject,
} from "node:crypto";
import { bytesOf, fromHex, join, number, type Part } from "./bytes.ts";

const TAG_BYTES = 16;
const ED25519 = "70";
const X25519 = "6e";

export function sha256(...parts: readonly Part[]): Uint8Array {
  return new Uint8Array(
    createHash("sha256")
      .update(join(...parts))
      .digest(),
  );
}

export function hmac(key: Uint8Array, ...parts: readonly Part[]): Uint8Array {
  return new Uint8Array(
    createHmac("sha256", key)
      .update(join(...parts))
      .digest(),
  );
}

/** RFC 5869, 2.2. */
export function extract(salt: Uint8Array, key: Uint8Array): Uint8Array {
  return hmac(salt, key);
}

/** RFC 5869, 2.3. */
export function expand(key: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  let block: Uint8Array = new Uint8Array(0);
  let out: Uint8Array = new Uint8Array(0);
  for (let counter = 1; out.length < length; counter += 1) {
    block = hmac(key, block, info, number(counter, 1));
    out = join(out, block);
  }
  return out.slice(0, length);
}

/** The DER shells of RFC 8410 around the raw keys, which is what Node takes. */
function privateKey(curve: string, raw: Uint8Array): KeyObject {
  const der = join(fromHex(`302e020100300506032b65${curve}04220420`), raw);
  return createPrivateKey({ key: Buffer.from(der), format: "der", type: "pkcs8" });
}

function publicKey(curve: string, raw: Uint8Array): KeyObject {
  const der = join(fromHex(`302a300506032b65${curve}032100`), raw);
  return createPublicKey({ key: Buffer.from(der), format: "der", type: "spki" });
}

function rawPublicKey(curve: string, secret: Uint8Array): Uint8Array {
  const der = createPublicKey(privateKey(curve, secret)).export({ format: "der", type: "spki" });
  return new Uint8Array(der.subarray(-32));
}

export function signingKey(seed: Uint8Array): Uint8Array {
  return rawPublicKey(ED25519, seed);
}

/** Ed25519 over domain | message. */
export function signed(seed: Uint8Array, domain: string, message: Uint8Array): Uint8Array {
  return new Uint8Array(sign(null, join(domain, message), privateKey(ED25519, seed)));
}

export function isSigned(key: Uint8Array, domain: string, message: Uint8Array, signature: Uint8Array): boolean {
  return verify(null, join(domain, message), publicKey(ED25519, key), signature);
}

export function x25519Key(secret: Uint8Array): Uint8Array {
  return rawPublicKey(X25519, secret);
}

/** Throws for a point that gives zero. */
export function x25519(secret: Uint8Array, key: Uint8Array): Uint8Array {
  const shared = diffieHellman({ privateKey: privateKey(X25519, secret), publicKey: publicKey(X25519, key) });
  if (shared.every((byte) => byte === 0)) throw new Error("an X25519 result of zero");
  return new Uint8Array(shared);
}

/** Ciphertext | tag. */
export function encrypt(key: Uint8Array, nonce: Uint8Array, aad: Part, content: Uint8Array): Uint8Array {
  const cipher = createCipheriv("chacha20-poly1305", key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(bytesOf(aad), { plaintextLength: content.length });
  const head = cipher.update(content);
  return join(head, cipher.final(), cipher.getAuthTag());
}

/** Throws if the tag does not fit. */
export function decrypt(key: Uint8Array, nonce: Uint8Array, aad: Part, sealed: Uint8Array): Uint8Array {
  const content = sealed.subarray(0, -TAG_BYTES);
  const decipher = createDecipheriv("chacha20-poly1305", key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  decipher.setAAD(bytesOf(aad), { plaintextLength: content.length });
  const head = decipher.update(content);
  return join(head, decipher.final());
}
