/** What couriers carry, in both implementations: the frozen case, and random ones from each to the other. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { bytesToHex, EMPTY_BYTES } from "../../../src/core/codec/bytes.ts";
import { DecodeError } from "../../../src/core/codec/decode-error.ts";
import type { AccountId, ConversationId, DeviceId, EntryId } from "../../../src/core/codec/ids.ts";
import { decodeCard, encodeCard } from "../../../src/core/couriers/card.ts";
import {
  decodeCardHeld,
  decodeReceiptNoted,
  encodeCardHeld,
  encodeReceiptNoted,
} from "../../../src/core/couriers/courier-frames.ts";
import { decodeContent, encodeText } from "../../../src/core/conversations/content.ts";
import { openLetters, sealLetters } from "../../../src/core/couriers/letters.ts";
import { decodeParcelContent, encodeParcelContent, openParcel, sealParcel } from "../../../src/core/couriers/parcel.ts";
import {
  decodeReceipt,
  encodeReceipt,
  openReceiptClock,
  sealReceiptClock,
  verifyReceipt,
} from "../../../src/core/couriers/receipt.ts";
import { courierMark, decodeToken, encodeToken, verifyToken } from "../../../src/core/couriers/token.ts";
import { createSuite } from "../../../src/core/crypto/real-suite.ts";
import { hpkeSeal } from "../../../src/core/crypto/hpke.ts";
import type { Suite } from "../../../src/core/crypto/suite.ts";
import * as second from "../../second/courier.ts";
import { xWingKey } from "../../second/hpke.ts";
import { openedLetters, sealedLetters } from "../../second/letters.ts";
import type { VECTOR_FILES } from "../../second/vector-cases.ts";
import type { Hexed } from "../../support/hexed.ts";
import { fromHex } from "../../support/published-vectors.ts";

const RUNS = { numRuns: 30 };
const suite = createSuite();
const vector = JSON.parse(readFileSync(new URL("../../vectors/kith-couriers.json", import.meta.url), "utf8")) as Hexed<
  (typeof VECTOR_FILES)["couriers"]
>;
const bytes = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });
const accountOf = (id: Uint8Array): AccountId => bytesToHex(id) as AccountId;
const deviceOf = (id: Uint8Array): DeviceId => bytesToHex(id) as DeviceId;

/** Seals with the randomness of the case. */
function drawing(randomness: Uint8Array): Suite {
  return { ...suite, seal: (key, info, aad, text) => hpkeSeal(key, info, aad, text, randomness) };
}

test("the frozen token and card", () => {
  const logSeed = fromHex(vector.logSeed);
  const [courier, depositor] = [vector.token.courier as AccountId, vector.token.depositor as AccountId];
  expect(courierMark(suite, courier, depositor)).toBe(vector.mark);
  const token = {
    courier: vector.mark,
    depositor,
    recipient: vector.token.recipient as AccountId,
    device: vector.token.device as DeviceId,
    parcels: vector.token.parcels,
    bytes: vector.token.bytes,
    expiresAt: vector.token.expirySeconds * 1000,
  };
  expect(bytesToHex(encodeToken(suite, logSeed, token))).toBe(vector.token.encoded);
  expect(decodeToken(fromHex(vector.token.encoded))).toEqual(token);
  expect(verifyToken(suite, fromHex(vector.logKey), fromHex(vector.token.encoded))).toBe(true);

  const card = {
    device: vector.card.device as DeviceId,
    number: vector.card.number,
    holder: vector.card.holder as AccountId,
    carries: vector.card.carries,
    keyNumber: vector.card.keyNumber,
    publicKey: fromHex(vector.card.publicKey),
    tokens: vector.card.tokens.map(fromHex),
  };
  expect(bytesToHex(encodeCard(suite, logSeed, card))).toBe(vector.card.encoded);
  const owner = { account: token.recipient, holder: card.holder, logKeyOf: () => fromHex(vector.logKey) };
  expect(decodeCard(suite, owner, fromHex(vector.card.encoded))).toEqual(card);
});

