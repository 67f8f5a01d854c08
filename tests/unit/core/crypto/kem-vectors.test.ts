/** X25519 and ML-KEM-768 as the library has them, X-Wing over both, and HPKE over X-Wing, against published vectors. */
import { x25519 } from "@noble/curves/ed25519.js";
import { ml_kem768 } from "@noble/post-quantum/ml-kem.js";
import { ml_kem768_x25519 } from "@noble/post-quantum/hybrid.js";
import { expect, test } from "vitest";
import { concatBytes, EMPTY_BYTES } from "../../../../src/core/codec/bytes.ts";
import { hpkeOpen, hpkeSeal, KEM_PUBLIC_KEY_BYTES, SEAL_OVERHEAD_BYTES } from "../../../../src/core/crypto/hpke.ts";
import { createSuite } from "../../../../src/core/crypto/real-suite.ts";
import { fromHex, readVectors, type Vectors } from "../../../support/published-vectors.ts";

const suite = createSuite();
const X25519_BYTES = 32;

test("X25519 gives what the Wycheproof vectors say, and nothing with a point that leads to zero", async () => {
  const vectors =
    await readVectors<Vectors<object, { public: string; private: string; shared: string }>>("x25519-wycheproof.json");
  const mlKemPart = suite.kemPublicKey(suite.random(32)).subarray(0, -X25519_BYTES);
  let count = 0;
  let zeros = 0;
  for (const { tcId, comment, ...hex } of vectors.testGroups.flatMap(({ tests }) => tests)) {
    const shared = (): Uint8Array => x25519.getSharedSecret(fromHex(hex.private), fromHex(hex.public));
    const isZero = /^0+$/.test(hex.shared);
    if (isZero) expect(shared, `${tcId} ${comment}`).toThrow("invalid private or public key");
    else expect(shared(), `${tcId} ${comment}`).toEqual(fromHex(hex.shared));
    const publicKey = concatBytes(mlKemPart, fromHex(hex.public));
    expect(suite.isKemPublicKey(publicKey), `${tcId} ${comment}`).toBe(!isZero);
    zeros += isZero ? 1 : 0;
    count += 1;
  }
  expect(count).toBe(vectors.numberOfTests);
  expect(zeros).toBeGreaterThan(10);
});

test("nobody seals to a key of small order, or opens what was encapsulated with one", () => {
  const seed = suite.random(32);
  const publicKey = suite.kemPublicKey(seed);
  const zeroPoint = new Uint8Array(X25519_BYTES);
  const lowOrder = concatBytes(publicKey.subarray(0, -X25519_BYTES), zeroPoint);
  expect(() => suite.seal(lowOrder, EMPTY_BYTES, EMPTY_BYTES, EMPTY_BYTES)).toThrow("invalid private or public key");
  const sealed = suite.seal(publicKey, EMPTY_BYTES, EMPTY_BYTES, EMPTY_BYTES);
  expect(sealed.length).toBe(SEAL_OVERHEAD_BYTES);
  sealed.set(zeroPoint, 1088);
  expect(suite.unseal(seed, EMPTY_BYTES, EMPTY_BYTES, sealed)).toBeUndefined();
});

test("a key with a coefficient that is not reduced is none", () => {
  const publicKey = suite.kemPublicKey(suite.random(32));
  expect(suite.isKemPublicKey(publicKey)).toBe(true);
  // Three bytes hold two coefficients of 12 bits; the modulus is 0xd01.
  const unreduced = [
    [0x01, 0x0d, 0x00],
    [0x00, 0x10, 0xd0],
  ];
  const largest = [0x00, 0x0d, 0xd0];
  for (const at of [0, 573, 1149]) {
    for (const group of unreduced) {
      const changed = publicKey.slice();
      changed.set(group, at);
      expect(suite.isKemPublicKey(changed), `bytes ${at}`).toBe(false);
      expect(() => suite.seal(changed, EMPTY_BYTES, EMPTY_BYTES, EMPTY_BYTES), `bytes ${at}`).toThrow("modulus");
    }
    const changed = publicKey.slice();
    changed.set(largest, at);
    expect(suite.isKemPublicKey(changed), `bytes ${at}`).toBe(true);
  }
  expect(suite.isKemPublicKey(publicKey.subarray(1))).toBe(false);
  expect(suite.isKemPublicKey(concatBytes(publicKey, Uint8Array.of(0)))).toBe(false);
});

