import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeRow, encodeRow } from "../../../../src/core/vault/row-codec.ts";

const leaf = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom("", "\u{d800}", "a\u{dc00}b", "née", "😀"),
  fc.double(),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.boolean(),
  fc.constantFrom(null, undefined, -0, Number.NaN, Infinity),
  fc.uint8Array({ maxLength: 300 }),
);
const row = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie("value"), { maxKeys: 5 }),
  ),
})).value;

test("every row comes back as it was", () => {
  fc.assert(
    fc.property(row, (value) => {
      expect(decodeRow(encodeRow(value))).toStrictEqual(plain(value));
    }),
    { numRuns: 500 },
  );
});

test.each([
  ["a function", () => 1],
  ["a map", new Map()],
  ["a symbol in a list", [Symbol("s")]],
  ["a date", new Date()],
])("%s is no row", (_what, value) => {
  expect(() => encodeRow(value)).toThrow(TypeError);
});

test("damaged bytes are refused and never read past their end", () => {
  const whole = encodeRow({ text: "hello", list: [1, 2.5, new Uint8Array(9)] });
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
      const changed = whole.slice();
      changed[at] = byte;
      try {
        decodeRow(changed);
      } catch (error) {
        expect(error).toHaveProperty("name", "DecodeError");
      }
    }),
  );
  expect(() => decodeRow(whole.subarray(0, 8))).toThrow("missing");
});

/** fast-check makes some objects without a prototype. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, plain(field)]));
}
