import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { createClearSuite } from "../../../../src/core/crypto/suite.ts";

const suite = createClearSuite();

interface Vector {
  readonly tcId: number;
  readonly comment: string;
  readonly result: "valid" | "invalid";
}

interface Vectors<Group, Test> {
  readonly numberOfTests: number;
  readonly testGroups: readonly (Group & { readonly tests: readonly (Vector & Test)[] })[];
}

async function readVectors<Group, Test>(name: string): Promise<Vectors<Group, Test>> {
  const text = await readFile(new URL(`../../../vectors/${name}`, import.meta.url), "utf8");
  return JSON.parse(text) as Vectors<Group, Test>;
}

const fromHex = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));

test("Ed25519 accepts and refuses what the Wycheproof vectors say, by the strict rule", async () => {
  const vectors = await readVectors<{ readonly publicKey: { readonly pk: string } }, { msg: string; sig: string }>(
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
  const vectors = await readVectors<{ readonly tagSize: number }, { key: string; msg: string; tag: string }>(
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
