import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { AccountId } from "../../../../src/core/codec/ids.ts";
import { createSuite } from "../../../../src/core/crypto/real-suite.ts";
import { safetyNumber } from "../../../../src/core/crypto/safety-number.ts";

const suite = createSuite();
const alice = "0a".repeat(32) as AccountId;
const bob = "f0".repeat(32) as AccountId;
const mallory = `${"f0".repeat(31)}f1` as AccountId;

/** The same from its description, with other means. */
function half(account: string): string {
  const id = Buffer.from(account, "hex");
  let hash = createHash("sha256").update("kith/safety-number/1").update(id).digest();
  for (let round = 2; round <= 5200; round += 1) hash = createHash("sha256").update(hash).update(id).digest();
  const groups = [0, 5, 10, 15, 20, 25].map((at) => BigInt(`0x${hash.subarray(at, at + 5).toString("hex")}`));
  return groups.map((group) => String(group % 100_000n).padStart(5, "0")).join("");
}

test("both sides see the same 60 digits, those of the smaller account id first", () => {
  const number = safetyNumber(suite, alice, bob);
  expect(number).toMatch(/^[0-9]{60}$/);
  expect(safetyNumber(suite, bob, alice)).toBe(number);
  expect(number).toBe(half(alice) + half(bob));
});

test("an account that differs in one bit has another half, and the other's half stays", () => {
  const number = safetyNumber(suite, alice, bob);
  const other = safetyNumber(suite, alice, mallory);
  expect(other.slice(0, 30)).toBe(number.slice(0, 30));
  expect(other.slice(30)).not.toBe(number.slice(30));
});
