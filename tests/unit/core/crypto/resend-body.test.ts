import { expect, test } from "vitest";
import { DecodeError } from "../../../../src/core/codec/decode-error.ts";
import type { DeviceId } from "../../../../src/core/codec/ids.ts";
import {
  decodeResendBody,
  encodeResendBody,
  MAX_RESEND_MESSAGES,
  MAX_RESEND_RANGES,
  type ResendRange,
} from "../../../../src/core/crypto/resend-body.ts";
import { tampered } from "../../../support/tampered.ts";

const alice = "0a".repeat(16) as DeviceId;
const bob = "0b".repeat(16) as DeviceId;
const ranges: readonly ResendRange[] = [
  { device: alice, channel: 1, from: 3, to: 3 },
  { device: alice, channel: 1, from: 5, to: 90 },
  { device: alice, channel: 2, from: 1, to: 2 },
  { device: bob, channel: 1, from: 7, to: 7 },
];

test("ranges come back as they were asked for", () => {
  expect(decodeResendBody(encodeResendBody(ranges))).toEqual(ranges);
});

test("ranges have one encoding: what is changed is refused or asks for something else", () => {
  const body = encodeResendBody(ranges);
  for (const { name, bytes } of tampered(body)) {
    let asked;
    try {
      asked = decodeResendBody(bytes);
    } catch (error) {
      expect(error, name).toBeInstanceOf(DecodeError);
      continue;
    }
    // The entry's signature covers these.
    expect(asked, name).not.toEqual(ranges);
    expect(encodeResendBody(asked), name).toEqual(bytes);
  }
});

const [first, second, third, last] = ranges as readonly [ResendRange, ResendRange, ResendRange, ResendRange];
const many = Array.from({ length: MAX_RESEND_RANGES + 1 }, (_, index) => ({
  ...first,
  from: 2 * index + 1,
  to: 2 * index + 1,
}));

test.each<[string, readonly ResendRange[]]>([
  ["nothing", []],
  ["ranges that touch", [first, { ...first, from: 4, to: 5 }]],
  ["ranges that overlap", [second, { ...second, from: 80, to: 100 }]],
  ["a range twice", [first, first]],
  ["channels out of order", [third, first]],
  ["devices out of order", [last, first]],
  ["a range that ends before it begins", [{ ...first, from: 4, to: 3 }]],
  ["seq 0", [{ ...first, from: 0, to: 3 }]],
  ["a control log", [{ ...first, channel: 0 }]],
  ["a channel that is none", [{ ...first, channel: 8 }]],
  ["too many messages", [{ ...first, from: 1, to: MAX_RESEND_MESSAGES }, last]],
  ["too many ranges", many],
])("nobody asks for %s", (_, asked) => {
  expect(() => encodeResendBody(asked)).toThrow(DecodeError);
});

test("as many ranges and messages as are allowed can be asked for", () => {
  expect(decodeResendBody(encodeResendBody(many.slice(1)))).toEqual(many.slice(1));
  const most = [{ ...first, from: 1, to: MAX_RESEND_MESSAGES }];
  expect(decodeResendBody(encodeResendBody(most))).toEqual(most);
});