test("ML-KEM-768 gives what the Wycheproof vectors say and refuses wrong sizes", async () => {
  const vectors =
    await readVectors<Vectors<object, { seed: string; ek?: string; c: string; K: string }>>(
      "mlkem-768-wycheproof.json",
    );
  let count = 0;
  for (const { tcId, comment, seed, ek, c, K, result } of vectors.testGroups.flatMap(({ tests }) => tests)) {
    const decapsulated = (): Uint8Array => ml_kem768.decapsulate(fromHex(c), ml_kem768.keygen(fromHex(seed)).secretKey);
    if (result === "valid") {
      expect(ml_kem768.keygen(fromHex(seed)).publicKey, `${tcId} ${comment}`).toEqual(fromHex(ek ?? ""));
      expect(decapsulated(), `${tcId} ${comment}`).toEqual(fromHex(K));
    } else {
      expect(decapsulated, `${tcId} ${comment}`).toThrow("length");
    }
    count += 1;
  }
  expect(count).toBe(vectors.numberOfTests);
});

test("X-Wing gives what its draft says", async () => {
  interface Test {
    readonly seed: string;
    readonly eseed: string;
    readonly ss: string;
    readonly pk: string;
    readonly ct: string;
  }
  const tests = await readVectors<readonly Test[]>("xwing-draft.json");
  expect(tests.length).toBe(3);
  for (const { seed, eseed, ss, pk, ct } of tests) {
    expect(suite.kemPublicKey(fromHex(seed))).toEqual(fromHex(pk));
    expect(suite.isKemPublicKey(fromHex(pk))).toBe(true);
    const { cipherText, sharedSecret } = ml_kem768_x25519.encapsulate(fromHex(pk), fromHex(eseed));
    expect(cipherText).toEqual(fromHex(ct));
    expect(sharedSecret).toEqual(fromHex(ss));
    expect(ml_kem768_x25519.decapsulate(fromHex(ct), fromHex(seed))).toEqual(fromHex(ss));
  }
});

test("HPKE with X-Wing, HKDF-SHA256 and ChaCha20-Poly1305 gives and opens what its vectors say", async () => {
  interface Test {
    readonly mode: number;
    readonly kem_id: number;
    readonly kdf_id: number;
    readonly aead_id: number;
    readonly info: string;
    readonly ikmE: string;
    readonly skRm: string;
    readonly pkRm: string;
    readonly enc: string;
    readonly encryptions: readonly { readonly aad: string; readonly pt: string; readonly ct: string }[];
  }
  const tests = (await readVectors<readonly Test[]>("hpke-pq.json")).filter(
    (test) => test.mode === 0 && test.kem_id === 0x647a && test.kdf_id === 1 && test.aead_id === 3,
  );
  expect(tests.length).toBe(1);
  for (const { info, ikmE, skRm, pkRm, enc, encryptions } of tests) {
    // A single shot is the first encryption of a context.
    const [first] = encryptions;
    if (first === undefined) throw new Error("a vector without encryptions");
    const sealed = fromHex(enc + first.ct);
    const [aad, plaintext] = [fromHex(first.aad), fromHex(first.pt)];
    expect(suite.kemPublicKey(fromHex(skRm))).toEqual(fromHex(pkRm));
    expect(fromHex(pkRm).length).toBe(KEM_PUBLIC_KEY_BYTES);
    expect(hpkeSeal(fromHex(pkRm), fromHex(info), aad, plaintext, fromHex(ikmE))).toEqual(sealed);
    expect(hpkeOpen(fromHex(skRm), fromHex(info), aad, sealed)).toEqual(plaintext);
    expect(suite.unseal(fromHex(skRm), fromHex(info), aad, sealed)).toEqual(plaintext);
    expect(suite.unseal(fromHex(skRm), aad, aad, sealed)).toBeUndefined();
  }
});
