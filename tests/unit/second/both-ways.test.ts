/** Random structures from each implementation to the other: what one writes or seals the other reads or opens. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { bytesToHex, compareBytes } from "../../../src/core/codec/bytes.ts";
import { decodeHeader, encodeHeader, encodeHeaderPrefix, type EntryHeader } from "../../../src/core/codec/entry.ts";
import type { AccountId, ConversationId, DeviceId, EntryId, PeerKey } from "../../../src/core/codec/ids.ts";
import { changedClock, decodeClockChange } from "../../../src/core/conversations/clock-changes.ts";
import { encodeText } from "../../../src/core/conversations/content.ts";
import { decodeInvite, encodeInvite } from "../../../src/core/conversations/invite-codec.ts";
import { encodeClock } from "../../../src/core/conversations/statements.ts";
import { openEnvelope, sealEnvelope, seedCommitment } from "../../../src/core/crypto/envelope.ts";
import {
  consentingDevice,
  decodeDeviceList,
  decodeProfile,
  encodeDeviceList,
  encodeProfile,
} from "../../../src/core/crypto/identity.ts";
import { decodeKeyPackage, encodeKeyPackage } from "../../../src/core/crypto/key-package.ts";
import { openBody, sealBody } from "../../../src/core/crypto/message-body.ts";
import { createSuite } from "../../../src/core/crypto/real-suite.ts";
import { decodeRekeyBody, encodeRekeyBodies } from "../../../src/core/crypto/rekey-body.ts";
import { openResendAnswer, sealResendAnswer } from "../../../src/core/crypto/resend-answer.ts";
import { safetyNumber } from "../../../src/core/crypto/safety-number.ts";
import { ENTRY_DOMAIN, verifyEntry } from "../../../src/core/log/entry.ts";
import * as secondEntry from "../../second/entry.ts";
import { xWingKey } from "../../second/hpke.ts";
import * as secondIdentity from "../../second/identity.ts";
import { inviteBytes } from "../../second/invite.ts";
import * as secondBody from "../../second/message-body.ts";
import { textContent } from "../../second/message-content.ts";
import * as secondRekey from "../../second/rekey.ts";
import * as secondResend from "../../second/resend.ts";
import { clockBytes, clockChangeBytes, openReadRows, readBytes, sealedReadBytes } from "../../second/statements.ts";
import { safetyNumber as secondSafetyNumber } from "../../second/verifying.ts";
import { decodeSealedRead, encodeSealedRead, openSealedRead } from "../../../src/core/conversations/sealed-read.ts";
import { encodeSignedRead } from "../../support/signed-read.ts";

const RUNS = { numRuns: 50 };
const SAFETY_NUMBER_RUNS = { numRuns: 5 };

const suite = createSuite();
const bytes = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });
const up = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });
const u32 = up(0xffff_ffff);
const hex = bytesToHex;
const conversationOf = (id: Uint8Array): ConversationId => hex(id) as ConversationId;
const deviceOf = (id: Uint8Array): DeviceId => hex(id) as DeviceId;

/** Distinct devices, sorted. */
const devices = (maxLength: number): fc.Arbitrary<readonly Uint8Array[]> =>
  fc.uniqueArray(bytes(16), { maxLength, selector: (device) => hex(device) }).map((ids) => ids.toSorted(compareBytes));

const header = fc.record({
  conversation: bytes(32),
  device: bytes(16),
  channel: fc.integer({ min: 0, max: 7 }),
  seq: fc.integer({ min: 2, max: 0xffff_ffff }),
  previous: bytes(32),
  clock: fc.bigInt({ min: 0n, max: (1n << 63n) - 1n }),
  dependencies: devices(32).chain((ids) =>
    fc.tuple(
      ...ids.map((device) =>
        fc.record({ device: fc.constant(device), channel: fc.integer({ min: 0, max: 7 }), seq: u32, prefix: bytes(8) }),
      ),
    ),
  ),
  kind: up(255),
  epoch: u32,
  generation: u32,
  commitment: bytes(32),
  bodyLength: fc.integer({ min: 0, max: 14_336 }),
  bodyHash: bytes(32),
});

