/**
 * Message bodies, envelopes, key packages, rekeys and resends with both suites. KITH_LONG=1 changes every byte with the real
 * suite too, and not only every 61st.
 */
import { describe, expect, test } from "vitest";
import {
  encodeHeader,
  encodeHeaderPrefix,
  type EntryHeader,
  MAX_BODY_BYTES,
} from "../../../../src/core/codec/entry.ts";
import type { ConversationId, DeviceId, EntryId } from "../../../../src/core/codec/ids.ts";
import { bytesToHex, concatBytes, hexToBytes, textToBytes } from "../../../../src/core/codec/bytes.ts";
import { DecodeError } from "../../../../src/core/codec/decode-error.ts";
import { firstChainKey, stepChain } from "../../../../src/core/crypto/chain.ts";
import {
  ENVELOPE_BYTES,
  envelopeHash,
  type EnvelopePlace,
  openEnvelope,
  sealEnvelope,
  seedCommitment,
} from "../../../../src/core/crypto/envelope.ts";
import { decodeKeyPackage, encodeKeyPackage, KEY_PACKAGE_BYTES } from "../../../../src/core/crypto/key-package.ts";
import { openBody, readOpening, sealBody } from "../../../../src/core/crypto/message-body.ts";
import { MAX_CONTENT_BYTES, pad } from "../../../../src/core/crypto/padding.ts";
import { createSuite } from "../../../../src/core/crypto/real-suite.ts";
import {
  decodeRekeyBody,
  encodeRekeyBodies,
  FIRST_PART_RECIPIENTS,
  isSecondPart,
  MAX_RECIPIENTS,
  type Rekey,
} from "../../../../src/core/crypto/rekey-body.ts";
import {
  MAX_RESEND_ANSWER_BYTES,
  openResendAnswer,
  type ResendPlace,
  sealResendAnswer,
} from "../../../../src/core/crypto/resend-answer.ts";
import { createModelSuite } from "../../../support/model-suite.ts";
import { tampered } from "../../../support/tampered.ts";

const MAX_FRAME_BYTES = 16_384;
const REAL_STRIDE = process.env["KITH_LONG"] === "1" ? 1 : 61;
const LONG_LIMIT_MS = 120_000;

const conversation = "ab".repeat(32) as ConversationId;
const otherConversation = "ac".repeat(32) as ConversationId;
const alice = "0a".repeat(16) as DeviceId;
const bob = "0b".repeat(16) as DeviceId;
const carol = "0c".repeat(16) as DeviceId;

const header: EntryHeader = {
  suite: 1,
  conversation,
  device: alice,
  channel: 1,
  seq: 7,
  previous: "11".repeat(32) as EntryId,
  clock: "0001020304050607",
  dependencies: [{ device: bob, channel: 1, seq: 3, idPrefix: "22".repeat(8) }],
  kind: 1,
  epoch: 2,
  generation: 5,
  commitment: new Uint8Array(32),
  bodyLength: 0,
  bodyHash: new Uint8Array(32),
};
const prefix = encodeHeaderPrefix(header);

/** One change of every field of the header that is known before the body. */
const otherHeaders: readonly EntryHeader[] = [
  { ...header, suite: 2 },
  { ...header, conversation: otherConversation },
  { ...header, device: bob },
  { ...header, channel: 2 },
  { ...header, seq: 8 },
  { ...header, previous: "12".repeat(32) as EntryId },
  { ...header, clock: "0001020304050608" },
  { ...header, dependencies: [] },
  { ...header, kind: 2 },
  { ...header, epoch: 3 },
  { ...header, generation: 6 },
];

test("the header's prefix is the header without commitment, body length and body hash", () => {
  expect(prefix).toEqual(encodeHeader(header).slice(0, -(32 + 2 + 32)));
});

const suites = [
  { name: "the real suite", create: createSuite, stride: REAL_STRIDE },
  { name: "the model suite", create: () => createModelSuite(1), stride: 1 },
];

