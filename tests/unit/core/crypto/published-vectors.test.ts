import { expect, test } from "vitest";
import { createSuite } from "../../../../src/core/crypto/real-suite.ts";
import { fromHex, readVectors, type Vectors } from "../../../support/published-vectors.ts";

const suite = createSuite();

test("Ed25519 accepts and refuses what the Wycheproof vectors say, by the strict rule", async () => {
  const vectors =
    await readVectors<Vectors<{ readonly publicKey: { readonly pk: string } }, { msg: string; sig: string }>>(
      "ed25519-wycheproof.json",
    );
  let count = 0;
  for (const { publicKey, tests } of vectors.testGroups) {
    for (const { tcId, comment, msg, sig, result } of tests) {
      const isValid = suite.verify(fromHex(publicKey.pk), "", fromHex(msg), fromHex(sig));
      expect(isValid, `${tcId} ${comment}`).toBe(result === "valid");
      count += 1;
    }
  }
  expect(count).toBe(vectors.numberOfTests);
});

test("HMAC-SHA256 gives and compares what the Wycheproof vectors say", async () => {
  const vectors =
    await readVectors<Vectors<{ readonly tagSize: number }, { key: string; msg: string; tag: string }>>(
      "hmac-sha256-wycheproof.json",
    );
  let count = 0;
  for (const { tagSize, tests } of vectors.testGroups) {
    for (const { tcId, comment, key, msg, tag, result } of tests) {
      const own = suite.mac(fromHex(key), fromHex(msg)).subarray(0, tagSize / 8);
      expect(suite.equalMacs(own, fromHex(tag)), `${tcId} ${comment}`).toBe(result === "valid");
      count += 1;
    }
  }
  expect(count).toBe(vectors.numberOfTests);
});

test("HKDF-SHA256 gives what the Wycheproof vectors say, and no more than 8,160 bytes", async () => {
  const vectors =
    await readVectors<Vectors<object, { ikm: string; salt: string; info: string; size: number; okm: string }>>(
      "hkdf-sha256-wycheproof.json",
    );
  let count = 0;
  for (const { tcId, comment, ikm, salt, info, size, okm, result } of vectors.testGroups.flatMap(
    ({ tests }) => tests,
  )) {
    const expanded = (): Uint8Array =>
      suite.hkdfExpand(suite.hkdfExtract(fromHex(salt), fromHex(ikm)), fromHex(info), size);
    if (result === "valid") expect(expanded(), `${tcId} ${comment}`).toEqual(fromHex(okm));
    else expect(expanded, `${tcId} ${comment}`).toThrow(/length/i);
    count += 1;
  }
  expect(count).toBe(vectors.numberOfTests);
});

test.each([
  { name: "ChaCha20-Poly1305", file: "chacha20-poly1305-wycheproof.json", seal: suite.encrypt, open: suite.decrypt },
  {
    name: "XChaCha20-Poly1305",
    file: "xchacha20-poly1305-wycheproof.json",
    seal: suite.xEncrypt,
    open: suite.xDecrypt,
  },
])("$name gives and opens what the Wycheproof vectors say", async ({ file, seal, open }) => {
  interface Test {
    readonly key: string;
    readonly iv: string;
    readonly aad: string;
    readonly msg: string;
    readonly ct: string;
    readonly tag: string;
  }
  const vectors = await readVectors<Vectors<object, Test>>(file);
  let count = 0;
  for (const { tcId, comment, result, ...hex } of vectors.testGroups.flatMap(({ tests }) => tests)) {
    const [key, nonce, aad, message] = [fromHex(hex.key), fromHex(hex.iv), fromHex(hex.aad), fromHex(hex.msg)];
    const sealed = fromHex(hex.ct + hex.tag);
    const isValid = result === "valid";
    expect(open(key, nonce, aad, sealed), `${tcId} ${comment}`).toEqual(isValid ? message : undefined);
    if (isValid) expect(seal(key, nonce, aad, message), `${tcId} ${comment}`).toEqual(sealed);
    count += 1;
  }
  expect(count).toBe(vectors.numberOfTests);
});

test("a key or an element of small order makes nobody a signer", () => {
  const identity = Uint8Array.of(1, ...new Uint8Array(31));
  const signature = new Uint8Array(64);
  signature.set(identity);
  expect(suite.verify(identity, "kith/entry/1", Uint8Array.of(1), signature)).toBe(false);
  expect(suite.verify(new Uint8Array(32), "kith/entry/1", Uint8Array.of(1), new Uint8Array(64))).toBe(false);
});

test("a signature holds for its domain, message and key only, and sizes are checked", () => {
  const seed = suite.random(32);
  const key = suite.publicKey(seed);
  const message = Uint8Array.of(1, 2, 3);
  const signature = suite.sign(seed, "kith/entry/1", message);
  expect(suite.verify(key, "kith/entry/1", message, signature)).toBe(true);
  expect(suite.verify(key, "kith/clock/1", message, signature)).toBe(false);
  expect(suite.verify(key, "kith/entry/1", Uint8Array.of(1, 2), signature)).toBe(false);
  expect(suite.verify(suite.publicKey(suite.random(32)), "kith/entry/1", message, signature)).toBe(false);
  expect(suite.verify(key, "kith/entry/1", message, signature.subarray(1))).toBe(false);
  expect(suite.verify(key.subarray(1), "kith/entry/1", message, signature)).toBe(false);
  expect(suite.equalMacs(signature, signature.subarray(1))).toBe(false);
});
