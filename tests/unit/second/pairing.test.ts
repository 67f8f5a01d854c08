/** Codes for pairing without internet, in both implementations: the frozen case, and random ones. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { packDescription, unpackDescription } from "../../../src/adapters/libp2p/pairing/description.ts";
import { bytesToHex } from "../../../src/core/codec/bytes.ts";
import type { PeerKey } from "../../../src/core/codec/ids.ts";
import { decodePairCode, encodePairAnswer, encodePairOffer } from "../../../src/core/conversations/pairing-code.ts";
import { createSuite } from "../../../src/core/crypto/real-suite.ts";
import * as second from "../../second/pairing.ts";
import type { VECTOR_FILES } from "../../second/vector-cases.ts";
import type { Hexed } from "../../support/hexed.ts";
import { fromHex } from "../../support/published-vectors.ts";

const suite = createSuite();
const vector = JSON.parse(readFileSync(new URL("../../vectors/kith-pairing.json", import.meta.url), "utf8")) as Hexed<
  (typeof VECTOR_FILES)["pairing"]
>;
const bytes = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });
const iceText = (least: number, most: number): fc.Arbitrary<string> =>
  fc.stringMatching(new RegExp(`^[A-Za-z0-9+/]{${least},${most}}$`));

test("the frozen codes", () => {
  const [invite, description] = [fromHex(vector.invite), fromHex(vector.packed)];
  expect(packDescription(unpackDescription(description))).toEqual(description);
  expect(encodePairOffer(suite, { invite, description })).toEqual({ text: vector.offer, id: vector.offerId });
  const peer = vector.peerKey as PeerKey;
  expect(encodePairAnswer(suite, { offer: vector.offerId, peer, description })).toBe(vector.answer);
});

test("what one packs and writes, the other does in the same way", () => {
  const candidate = fc.record({
    type: fc.constantFrom("host" as const, "srflx" as const),
    isMdns: fc.boolean(),
    ip4: bytes(4),
    long: bytes(16),
    isIp4: fc.boolean(),
    port: fc.integer({ min: 1, max: 65_535 }),
  });
  const description = fc.record({
    ufrag: iceText(4, 32),
    pwd: iceText(22, 64),
    fingerprint: bytes(32),
    candidates: fc.array(candidate, { maxLength: 8 }),
  });
  fc.assert(
    fc.property(description, bytes(120), bytes(32), (made, invite, peerKey) => {
      const candidates = made.candidates.map(({ type, isMdns, ip4, long, isIp4, port }) => ({
        type,
        port,
        isMdns: isMdns && !isIp4,
        address: isIp4 ? ip4 : long,
      }));
      const packed = second.descriptionBytes({ ...made, candidates });
      expect(packDescription(unpackDescription(packed))).toEqual(packed);
      const offer = second.pairOffer(invite, packed);
      const id = bytesToHex(second.pairOfferId(invite, packed));
      expect(decodePairCode(suite, offer)).toEqual({ kind: "offer", id, invite, description: packed });
      expect(encodePairOffer(suite, { invite, description: packed }).text).toBe(offer);
      const answer = second.pairAnswer(second.pairOfferId(invite, packed), peerKey, packed);
      const peer = bytesToHex(peerKey) as PeerKey;
      expect(decodePairCode(suite, answer)).toEqual({ kind: "answer", offer: id, peer, description: packed });
    }),
    { numRuns: 50 },
  );
});
