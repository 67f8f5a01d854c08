import fc from "fast-check";
import { expect, test } from "vitest";
import { hexToBytes } from "../../../../src/core/codec/bytes.ts";
import { decodeCbor, encodeCbor } from "../../../../src/core/codec/cbor.ts";
import { DecodeError } from "../../../../src/core/codec/decode-error.ts";

const fromHex = (hex: string): Uint8Array => hexToBytes(hex, hex.length / 2);

test.each([
  ["a small number in two bytes", "1800"],
  ["a number in eight bytes that fits one", "1b0000000000000001"],
  ["a length in two bytes that fits one", "780161"],
  ["keys that are not sorted", "a2616201616101"],
  ["a longer key before a shorter one", "a262616101616201"],
  ["a key twice", "a2616101616102"],
  ["an array without a length", "9f01ff"],
  ["a text without a length", "7f6161ff"],
  ["a map without a length", "bf616101ff"],
  ["a whole number as a float", "f93c00"],
  ["a float that fits fewer bytes", "fb3ff8000000000000"],
  ["minus zero", "f98000"],
  ["another NaN than the canonical one", "f97e01"],
  ["a fraction", "fb3ff199999999999a"],
  ["undefined", "f7"],
  ["a key that is a number", "a10101"],
  ["a number beyond what is exact", "1bffffffffffffffff"],
  ["an unknown simple value", "f0"],
  ["a tag", "c11a514b67b0"],
  ["text that is not UTF-8", "61ff"],
  ["bytes left over", "0101"],
  ["bytes missing", "6261"],
  ["nothing", ""],
])("refuses %s", (_what, hex) => {
  expect(() => decodeCbor(fromHex(hex), 100)).toThrow(DecodeError);
});

test("a key named like the prototype is a key like any other", () => {
  const value = decodeCbor(fromHex("a1695f5f70726f746f5f5fa1616101"), 100);
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  expect(Object.getOwnPropertyNames(value)).toEqual(["__proto__"]);
  expect(Reflect.get(Object.create(Object.getPrototypeOf(value) as object) as object, "a")).toBeUndefined();
});

test("refuses nesting without end instead of failing", () => {
  expect(() => decodeCbor(new Uint8Array(14_000).fill(0x81), 14_336)).toThrow(DecodeError);
  const nested = new Uint8Array(14_000).fill(0x81);
  nested[13_999] = 0;
  let outcome: unknown;
  try {
    outcome = decodeCbor(nested, 14_336);
  } catch (error) {
    outcome = error;
  }
  expect(Array.isArray(outcome) || outcome instanceof DecodeError).toBe(true);
});

test("refuses more bytes than allowed before looking at them", () => {
  expect(() => decodeCbor(encodeCbor("x".repeat(100)), 50)).toThrow(DecodeError);
});

test("values come back, and only from the bytes that encoding gives", () => {
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.maxSafeInteger(),
      fc.string({ unit: "grapheme" }),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(fc.string(), tie("value"), { maxKeys: 4 }),
    ),
  }));
  fc.assert(
    fc.property(value, (json) => {
      const normal: unknown = JSON.parse(JSON.stringify(json));
      expect(decodeCbor(encodeCbor(normal), 100_000)).toEqual(normal);
    }),
    { numRuns: 300 },
  );
});

test("arbitrary bytes either are refused or encode to themselves", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
      let value: unknown;
      try {
        value = decodeCbor(bytes, 100);
      } catch (error) {
        expect(error).toBeInstanceOf(DecodeError);
        return;
      }
      expect(encodeCbor(value)).toEqual(bytes);
    }),
    { numRuns: 20_000 },
  );
});
