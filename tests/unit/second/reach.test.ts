/** Reach cards, in both implementations: the frozen case, and random ones. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { bytesToHex } from "../../../src/core/codec/bytes.ts";
import type { AccountId, DeviceId, PeerKey } from "../../../src/core/codec/ids.ts";
import { decodeReachCard, encodeReachCard, helperMark } from "../../../src/core/conversations/reach-card.ts";
import { createSuite } from "../../../src/core/crypto/real-suite.ts";
import * as second from "../../second/reach.ts";
import type { VECTOR_FILES } from "../../second/vector-cases.ts";
import type { Hexed } from "../../support/hexed.ts";
import { fromHex } from "../../support/published-vectors.ts";

const suite = createSuite();
const vector = JSON.parse(readFileSync(new URL("../../vectors/kith-reach.json", import.meta.url), "utf8")) as Hexed<
  (typeof VECTOR_FILES)["reach"]
>;
const bytes = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });

test("the frozen card, and what a later version adds to it", () => {
  const holder = vector.holder as AccountId;
  const card = {
    device: vector.device as DeviceId,
    number: vector.number,
    holder,
    helps: vector.helps,
    relays: vector.relays,
    helpers: vector.helpers.map((helper) => helperMark(suite, helper as PeerKey, holder)),
  };
  expect(card.helpers).toEqual([vector.mark]);
  expect(bytesToHex(encodeReachCard(suite, fromHex(vector.logSeed), card))).toBe(vector.card);
  const expected = { device: card.device, holder, logKey: suite.publicKey(fromHex(vector.logSeed)) };
  expect(decodeReachCard(suite, expected, fromHex(vector.card))).toEqual(card);
  expect(decodeReachCard(suite, expected, fromHex(vector.cardOfLaterVersion))).toEqual(card);
});

test("what one writes, the other does in the same way", () => {
  const made = fc.record({
    logSeed: bytes(32),
    device: bytes(16),
    holder: bytes(32),
    number: fc.integer({ min: 0, max: 2 ** 48 - 1 }),
    helps: fc.boolean(),
    relays: fc.array(fc.string({ unit: "grapheme", maxLength: 60 }), { maxLength: 4 }),
    helpers: fc.array(bytes(32), { maxLength: 4 }),
  });
  fc.assert(
    fc.property(made, (card) => {
      const written = second.reachCardBytes(card.logSeed, card);
      const holder = bytesToHex(card.holder) as AccountId;
      const device = bytesToHex(card.device) as DeviceId;
      const helpers = card.helpers.map((helper) => helperMark(suite, bytesToHex(helper) as PeerKey, holder));
      const same = { ...card, device, holder, helpers };
      const expected = { device, holder, logKey: suite.publicKey(card.logSeed) };
      expect(encodeReachCard(suite, card.logSeed, same)).toEqual(written);
      const { number, helps, relays } = card;
      expect(decodeReachCard(suite, expected, written)).toEqual({ device, number, holder, helps, relays, helpers });
    }),
    { numRuns: 30 },
  );
});