describe.each(suites)("with $name", ({ create, stride }) => {
  const suite = create();
  const messageKey = suite.random(32);
  const content = textToBytes("meet at the harbour at nine");

  describe("a message body", () => {
    const { body, commitment } = sealBody(suite, messageKey, prefix, content);

    test("opens to what was sealed, with its opening", () => {
      const opened = openBody(suite, messageKey, prefix, commitment, body);
      expect(opened?.content).toEqual(content);
      expect(opened && readOpening(suite, commitment, opened.opening)).toEqual(content);
      expect(bytesToHex(body)).not.toContain(bytesToHex(content));
    });

    test("is refused with any byte changed, cut short or made longer", () => {
      for (const { name, bytes } of tampered(body)) {
        expect(openBody(suite, messageKey, prefix, commitment, bytes), name).toBeUndefined();
      }
    });

    test("is refused with another key, another commitment or any other header", () => {
      for (const { name, bytes } of tampered(messageKey)) {
        if (bytes.length === 32) {
          expect(openBody(suite, bytes, prefix, commitment, body), name).toBeUndefined();
        }
      }
      for (const { name, bytes } of tampered(commitment)) {
        expect(openBody(suite, messageKey, prefix, bytes, body), name).toBeUndefined();
      }
      for (const other of otherHeaders) {
        expect(openBody(suite, messageKey, encodeHeaderPrefix(other), commitment, body)).toBeUndefined();
      }
      for (const { name, bytes } of tampered(prefix)) {
        expect(openBody(suite, messageKey, bytes, commitment, body), name).toBeUndefined();
      }
    });

    test("is refused when its author padded it otherwise, though key and commitment are right", () => {
      const wrong = [
        concatBytes(pad(content), new Uint8Array(128)),
        concatBytes(content, Uint8Array.of(0x80)),
        new Uint8Array(128),
        new Uint8Array(128).fill(1),
        new Uint8Array(0),
      ];
      for (const padded of wrong) {
        const opening = concatBytes(suite.random(32), padded);
        const salt = suite.random(16);
        const bytes = suite.hkdfExpand(messageKey, concatBytes(textToBytes("kith/message/1"), salt), 44);
        const sealed = suite.encrypt(bytes.slice(0, 32), bytes.slice(32), prefix, opening);
        const itsCommitment = suite.hash(opening);
        expect(suite.decrypt(bytes.slice(0, 32), bytes.slice(32), prefix, sealed)).toEqual(opening);
        expect(openBody(suite, messageKey, prefix, itsCommitment, concatBytes(salt, sealed))).toBeUndefined();
      }
    });

    test("differs each time, though key and content are the same", () => {
      const again = sealBody(suite, messageKey, prefix, content);
      expect(again.body).not.toEqual(body);
      expect(again.commitment).not.toEqual(commitment);
      expect(openBody(suite, messageKey, prefix, commitment, again.body)).toBeUndefined();
    });

    test("takes the longest content and refuses a longer one", () => {
      const longest = suite.random(MAX_CONTENT_BYTES);
      const sealed = sealBody(suite, messageKey, prefix, longest);
      expect(sealed.body.length).toBe(MAX_BODY_BYTES);
      expect(openBody(suite, messageKey, prefix, sealed.commitment, sealed.body)?.content).toEqual(longest);
      expect(() => sealBody(suite, messageKey, prefix, new Uint8Array(MAX_CONTENT_BYTES + 1))).toThrow(RangeError);
    });
  });

  test("a chain depends on the whole rekey header and the seed, and its keys never repeat", () => {
    const seed = suite.random(32);
    const rekeyHeader = encodeHeader(header);
    const first = firstChainKey(suite, rekeyHeader, seed);
    expect(firstChainKey(suite, rekeyHeader.slice(), seed.slice())).toEqual(first);
    const keys = new Set([bytesToHex(first)]);
    const headers = new Set([...tampered(rekeyHeader, 5)].map(({ bytes }) => bytesToHex(bytes)));
    const seeds = new Set([...tampered(seed)].map(({ bytes }) => bytesToHex(bytes)));
    for (const { bytes } of tampered(rekeyHeader, 5)) keys.add(bytesToHex(firstChainKey(suite, bytes, seed)));
    for (const { bytes } of tampered(seed)) keys.add(bytesToHex(firstChainKey(suite, rekeyHeader, bytes)));
    const distinct = 1 + headers.size + seeds.size;
    expect(keys.size).toBe(distinct);
    let chainKey = first;
    for (let step = 0; step < 200; step += 1) {
      const { messageKey, next } = stepChain(suite, chainKey);
      keys.add(bytesToHex(messageKey)).add(bytesToHex(next));
      chainKey = next;
    }
    expect(keys.size).toBe(distinct + 400);
  });

  describe("an envelope", () => {
    const kemSeed = suite.random(32);
    const publicKey = suite.kemPublicKey(kemSeed);
    const seed = suite.random(32);
    const epoch = { conversation, author: alice, epoch: 2 };
    const commitment = seedCommitment(suite, epoch, seed);
    const place: EnvelopePlace = { ...epoch, recipient: bob, keyNumber: 4, seq: 9, commitment };
    const envelope = sealEnvelope(suite, place, publicKey, seed);

    test("has one size and gives the seed to the holder of the key", () => {
      expect(envelope.length).toBe(ENVELOPE_BYTES);
      expect(openEnvelope(suite, place, kemSeed, envelope)).toEqual(seed);
      expect(openEnvelope(suite, place, suite.random(32), envelope)).toBeUndefined();
    });

    test(
      "is refused with any byte changed, cut short or made longer, and has another hash",
      { timeout: LONG_LIMIT_MS },
      () => {
        const hash = envelopeHash(suite, envelope);
        for (const { name, bytes } of tampered(envelope, stride)) {
          expect(openEnvelope(suite, place, kemSeed, bytes), name).toBeUndefined();
          expect(envelopeHash(suite, bytes), name).not.toEqual(hash);
        }
      },
    );

    test("is refused in any other place", () => {
      const places: readonly EnvelopePlace[] = [
        { ...place, conversation: otherConversation },
        { ...place, author: carol },
        { ...place, epoch: 3 },
        { ...place, recipient: carol },
        { ...place, keyNumber: 5 },
        { ...place, seq: 10 },
        { ...place, commitment: seedCommitment(suite, { ...epoch, epoch: 3 }, seed) },
      ];
      for (const other of places) expect(openEnvelope(suite, other, kemSeed, envelope)).toBeUndefined();
    });

    test("with another seed than the one committed to is refused, though it was sealed for this very place", () => {
      const lie = sealEnvelope(suite, place, publicKey, suite.random(32));
      expect(openEnvelope(suite, place, kemSeed, lie)).toBeUndefined();
    });

    test("commits to its conversation, author and epoch", () => {
      const others = [
        { ...epoch, conversation: otherConversation },
        { ...epoch, author: bob },
        { ...epoch, epoch: 3 },
      ];
      for (const other of others) expect(seedCommitment(suite, other, seed)).not.toEqual(commitment);
    });
  });

  describe("key packages and rekeys", () => {
    const logSeed = suite.random(32);
    const owner = { conversation, device: alice, logKey: suite.publicKey(logSeed) };
    const publicKey = suite.kemPublicKey(suite.random(32));
    const keyPackage = { conversation, device: alice, number: 3, publicKey };
    const packageBytes = encodeKeyPackage(suite, logSeed, keyPackage);

    test("a key package is its owner's, of its conversation, as signed", { timeout: LONG_LIMIT_MS }, () => {
      expect(packageBytes.length).toBe(KEY_PACKAGE_BYTES);
      expect(decodeKeyPackage(suite, owner, packageBytes)).toEqual(keyPackage);
      for (const { name, bytes } of tampered(packageBytes, stride)) {
        expect(() => decodeKeyPackage(suite, owner, bytes), name).toThrow(DecodeError);
      }
      const others = [
        { ...owner, conversation: otherConversation },
        { ...owner, device: bob },
        { ...owner, logKey: suite.publicKey(suite.random(32)) },
      ];
      for (const other of others) expect(() => decodeKeyPackage(suite, other, packageBytes)).toThrow(DecodeError);
    });

    test("a key that nobody can seal to is refused, even if its owner signed it", () => {
      const unusable = { ...keyPackage, publicKey: new Uint8Array(1216).fill(0xff) };
      const bytes = encodeKeyPackage(suite, logSeed, unusable);
      expect(() => decodeKeyPackage(suite, owner, bytes)).toThrow("cannot be sealed to");
    });

    const rekeyFor = (count: number): Rekey => ({
      epoch: 2,
      commitment: suite.hash(textToBytes("a seed")),
      keyPackage: packageBytes,
      recipients: Array.from({ length: count }, (_, index) => ({
        device: (count - index).toString(16).padStart(32, "0") as DeviceId,
        keyNumber: index + 1,
        envelopeHash: suite.hash(Uint8Array.of(index >> 8, index)),
      })),
    });
    const partsFor = (count: number) =>
      encodeRekeyBodies(rekeyFor(count)).map((body) => ({ body, part: decodeRekeyBody(suite, owner, body) }));

    test.each([0, 1, FIRST_PART_RECIPIENTS, FIRST_PART_RECIPIENTS + 1, MAX_RECIPIENTS])(
      "a rekey for %i recipients comes back as it was, in as few entries as hold it",
      (count) => {
        const rekey = rekeyFor(count);
        const parts = partsFor(count);
        expect(parts.length).toBe(count > FIRST_PART_RECIPIENTS ? 2 : 1);
        expect(parts[0]?.part.keyPackage).toEqual(keyPackage);
        for (const { body, part } of parts) {
          expect(body.length).toBeLessThanOrEqual(MAX_BODY_BYTES);
          expect(part).toMatchObject({ epoch: rekey.epoch, commitment: rekey.commitment });
        }
        expect(parts.flatMap(({ part }) => part.recipients)).toEqual(rekey.recipients.toReversed());
      },
    );

    test("a rekey for too many, or with somebody named twice, is not made", () => {
      expect(() => encodeRekeyBodies(rekeyFor(MAX_RECIPIENTS + 1))).toThrow(RangeError);
      const { recipients } = rekeyFor(2);
      expect(() => encodeRekeyBodies({ ...rekeyFor(2), recipients: [...recipients, ...recipients] })).toThrow(
        RangeError,
      );
    });

    test("a second part belongs to the full first part of the same rekey, and to nothing else", () => {
      const [first, second] = partsFor(MAX_RECIPIENTS).map(({ part }) => part);
      if (first === undefined || second === undefined) throw new Error("two parts were expected");
      expect(isSecondPart(first, second)).toBe(true);
      expect(isSecondPart(first, { ...second, epoch: 3 })).toBe(false);
      expect(isSecondPart(first, { ...second, commitment: suite.hash(textToBytes("another")) })).toBe(false);
      expect(isSecondPart({ ...first, recipients: first.recipients.slice(1) }, second)).toBe(false);
      expect(isSecondPart(first, { ...second, recipients: first.recipients })).toBe(false);
      expect(isSecondPart(first, first)).toBe(false);
      expect(isSecondPart(second, second)).toBe(false);
    });

    test(
      "a rekey body has one encoding: what is changed is refused or says something else",
      { timeout: LONG_LIMIT_MS },
      () => {
        const [body] = encodeRekeyBodies(rekeyFor(3));
        if (body === undefined) throw new Error("a body was expected");
        const said = decodeRekeyBody(suite, owner, body);
        let refused = 0;
        for (const { name, bytes } of tampered(body, stride)) {
          let part;
          try {
            part = decodeRekeyBody(suite, owner, bytes);
          } catch (error) {
            expect(error, name).toBeInstanceOf(DecodeError);
            refused += 1;
            continue;
          }
          // The entry's signature covers these.
          expect(part, name).not.toEqual(said);
          expect(part.keyPackage, name).toEqual(keyPackage);
          expect(encodeRekeyBodies({ ...part, keyPackage: packageBytes }), name).toEqual([bytes]);
        }
        expect(refused).toBeGreaterThan(KEY_PACKAGE_BYTES / stride);
      },
    );
  });

  describe("an answer to a resend", () => {
    const kemSeed = suite.random(32);
    const publicKey = suite.kemPublicKey(kemSeed);
    const { body, commitment } = sealBody(suite, messageKey, prefix, content);
    const opening = openBody(suite, messageKey, prefix, commitment, body)?.opening ?? new Uint8Array(0);
    const place: ResendPlace = { conversation, requester: carol, keyNumber: 2 };
    const messages = [
      { device: alice, channel: 1, seq: 7, opening },
      { device: bob, channel: 1, seq: 1, opening },
    ];
    const answer = sealResendAnswer(suite, place, publicKey, messages);

    test("gives the messages to the requester, whoever sealed it", () => {
      expect(openResendAnswer(suite, place, kemSeed, answer)).toEqual(messages);
      expect(openResendAnswer(suite, place, suite.random(32), answer)).toBeUndefined();
      expect(MAX_RESEND_ANSWER_BYTES).toBeLessThan(MAX_FRAME_BYTES - 256);
    });

    test("is refused with any byte changed, cut short or made longer", { timeout: LONG_LIMIT_MS }, () => {
      for (const { name, bytes } of tampered(answer, stride)) {
        expect(openResendAnswer(suite, place, kemSeed, bytes), name).toBeUndefined();
      }
    });

    test("is refused in any other place", () => {
      const places: readonly ResendPlace[] = [
        { ...place, conversation: otherConversation },
        { ...place, requester: bob },
        { ...place, keyNumber: 3 },
      ];
      for (const other of places) expect(openResendAnswer(suite, other, kemSeed, answer)).toBeUndefined();
    });

    test("with other words than those committed to gives no content", () => {
      const lie = concatBytes(opening.subarray(0, 32), pad(textToBytes("stay at home")));
      expect(readOpening(suite, commitment, lie)).toBeUndefined();
    });

    test("of a control log, or with bytes left over, is refused", () => {
      const ofControl = messages.map((message) => ({ ...message, channel: 0 }));
      const forbidden = sealResendAnswer(suite, place, publicKey, ofControl);
      expect(openResendAnswer(suite, place, kemSeed, forbidden)).toBeUndefined();
      const info = concatBytes(
        textToBytes("kith/resend/1"),
        hexToBytes(conversation, 32),
        hexToBytes(carol, 16),
        Uint8Array.of(0, 0, 0, 2),
      );
      const stray = suite.seal(publicKey, info, new Uint8Array(0), Uint8Array.of(1, 2, 3));
      expect(openResendAnswer(suite, place, kemSeed, stray)).toBeUndefined();
    });
  });
});
