import fc from "fast-check";
import { expect, test } from "vitest";
import { concatBytes } from "../../../../src/core/codec/bytes.ts";
import { MAX_CONTENT_BYTES, pad, unpad } from "../../../../src/core/crypto/padding.ts";

test("padding fills the smallest bucket that holds it, and nothing else is taken for padding", () => {
  const sizes = [
    [0, 128],
    [127, 128],
    [128, 256],
    [8191, 8192],
    [8192, 14_272],
    [MAX_CONTENT_BYTES, 14_272],
  ] as const;
  for (const [length, bucket] of sizes) {
    const content = new Uint8Array(length).fill(0x80);
    expect(pad(content).length).toBe(bucket);
    expect(unpad(pad(content))).toEqual(content);
  }
  expect(unpad(new Uint8Array(0))).toBeUndefined();
  expect(unpad(new Uint8Array(128))).toBeUndefined();
  expect(unpad(pad(new Uint8Array(128)).subarray(0, 129))).toBeUndefined();
  expect(unpad(concatBytes(pad(new Uint8Array(3)), new Uint8Array(128)))).toBeUndefined();
  expect(unpad(concatBytes(new Uint8Array(20_000), Uint8Array.of(0x80)))).toBeUndefined();
});

test("whatever is taken for padding is what padding its content gives", () => {
  const bytes = fc.uint8Array({ maxLength: 300 });
  const tail = fc.constantFrom(0, 1, 2, 60, 127, 128, 200);
  fc.assert(
    fc.property(bytes, tail, fc.boolean(), (content, zeros, isMarked) => {
      const padded = concatBytes(content, Uint8Array.from(isMarked ? [0x80] : []), new Uint8Array(zeros));
      const read = unpad(padded);
      if (read !== undefined) expect(pad(read)).toEqual(padded);
      expect(unpad(pad(content))).toEqual(content);
    }),
    { seed: 1, numRuns: 2_000 },
  );
});
