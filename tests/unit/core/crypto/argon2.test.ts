import { argon2id } from "@noble/hashes/argon2.js";
import { argon2Sync } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { stretch } from "../../../../src/core/crypto/argon2.ts";

const KAT = readFileSync(new URL("../../../vectors/argon2id.kat", import.meta.url), "utf8");

/** The bytes behind a label of the published file, such as "Salt[16]: 02 02 …". */
function published(label: string): Buffer {
  const found = new RegExp(`${label}(?:\\[\\d+\\])?: ((?:[0-9a-f]{2} ?)+)`).exec(KAT)?.[1];
  if (found === undefined) throw new Error(`${label} is not in the file`);
  return Buffer.from(found.replaceAll(" ", ""), "hex");
}

test("the library computes the published vector", () => {
  expect(KAT).toContain("Memory: 32 KiB, Iterations: 3, Parallelism: 4 lanes, Tag length: 32 bytes");
  const tag = argon2id(published("Password"), published("Salt"), {
    m: 32,
    t: 3,
    p: 4,
    dkLen: 32,
    key: published("Secret"),
    personalization: published("Associated data"),
  });
  expect(Buffer.from(tag)).toEqual(published("Tag"));
});

test("a passphrase is stretched as another implementation does, at two costs", () => {
  for (const cost of [
    { memoryKib: 64, passes: 4 },
    { memoryKib: 2_048, passes: 3 },
  ]) {
    const [message, nonce] = [Buffer.from("correct horse battery staple"), Buffer.alloc(16, 9)];
    const expected = argon2Sync("argon2id", {
      message,
      nonce,
      parallelism: 1,
      tagLength: 32,
      memory: cost.memoryKib,
      passes: cost.passes,
    });
    expect(Buffer.from(stretch(message, nonce, cost))).toEqual(Buffer.from(expected));
  }
});
