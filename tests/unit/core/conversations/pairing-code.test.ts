import { expect, test } from "vitest";
import { bytesToBase64Url } from "../../../../src/core/codec/bytes.ts";
import type { PeerKey } from "../../../../src/core/codec/ids.ts";
import { decodePairCode, encodePairAnswer, encodePairOffer } from "../../../../src/core/conversations/pairing-code.ts";
import { createSuite } from "../../../../src/core/crypto/real-suite.ts";
import { seededRandom } from "../../../support/seeded-random.ts";

const suite = createSuite();
const invite = Uint8Array.from({ length: 124 }, (_, index) => index);
const description = Uint8Array.from({ length: 90 }, (_, index) => 255 - index);
const peer = "ab".repeat(32) as PeerKey;
const offer = encodePairOffer(suite, { invite, description });
const answer = encodePairAnswer(suite, { offer: offer.id, peer, description });

test("both codes are read as they were made, with the blanks that copying adds", () => {
  expect(decodePairCode(suite, ` ${offer.text}\n`)).toEqual({ kind: "offer", id: offer.id, invite, description });
  expect(decodePairCode(suite, answer)).toEqual({ kind: "answer", offer: offer.id, peer, description });
});

test("another offer has another id", () => {
  expect(encodePairOffer(suite, { invite, description: invite }).id).not.toBe(offer.id);
});

test("a code fits what cameras read off a phone", () => {
  expect(offer.text.length).toBeLessThan(330);
  expect(answer.length).toBeLessThan(220);
});

test("every changed, cut or extended code is no code", () => {
  const random = seededRandom(5);
  for (const text of [offer.text, answer]) {
    for (let at = 0; at < text.length; at += 1) {
      expect(decodePairCode(suite, text.slice(0, at)).kind).toBe("no-code");
      const other = text[at] === "A" ? "B" : "A";
      expect(decodePairCode(suite, text.slice(0, at) + other + text.slice(at + 1)).kind, `${at}`).toBe("no-code");
    }
    expect(decodePairCode(suite, `${text}A`).kind).toBe("no-code");
  }
  for (let turn = 0; turn < 2_000; turn += 1) {
    const noise = Uint8Array.from({ length: Math.floor(random() * 500) }, () => Math.floor(random() * 256));
    expect(decodePairCode(suite, `Kith pair ${bytesToBase64Url(noise)}`).kind).toBe("no-code");
  }
});

test("a code of a later version is said to be newer, not damaged", () => {
  const body = Uint8Array.of(2, 1, 0);
  const domain = new TextEncoder().encode("kith/pair-checksum/1");
  const checksum = suite.hash(Uint8Array.of(...domain, ...body)).subarray(0, 4);
  const text = `Kith pair ${bytesToBase64Url(Uint8Array.of(...body, ...checksum))}`;
  expect(decodePairCode(suite, text)).toEqual({ kind: "newer" });
});