test("the frozen parcel and its receipt", () => {
  const place = { id: vector.parcelId, device: vector.card.device as DeviceId };
  const content = openParcel(suite, place, fromHex(vector.kemSeed), fromHex(vector.parcel));
  expect(content && bytesToHex(content)).toBe(vector.content);
  const decoded = decodeParcelContent(fromHex(vector.content));
  expect(decoded.entries).toHaveLength(2);
  expect(decoded.envelopes).toHaveLength(1);
  expect(bytesToHex(encodeParcelContent(decoded))).toBe(vector.content);
  const key = { number: vector.card.keyNumber, publicKey: fromHex(vector.card.publicKey) };
  const sealer = drawing(fromHex(vector.parcelRandomness));
  expect(bytesToHex(sealParcel(sealer, place, key, fromHex(vector.content)))).toBe(vector.parcel);

  const clockPlace = { parcel: vector.parcelId, reader: vector.readerDevice as DeviceId };
  const readerSeed = fromHex(vector.readerKemSeed);
  const clock = openReceiptClock(suite, clockPlace, () => readerSeed, fromHex(vector.sealedClock));
  expect(clock && bytesToHex(clock)).toBe(vector.clock);
  const readerKey = { number: 2, publicKey: suite.kemPublicKey(readerSeed) };
  const clockSealer = drawing(fromHex(vector.receiptRandomness));
  expect(bytesToHex(sealReceiptClock(clockSealer, clockPlace, readerKey, fromHex(vector.clock)))).toBe(
    vector.sealedClock,
  );
  const receipt = {
    parcel: vector.parcelId,
    device: vector.card.device as DeviceId,
    isTaken: true,
    sealedClock: fromHex(vector.sealedClock),
  };
  expect(decodeReceipt(fromHex(vector.receipt))).toEqual(receipt);
  expect(bytesToHex(encodeReceipt(suite, fromHex(vector.logSeed), receipt))).toBe(vector.receipt);
  expect(verifyReceipt(suite, fromHex(vector.logKey), fromHex(vector.receipt))).toBe(true);
});

test("random tokens, cards and receipts are written alike", () => {
  const u32 = fc.integer({ min: 1, max: 0xffff_ffff });
  fc.assert(
    fc.property(bytes(32), bytes(32), bytes(32), bytes(32), bytes(16), u32, fc.boolean(), (...drawn) => {
      const [logSeed, courier, depositor, recipient, device, some, isYes] = drawn;
      const [parcels, expirySeconds] = [some % 256, some];
      const secondToken = second.tokenBytes(logSeed, {
        courier,
        depositor,
        recipient,
        device,
        parcels,
        bytes: some,
        expirySeconds,
      });
      const token = encodeToken(suite, logSeed, {
        courier: courierMark(suite, accountOf(courier), accountOf(depositor)),
        depositor: accountOf(depositor),
        recipient: accountOf(recipient),
        device: deviceOf(device),
        parcels,
        bytes: some,
        expiresAt: expirySeconds * 1000,
      });
      expect(token).toEqual(secondToken);
      const publicKey = new Uint8Array(1216).fill(1);
      const rest = { number: some, carries: isYes, keyNumber: some, publicKey, tokens: isYes ? [token] : [] };
      const card = { ...rest, device: deviceOf(device), holder: accountOf(depositor) };
      expect(encodeCard(suite, logSeed, card)).toEqual(
        second.cardBytes(logSeed, { ...rest, device, holder: depositor }),
      );
      const receipt = { parcel: bytesToHex(device), device: deviceOf(device), isTaken: isYes, sealedClock: recipient };
      expect(encodeReceipt(suite, logSeed, receipt)).toEqual(
        second.receiptBytes(logSeed, device, device, isYes, recipient),
      );
    }),
    RUNS,
  );
});

test("random parcels and clocks of receipts open on the other side", () => {
  const part = fc.record({ header: fc.uint8Array({ maxLength: 900 }), signature: bytes(64), body: fc.uint8Array() });
  fc.assert(
    fc.property(
      bytes(32),
      bytes(64),
      bytes(16),
      bytes(32),
      fc.array(part, { maxLength: 12 }),
      bytes(1168),
      (...drawn) => {
        const [kemSeed, randomness, id, conversation, entries, envelope] = drawn;
        const parcel = encodeParcelContent({
          conversation: bytesToHex(conversation) as ConversationId,
          clock: id,
          envelopes: [{ entry: bytesToHex(conversation) as EntryId, bytes: envelope }],
          entries,
          letters: entries.length > 0 ? randomness : EMPTY_BYTES,
        });
        const letters = entries.length > 0 ? randomness : undefined;
        expect(parcel).toEqual(
          second.parcelContent(conversation, id, [{ entry: conversation, envelope }], entries, letters),
        );
        const place = { id: bytesToHex(id), device: deviceOf(id) };
        const theirs = second.sealedParcel(xWingKey(kemSeed), id, id, 9, parcel, randomness);
        expect(openParcel(suite, place, kemSeed, theirs)).toEqual(parcel);
        const key = { number: 9, publicKey: suite.kemPublicKey(kemSeed) };
        const opened = second.openedParcel(kemSeed, id, id, 9, sealParcel(suite, place, key, parcel));
        expect(opened.subarray(0, parcel.length)).toEqual(parcel);
        const clockPlace = { parcel: bytesToHex(id), reader: deviceOf(id) };
        const clock = second.sealedReceiptClock(xWingKey(kemSeed), id, id, 9, conversation, randomness);
        expect(openReceiptClock(suite, clockPlace, () => kemSeed, clock)).toEqual(conversation);
        expect(sealReceiptClock(drawing(randomness), clockPlace, key, conversation)).toEqual(clock);
      },
    ),
    RUNS,
  );
});