function asFirst(second: secondEntry.SecondHeader): EntryHeader {
  return {
    ...second,
    suite: 1,
    conversation: conversationOf(second.conversation),
    device: deviceOf(second.device),
    previous: hex(second.previous) as EntryId,
    clock: second.clock.toString(16).padStart(16, "0"),
    dependencies: second.dependencies.map(({ device, channel, seq, prefix }) => ({
      device: deviceOf(device),
      channel,
      seq,
      idPrefix: hex(prefix),
    })),
  };
}

test("entry headers and their signatures", () => {
  fc.assert(
    fc.property(header, bytes(32), (second, logSeed) => {
      const first = asFirst(second);
      const encoded = secondEntry.headerBytes(second);
      expect(encodeHeader(first)).toEqual(encoded);
      expect(decodeHeader(encoded)).toEqual(first);
      expect(secondEntry.readHeader(encodeHeader(first))).toEqual(second);
      expect(encodeHeaderPrefix(first)).toEqual(secondEntry.headerStart(second));
      const logKey = suite.publicKey(logSeed);
      const signature = secondEntry.entrySignature(logSeed, encoded);
      expect(verifyEntry(suite, logKey, { header: encoded, signature, body: new Uint8Array(0) })).toBe(true);
      expect(secondEntry.isEntrySigned(logKey, encoded, suite.sign(logSeed, ENTRY_DOMAIN, encoded))).toBe(true);
    }),
    RUNS,
  );
});

test("device lists, profiles and key packages", () => {
  const seeds = fc.record({ logSeed: bytes(32), peerSeed: bytes(32), created: fc.integer({ min: 0, max: 2 ** 47 }) });
  const name = fc.string({ unit: "grapheme", maxLength: 8 }).filter((text) => Buffer.byteLength(text) <= 32);
  const owners = fc.uniqueArray(seeds, { minLength: 1, maxLength: 3, selector: ({ logSeed }) => hex(logSeed) });
  fc.assert(
    fc.property(bytes(32), owners, u32, name, bytes(32), bytes(32), (rootSeed, own, number, text, kemSeed, id) => {
      const rootKey = suite.publicKey(rootSeed);
      const first = own.map((one) => consentingDevice(suite, rootKey, one, one.created));
      const second = own.map(({ logSeed, peerSeed, created }) =>
        secondIdentity.consentingDevice(rootKey, logSeed, peerSeed, created),
      );
      const list = { rootKey, number, devices: first };
      const listBytes = secondIdentity.deviceListBytes(rootSeed, number, second);
      expect(encodeDeviceList(suite, rootSeed, list)).toEqual(listBytes);
      expect(decodeDeviceList(suite, listBytes)).toEqual(list);
      expect(secondIdentity.readDeviceList(encodeDeviceList(suite, rootSeed, list))).toMatchObject({
        number,
        devices: second,
      });
      const [owner] = own;
      const [listed] = first;
      if (owner === undefined || listed === undefined) throw new Error("a device was expected");
      const { device, logKey } = listed;
      const profile = secondIdentity.profileBytes(owner.logSeed, number, text);
      expect(decodeProfile(suite, list, profile)).toEqual({ device, number, name: text });
      const ownProfile = encodeProfile(suite, owner.logSeed, { device, number, name: text });
      expect(secondIdentity.readProfile(ownProfile, logKey)).toMatchObject({ number, name: text });
      const publicKey = xWingKey(kemSeed);
      expect(suite.kemPublicKey(kemSeed)).toEqual(publicKey);
      const said = { conversation: id, device: secondIdentity.deviceId(logKey), number, publicKey };
      const keyPackage = { ...said, conversation: conversationOf(id), device };
      const packed = secondIdentity.keyPackageBytes(owner.logSeed, said);
      expect(decodeKeyPackage(suite, { ...keyPackage, logKey }, packed)).toEqual(keyPackage);
      expect(secondIdentity.readKeyPackage(encodeKeyPackage(suite, owner.logSeed, keyPackage), logKey)).toEqual(said);
    }),
    RUNS,
  );
});

