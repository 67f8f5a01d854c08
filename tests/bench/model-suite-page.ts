/**
 * Takes the place of the real suite in the builds that benchmarks make for comparison, and in no other. Identities stay Ed25519, since the
 * network knows peers by them; nobody could reach the model's. Its signatures are hashes that anybody can make.
 */
import { bytesToHex, concatBytes, equalBytes, textToBytes } from "../../src/core/codec/bytes.ts";
import { createSuite as createRealSuite } from "../../src/core/crypto/real-suite.ts";
import type { Suite } from "../../src/core/crypto/suite.ts";
import { createModelSuite } from "../support/model-suite.ts";

const SECOND_HALF = Uint8Array.of(1);

export function createSuite(): Suite {
  const real = createRealSuite();
  const [seed] = crypto.getRandomValues(new Uint32Array(1));
  const model = createModelSuite(seed ?? 0);
  const publicKeyBySeed = new Map<string, Uint8Array>();
  const publicKey = (secret: Uint8Array): Uint8Array => {
    const name = bytesToHex(secret);
    const known = publicKeyBySeed.get(name) ?? real.publicKey(secret);
    publicKeyBySeed.set(name, known);
    return known;
  };
  const signatureOf = (key: Uint8Array, domain: string, message: Uint8Array): Uint8Array => {
    const half = model.hash(concatBytes(key, textToBytes(domain), message));
    return concatBytes(half, model.hash(concatBytes(half, SECOND_HALF)));
  };
  return {
    ...model,
    random: real.random,
    publicKey,
    sign: (secret, domain, message) => signatureOf(publicKey(secret), domain, message),
    verify: (key, domain, message, signature) => equalBytes(signatureOf(key, domain, message), signature),
  };
}
