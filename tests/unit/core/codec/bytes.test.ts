import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  base64UrlToBytes,
  bytesToBase64Url,
  bytesToHex,
  bytesToText,
  compareBytes,
  concatBytes,
  cutToBytes,
  equalBytes,
  hexToBytes,
  textToBytes,
} from "../../../../src/core/codec/bytes.ts";
import { DecodeError } from "../../../../src/core/codec/decode-error.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/ \n";
const bytes = fc.uint8Array({ maxLength: 64 });

describe("hex", () => {
  test("comes back as the same bytes", () => {
    fc.assert(fc.property(bytes, (value) => equalBytes(hexToBytes(bytesToHex(value), value.length), value)));
  });

  test.each(["", "0", "0g", "AB", " ab", "0x", "ab00", "١٢"])("refuses %j as one byte", (text) => {
    expect(() => hexToBytes(text, 1)).toThrow(DecodeError);
  });
});

describe("base64url", () => {
  test("comes back as the same bytes", () => {
    fc.assert(fc.property(bytes, (value) => equalBytes(base64UrlToBytes(bytesToBase64Url(value), 64), value)));
  });

  test("has one text for each value", () => {
    const alphabet = fc.constantFrom(...ALPHABET.split(""));
    fc.assert(
      fc.property(fc.string({ unit: alphabet, maxLength: 12 }), (text) => {
        let decoded: Uint8Array;
        try {
          decoded = base64UrlToBytes(text, 64);
        } catch (error) {
          return error instanceof DecodeError;
        }
        return bytesToBase64Url(decoded) === text;
      }),
      { numRuns: 5_000 },
    );
  });

  test.each(["AA==", "A", "AB", "AAB", "+/8", "AA AA", "AA\n", "é", "A".repeat(100)])("refuses %j", (text) => {
    expect(() => base64UrlToBytes(text, 16)).toThrow(DecodeError);
  });
});

describe("text", () => {
  test.each([[[0xff]], [[0xc0, 0x80]], [[0xed, 0xa0, 0x80]], [[0xe2, 0x82]], [[0xf4, 0x90, 0x80, 0x80]]])(
    "refuses %j, which is not UTF-8",
    (raw) => {
      expect(() => bytesToText(Uint8Array.from(raw))).toThrow(DecodeError);
    },
  );

  test("keeps a byte order mark, so that bytes and text belong to each other", () => {
    const marked = Uint8Array.of(0xef, 0xbb, 0xbf, 0x41);
    expect(textToBytes(bytesToText(marked))).toEqual(marked);
  });

  test("is cut between code points, never longer than allowed and never shorter than it must be", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 20 }), fc.nat(40), (text, maxBytes) => {
        const cut = cutToBytes(text, maxBytes);
        expect(text.startsWith(cut)).toBe(true);
        expect(textToBytes(cut).length).toBeLessThanOrEqual(maxBytes);
        const [next] = text.slice(cut.length);
        if (next !== undefined) expect(textToBytes(cut + next).length).toBeGreaterThan(maxBytes);
      }),
    );
  });
});

test("bytes are ordered by value, a prefix first", () => {
  fc.assert(
    fc.property(bytes, bytes, (a, b) => {
      const [left, right] = [bytesToHex(a), bytesToHex(b)];
      expect(Math.sign(compareBytes(a, b))).toBe(left < right ? -1 : left > right ? 1 : 0);
      expect(concatBytes(a, b)).toEqual(hexToBytes(left + right, a.length + b.length));
    }),
  );
});
