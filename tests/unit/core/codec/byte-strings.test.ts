import fc from "fast-check";
import { expect, test } from "vitest";
import { ByteReader } from "../../../../src/core/codec/byte-reader.ts";
import { ByteWriter } from "../../../../src/core/codec/byte-writer.ts";
import { DecodeError } from "../../../../src/core/codec/decode-error.ts";

test("what was written is read again, with nothing left over", () => {
  const number = fc
    .integer({ min: 1, max: 6 })
    .chain((size) => fc.record({ size: fc.constant(size), value: fc.maxSafeNat().map((n) => n % 2 ** (8 * size)) }));
  fc.assert(
    fc.property(fc.array(number), fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 4 }), (numbers, strings) => {
      const writer = new ByteWriter();
      for (const { value, size } of numbers) writer.uint(value, size);
      for (const bytes of strings) writer.sized(bytes, 2).fixed(bytes, bytes.length);
      const reader = new ByteReader(writer.finish());
      for (const { value, size } of numbers) expect(reader.uint(size)).toBe(value);
      for (const bytes of strings) {
        expect(reader.sized(2, 300)).toEqual(bytes);
        expect(reader.fixed(bytes.length)).toEqual(bytes);
      }
      reader.end();
      expect(reader.remaining).toBe(0);
    }),
  );
});

test("refuses numbers above their limit, missing bytes and bytes left over", () => {
  const reader = (...bytes: number[]) => new ByteReader(Uint8Array.from(bytes));
  expect(() => reader(5).uint(1, 4)).toThrow(DecodeError);
  expect(() => reader(1, 2).uint(3)).toThrow(DecodeError);
  expect(() => reader(1, 2).fixed(3)).toThrow(DecodeError);
  expect(() => reader(3, 1, 2).sized(1, 9)).toThrow(DecodeError);
  expect(() => reader(3, 1, 2, 3).sized(1, 2)).toThrow(DecodeError);
  expect(() => reader(1).end()).toThrow(DecodeError);
});

test("bytes read are a copy: what the network reuses cannot change them", () => {
  const source = Uint8Array.of(1, 2, 3);
  const taken = new ByteReader(source).fixed(3);
  source.fill(9);
  expect(taken).toEqual(Uint8Array.of(1, 2, 3));
});

test("nothing is written that could not be read", () => {
  expect(() => new ByteWriter().uint(256, 1)).toThrow(RangeError);
  expect(() => new ByteWriter().uint(-1, 1)).toThrow(RangeError);
  expect(() => new ByteWriter().uint(1.5, 4)).toThrow(RangeError);
  expect(() => new ByteWriter().uint(Number.NaN, 4)).toThrow(RangeError);
  expect(() => new ByteWriter().fixed(Uint8Array.of(1), 2)).toThrow(RangeError);
  expect(() => new ByteWriter().sized(new Uint8Array(256), 1)).toThrow(RangeError);
});
