import { expect, test } from "vitest";
import type { DeviceId } from "../../../../src/core/codec/ids.ts";
import { compare } from "../../../../src/core/sync/compare.ts";
import { decodeWant, encodeWant } from "../../../../src/core/sync/payloads.ts";

const device = "d0".repeat(16) as DeviceId;

test("of a log of which a newcomer knows only where it begins, nothing is wanted", () => {
  const row = { device, channel: 1, base: 5, height: 5, headPrefix: "01020304" };
  const { wants, unreachable } = compare(new Map(), [row], () => true);
  expect(decodeWant(encodeWant(wants))).toEqual([]);
  expect(unreachable).toEqual([{ device, channel: 1, to: 5, triedAt: 0 }]);
});

test("of a log that a newcomer has a part of, that part is wanted", () => {
  const row = { device, channel: 1, base: 5, height: 7, headPrefix: "01020304" };
  expect(compare(new Map(), [row], () => true).wants).toEqual([{ device, channel: 1, from: 6, to: 7 }]);
});