test("rekey bodies", () => {
  fc.assert(
    fc.property(
      bytes(32),
      bytes(32),
      u32,
      bytes(32),
      bytes(32),
      devices(12),
      (logSeed, id, epoch, commitment, kemSeed, ids) => {
        const logKey = suite.publicKey(logSeed);
        const device = secondIdentity.deviceId(logKey);
        const publicKey = xWingKey(kemSeed);
        const keyPackage = secondIdentity.keyPackageBytes(logSeed, {
          conversation: id,
          device,
          number: epoch,
          publicKey,
        });
        const recipients = ids.map((recipient) => ({
          device: recipient,
          keyNumber: epoch,
          envelopeHash: suite.hash(recipient),
        }));
        const said = { epoch, commitment, keyPackage, recipients };
        const firstRecipients = recipients.map((row) => ({ ...row, device: deviceOf(row.device) }));
        const encoded = secondRekey.rekeyBytes(said);
        const [body] = encodeRekeyBodies({ epoch, commitment, keyPackage, recipients: firstRecipients.toReversed() });
        expect(body).toEqual(encoded);
        const owner = { conversation: conversationOf(id), device: deviceOf(device), logKey };
        expect(decodeRekeyBody(suite, owner, encoded)).toMatchObject({
          epoch,
          commitment,
          recipients: firstRecipients,
        });
        expect(secondRekey.readRekey(encoded)).toEqual(said);
      },
    ),
    RUNS,
  );
});

test("envelopes", () => {
  const place = fc.record({
    conversation: bytes(32),
    author: bytes(16),
    epoch: u32,
    recipient: bytes(16),
    keyNumber: u32,
    seq: u32,
  });
  fc.assert(
    fc.property(place, bytes(32), bytes(32), bytes(64), (where, kemSeed, seed, randomness) => {
      const commitment = secondRekey.seedCommitment(where.conversation, where.author, where.epoch, seed);
      const second = { ...where, commitment };
      const first = {
        ...second,
        conversation: conversationOf(where.conversation),
        author: deviceOf(where.author),
        recipient: deviceOf(where.recipient),
      };
      expect(seedCommitment(suite, first, seed)).toEqual(commitment);
      const publicKey = suite.kemPublicKey(kemSeed);
      const fromSecond = secondRekey.sealEnvelope(publicKey, second, seed, randomness);
      expect(openEnvelope(suite, first, kemSeed, fromSecond)).toEqual(seed);
      const fromFirst = sealEnvelope(suite, first, publicKey, seed);
      expect(secondRekey.openEnvelope(kemSeed, second, fromFirst)).toEqual(seed);
      expect(() => secondRekey.openEnvelope(kemSeed, { ...second, seq: second.seq - 1 }, fromFirst)).toThrow(
        "unable to authenticate",
      );
    }),
    RUNS,
  );
});

test("message bodies", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 300 });
  fc.assert(
    fc.property(bytes(32), header, bytes(32), bytes(16), text, up(2 ** 46), (key, place, r, salt, said, at) => {
      const content = textContent(said, at);
      expect(encodeText({ text: said, writtenAt: at })).toEqual(content);
      const aad = secondEntry.headerStart(place);
      const opening = secondBody.opening(r, content);
      const body = secondBody.sealBody(key, salt, aad, opening);
      const commitment = secondBody.contentCommitment(opening);
      expect(openBody(suite, key, aad, commitment, body)).toEqual({ content, opening });
      const first = sealBody(suite, key, aad, content);
      expect(secondBody.openBody(key, aad, first.commitment, first.body).content).toEqual(content);
    }),
    RUNS,
  );
});

test("answers to a resend", () => {
  fc.assert(
    fc.property(
      bytes(32),
      bytes(32),
      bytes(16),
      u32,
      fc.uint8Array({ maxLength: 900 }),
      bytes(64),
      (kemSeed, id, requester, keyNumber, opening, randomness) => {
        const place = { conversation: conversationOf(id), requester: deviceOf(requester), keyNumber };
        const publicKey = suite.kemPublicKey(kemSeed);
        const content = secondResend.answerContent([{ device: requester, channel: 1, seq: keyNumber, opening }]);
        const messages = [{ device: deviceOf(requester), channel: 1, seq: keyNumber, opening }];
        const fromSecond = secondResend.sealAnswer(publicKey, id, requester, keyNumber, content, randomness);
        expect(openResendAnswer(suite, place, kemSeed, fromSecond)).toEqual(messages);
        const fromFirst = sealResendAnswer(suite, place, publicKey, messages);
        expect(secondResend.openAnswer(kemSeed, id, requester, keyNumber, fromFirst)).toEqual(content);
      },
    ),
    RUNS,
  );
});

