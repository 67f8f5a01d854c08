import { expect, test } from "vitest";
import { EMPTY_BYTES, textToBytes } from "../../../../src/core/codec/bytes.ts";
import { createModelSuite } from "../../../support/model-suite.ts";
import { tampered } from "../../../support/tampered.ts";

const message = textToBytes("meet at the harbour at nine");

test("equal seeds make equal worlds", () => {
  expect(createModelSuite(7).random(40)).toEqual(createModelSuite(7).random(40));
  expect(createModelSuite(7).random(40)).not.toEqual(createModelSuite(8).random(40));
});

test("one key and nonce for two things is stopped and counted, the same thing twice is not", () => {
  const suite = createModelSuite(1);
  const [key, nonce] = [suite.random(32), suite.random(12)];
  const once = suite.encrypt(key, nonce, EMPTY_BYTES, message);
  expect(suite.encrypt(key, nonce, EMPTY_BYTES, message)).toEqual(once);
  expect(suite.nonceReuses).toBe(0);
  expect(() => suite.encrypt(key, nonce, EMPTY_BYTES, message.subarray(1))).toThrow("one key and nonce");
  expect(() => suite.encrypt(key, nonce, Uint8Array.of(1), message)).toThrow("one key and nonce");
  expect(suite.nonceReuses).toBe(2);
  suite.encrypt(key, suite.random(12), EMPTY_BYTES, message.subarray(1));
  const long = suite.random(24);
  suite.xEncrypt(key, long, EMPTY_BYTES, message);
  expect(() => suite.xEncrypt(key, long, EMPTY_BYTES, EMPTY_BYTES)).toThrow("one key and nonce");
  expect(suite.nonceReuses).toBe(3);
});

test("it remembers to whom something was sealed, and who unsealed it", () => {
  const suite = createModelSuite(1);
  const [alice, bob, mallory] = [suite.random(32), suite.random(32), suite.random(32)];
  const idOf = (seed: Uint8Array): string => suite.keyIdOf(suite.kemPublicKey(seed));
  const sealed = suite.seal(suite.kemPublicKey(bob), message, message, message);
  suite.seal(suite.kemPublicKey(alice), message, message, message);
  expect(suite.sealedTo(message)).toEqual(new Set([idOf(alice), idOf(bob)]));
  expect(suite.unsealedWith(message)).toEqual(new Set());
  expect(suite.unseal(mallory, message, message, sealed)).toBeUndefined();
  expect(suite.unseal(bob, message, message, sealed)).toEqual(message);
  expect(suite.unsealedWith(message)).toEqual(new Set([idOf(bob)]));
  expect(suite.sealedTo(EMPTY_BYTES)).toEqual(new Set());
});

test("it refuses what was not signed, sealed or encrypted so, and two instances understand each other", () => {
  const [suite, other] = [createModelSuite(1), createModelSuite(2)];
  const [seed, nonce, key] = [suite.random(32), suite.random(12), suite.random(32)];
  const signature = suite.sign(seed, "kith/entry/1", message);
  expect(other.verify(suite.publicKey(seed), "kith/entry/1", message, signature)).toBe(true);
  expect(other.verify(suite.publicKey(seed), "kith/clock/1", message, signature)).toBe(false);
  expect(other.verify(suite.publicKey(key), "kith/entry/1", message, signature)).toBe(false);
  const sealed = suite.seal(suite.kemPublicKey(seed), message, EMPTY_BYTES, message);
  expect(other.unseal(seed, message, EMPTY_BYTES, sealed)).toEqual(message);
  expect(other.unseal(seed, EMPTY_BYTES, EMPTY_BYTES, sealed)).toBeUndefined();
  expect(other.unseal(seed, message, message, sealed)).toBeUndefined();
  const ciphertext = suite.encrypt(key, nonce, message, message);
  expect(other.decrypt(key, nonce, message, ciphertext)).toEqual(message);
  for (const { name, bytes } of tampered(signature)) {
    expect(other.verify(suite.publicKey(seed), "kith/entry/1", message, bytes), name).toBe(false);
  }
  for (const { name, bytes } of tampered(sealed)) {
    expect(other.unseal(seed, message, EMPTY_BYTES, bytes), name).toBeUndefined();
  }
  for (const { name, bytes } of tampered(ciphertext)) {
    expect(other.decrypt(key, nonce, message, bytes), name).toBeUndefined();
  }
});