test("the frozen letters, alone in their parcel", () => {
  const { letters } = vector;
  const content = encodeText({ text: letters.text, writtenAt: letters.at, rank: letters.rank });
  expect(bytesToHex(content)).toBe(letters.letter.content);
  expect(decodeContent(content)).toMatchObject({ kind: "text", rank: letters.rank });
  const conversation = letters.conversation as ConversationId;
  const place = { conversation, recipient: vector.card.device as DeviceId, parcel: letters.parcelId };
  const author = { device: letters.device as DeviceId, logSeed: fromHex(letters.logSeed) };
  const key = { number: letters.keyNumber, publicKey: fromHex(vector.card.publicKey) };
  const written = [{ id: letters.letter.id, content }];
  const sealed = sealLetters(drawing(fromHex(letters.randomness)), place, author, key, written);
  expect(bytesToHex(sealed)).toBe(letters.sealed);
  const opened = openLetters(suite, place, fromHex(vector.kemSeed), sealed, () => fromHex(letters.logKey));
  expect(opened).toEqual({ device: letters.device, letters: written });
  const parcel = { conversation, clock: EMPTY_BYTES, envelopes: [], entries: [], letters: sealed };
  expect(bytesToHex(encodeParcelContent(parcel))).toBe(letters.content);
  expect(decodeParcelContent(fromHex(letters.content))).toEqual(parcel);
});

test("random letters open on the other side, and nowhere else", () => {
  fc.assert(
    fc.property(
      bytes(32),
      bytes(32),
      bytes(64),
      bytes(16),
      fc.array(fc.record({ id: bytes(16), content: fc.uint8Array({ maxLength: 400 }) }), {
        minLength: 1,
        maxLength: 9,
      }),
      (kemSeed, logSeed, randomness, id, letters) => {
        const conversation = randomness.subarray(0, 32);
        const secondPlace = { conversation, recipient: id, parcel: id };
        const place = {
          conversation: bytesToHex(conversation) as ConversationId,
          recipient: deviceOf(id),
          parcel: bytesToHex(id),
        };
        const author = { device: id, logSeed };
        const theirs = sealedLetters(xWingKey(kemSeed), secondPlace, author, 7, letters, randomness);
        const logKey = suite.publicKey(logSeed);
        const expected = {
          device: deviceOf(id),
          letters: letters.map((letter) => ({ id: bytesToHex(letter.id), content: letter.content })),
        };
        expect(openLetters(suite, place, kemSeed, theirs, () => logKey)).toEqual(expected);
        const key = { number: 7, publicKey: suite.kemPublicKey(kemSeed) };
        const ours = sealLetters(suite, place, { device: deviceOf(id), logSeed }, key, expected.letters);
        const opened = openedLetters(kemSeed, secondPlace, logKey, 7, ours);
        expect(bytesToHex(opened.subarray(0, 16))).toBe(bytesToHex(id));
        const elsewhere = { ...place, parcel: bytesToHex(kemSeed.subarray(0, 16)) };
        if (elsewhere.parcel !== place.parcel)
          expect(openLetters(suite, elsewhere, kemSeed, theirs, () => logKey)).toBeUndefined();
        expect(openLetters(suite, place, kemSeed, theirs, () => undefined)).toBeUndefined();
        expect(openLetters(suite, place, kemSeed, theirs, () => suite.publicKey(kemSeed))).toBeUndefined();
      },
    ),
    RUNS,
  );
});

test("the number of a card and the id of a receipt that was noted take six and sixteen bytes, no other", () => {
  expect(decodeCardHeld(encodeCardHeld(vector.card.number))).toBe(vector.card.number);
  expect(decodeReceiptNoted(encodeReceiptNoted(vector.parcelId))).toBe(vector.parcelId);
  expect(() => decodeCardHeld(new Uint8Array(7))).toThrow(DecodeError);
  for (const wrong of [new Uint8Array(16), new Uint8Array(15).fill(1), new Uint8Array(17).fill(1)]) {
    expect(() => decodeReceiptNoted(wrong)).toThrow(DecodeError);
  }
});