test("invites", () => {
  const name = fc.string({ unit: "grapheme", maxLength: 8 }).filter((text) => Buffer.byteLength(text) <= 32);
  const relay = fc.nat(65_535).map((port) => `/ip4/127.0.0.1/tcp/${port}/ws`);
  fc.assert(
    fc.property(
      bytes(32),
      bytes(32),
      bytes(16),
      u32,
      name,
      fc.array(relay, { maxLength: 2 }),
      (account, peerKey, secret, expiry, text, relays) => {
        const encoded = inviteBytes({
          account,
          peerKey,
          secret,
          expiry,
          name: text,
          relays: relays.map((one) => Buffer.from(one)),
        });
        const invite = {
          account: hex(account) as AccountId,
          peer: hex(peerKey) as PeerKey,
          secret,
          expiresAt: expiry * 1000,
          name: text,
          relays,
        };
        expect(encodeInvite(suite, invite)).toEqual(encoded);
        expect(decodeInvite(suite, encoded)).toEqual({ kind: "invite", invite });
      },
    ),
    RUNS,
  );
});

test("clock and read statements", () => {
  fc.assert(
    fc.property(
      bytes(32),
      bytes(32),
      bytes(16),
      up(2 ** 47),
      devices(20),
      u32,
      (logSeed, id, author, number, ids, seq) => {
        const head = { conversation: conversationOf(id), device: deviceOf(author), number };
        const rows = ids.map((device) => ({
          device,
          channel: 1,
          height: seq,
          prefix: device.slice(0, 4),
          opened: seq - 1,
        }));
        const marks = rows.map(({ prefix, device, ...row }) => ({
          ...row,
          device: deviceOf(device),
          headPrefix: hex(prefix),
        }));
        const clock = clockBytes(logSeed, id, author, number, rows);
        expect(encodeClock(suite, logSeed, { ...head, marks })).toEqual(clock);
        const earlier = clockBytes(logSeed, id, author, number - 1, rows.slice(1));
        const change = decodeClockChange(clockChangeBytes(clock, number - 1, rows.slice(0, 1)));
        expect(changedClock(earlier, change)).toEqual(clock);
        const readMarks = ids.map((device) => ({ device: deviceOf(device), seq }));
        const readRows = ids.map((device) => ({ device, seq }));
        expect(encodeSignedRead(suite, logSeed, { ...head, marks: readMarks })).toEqual(
          readBytes(logSeed, id, author, number, readRows),
        );
      },
    ),
    RUNS,
  );
});

test("sealed read statements", () => {
  const openings = fc.uint8Array({ minLength: 160, maxLength: 300 });
  fc.assert(
    fc.property(
      bytes(32),
      bytes(32),
      bytes(16),
      up(2 ** 47),
      devices(20),
      u32,
      openings,
      bytes(16),
      (logSeed, id, author, number, ids, seq, opening, salt) => {
        const read = {
          conversation: conversationOf(id),
          device: deviceOf(author),
          number,
          marks: ids.map((device) => ({ device: deviceOf(device), seq })),
        };
        const rows = ids.map((device) => ({ device, seq }));
        const anchor = { device: deviceOf(author), seq: 7 };
        const mine = encodeSealedRead(suite, logSeed, read, anchor, opening);
        expect(openReadRows(mine, opening)).toEqual(rows);
        const second = { device: author, seq: 7 };
        const theirs = sealedReadBytes(logSeed, id, author, number, rows, second, opening, salt);
        expect(openSealedRead(suite, theirs, opening)).toEqual(read.marks);
        expect(decodeSealedRead(theirs)).toEqual({
          conversation: read.conversation,
          device: read.device,
          number,
          anchor,
        });
      },
    ),
    RUNS,
  );
});

test("safety numbers", () => {
  fc.assert(
    fc.property(bytes(32), bytes(32), (one, other) => {
      const digits = safetyNumber(suite, hex(one) as AccountId, hex(other) as AccountId);
      expect(secondSafetyNumber(one, other)).toBe(digits);
    }),
    SAFETY_NUMBER_RUNS,
  );
});
