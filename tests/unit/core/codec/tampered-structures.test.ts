/**
 * Every signed or checksummed structure of the wire, tampered with: refused. Sealed ones are in crypto/sealed-structures, those
 * that carry no proof of their own, and have one encoding, in codec/fuzz.
 */
import { describe, expect, test } from "vitest";
import { DecodeError } from "../../../../src/core/codec/decode-error.ts";
import type { AccountId, ConversationId, DeviceId } from "../../../../src/core/codec/ids.ts";
import { bytesToHex, concatBytes } from "../../../../src/core/codec/bytes.ts";
import { decodeBundle } from "../../../../src/core/conversations/bundle.ts";
import { decodeInvite } from "../../../../src/core/conversations/invite-codec.ts";
import { decodeClock, decodeRead, verifyClock, verifyRead } from "../../../../src/core/conversations/statements.ts";
import { decodeSealedRead, openSealedRead, verifySealedRead } from "../../../../src/core/conversations/sealed-read.ts";
import { decodeCode } from "../../../../src/core/conversations/verify-code.ts";
import { decodeCard } from "../../../../src/core/couriers/card.ts";
import { openParcel } from "../../../../src/core/couriers/parcel.ts";
import { decodeReceipt, openReceiptClock, verifyReceipt } from "../../../../src/core/couriers/receipt.ts";
import { decodeToken, verifyToken } from "../../../../src/core/couriers/token.ts";
import { decodeDeviceList, decodeProfile } from "../../../../src/core/crypto/identity.ts";
import { decodeKeyPackage } from "../../../../src/core/crypto/key-package.ts";
import { createSuite } from "../../../../src/core/crypto/real-suite.ts";
import { type EntryParts, readEntry, verifyEntry } from "../../../../src/core/log/entry.ts";
import { VECTOR_FILES } from "../../../second/vector-cases.ts";
import { tampered } from "../../../support/tampered.ts";

/** KITH_LONG=1 turns a bit of every byte. */
const STRIDE = process.env["KITH_LONG"] === "1" ? 1 : 5;
const TEST_LIMIT_MS = 120_000;

const suite = createSuite();
const { people } = VECTOR_FILES.identity;
const { statements, invite, entry, couriers } = VECTOR_FILES;
const [alice] = people;
const [genesis] = entry.entries;
if (alice === undefined) throw new Error("vectors are missing");
const list = decodeDeviceList(suite, alice.list);
const genesisParts = { header: genesis.header, signature: genesis.signature, body: genesis.body };
const SIGNATURE_BYTES = 64;

interface Structure {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** STRIDE if left out. */
  readonly stride?: number;
  /** Whether the bytes are taken. */
  readonly isTaken: (bytes: Uint8Array) => boolean;
}

/** Whether decoding ends without a DecodeError. */
function decodes(decode: () => unknown): boolean {
  try {
    decode();
    return true;
  } catch (error) {
    if (error instanceof DecodeError) return false;
    throw error;
  }
}

function entryWith(parts: Partial<EntryParts>): boolean {
  const changed = { ...genesisParts, ...parts };
  return decodes(() => readEntry(suite, changed)) && verifyEntry(suite, entry.logKey, changed);
}

const owner = {
  conversation: bytesToHex(entry.conversation) as ConversationId,
  device: bytesToHex(alice.device) as DeviceId,
  logKey: alice.logKey,
};

const cardOwner = {
  account: bytesToHex(couriers.token.recipient) as AccountId,
  holder: bytesToHex(couriers.token.depositor) as AccountId,
  logKeyOf: () => couriers.logKey,
};
const parcelPlace = { id: bytesToHex(couriers.parcelId), device: bytesToHex(couriers.card.device) as DeviceId };
const clockPlace = { parcel: parcelPlace.id, reader: bytesToHex(couriers.readerDevice) as DeviceId };

const structures: readonly Structure[] = [
  { name: "a device list", bytes: alice.list, isTaken: (bytes) => decodes(() => decodeDeviceList(suite, bytes)) },
  { name: "a profile", bytes: alice.profile, isTaken: (bytes) => decodes(() => decodeProfile(suite, list, bytes)) },
  { name: "a bundle", bytes: alice.bundle, isTaken: (bytes) => decodes(() => decodeBundle(suite, bytes)) },
  {
    name: "a key package",
    bytes: alice.keyPackage,
    isTaken: (bytes) => decodes(() => decodeKeyPackage(suite, owner, bytes)),
  },
  { name: "an entry's header", bytes: genesis.header, isTaken: (header) => entryWith({ header }) },
  { name: "an entry's signature", bytes: genesis.signature, isTaken: (signature) => entryWith({ signature }) },
  { name: "an entry's body", bytes: genesis.body, isTaken: (body) => entryWith({ body }) },
  {
    name: "a clock statement",
    bytes: statements.clock,
    isTaken: (bytes) => decodes(() => decodeClock(bytes)) && verifyClock(suite, statements.logKey, bytes),
  },
  {
    name: "a read statement",
    bytes: statements.read,
    isTaken: (bytes) => decodes(() => decodeRead(bytes)) && verifyRead(suite, statements.logKey, bytes),
  },
  {
    name: "a sealed read statement",
    bytes: statements.sealedRead,
    isTaken: (bytes) => decodes(() => decodeSealedRead(bytes)) && verifySealedRead(suite, statements.logKey, bytes),
  },
  {
    name: "what is sealed in a read statement, signed anew by its author",
    bytes: statements.sealedRead.slice(0, -SIGNATURE_BYTES),
    isTaken: (bytes) => {
      const whole = concatBytes(bytes, new Uint8Array(SIGNATURE_BYTES));
      return decodes(() => decodeSealedRead(whole)) && openSealedRead(suite, whole, statements.opening) !== undefined;
    },
  },
  {
    name: "a deposit token",
    bytes: couriers.token.encoded,
    isTaken: (bytes) => decodes(() => decodeToken(bytes)) && verifyToken(suite, couriers.logKey, bytes),
  },
  {
    name: "a courier card",
    bytes: couriers.card.encoded,
    isTaken: (bytes) => decodes(() => decodeCard(suite, cardOwner, bytes)),
  },
  {
    name: "a receipt",
    bytes: couriers.receipt,
    isTaken: (bytes) => decodes(() => decodeReceipt(bytes)) && verifyReceipt(suite, couriers.logKey, bytes),
  },
  {
    name: "the clock in a receipt",
    bytes: couriers.sealedClock,
    isTaken: (bytes) => openReceiptClock(suite, clockPlace, () => couriers.readerKemSeed, bytes) !== undefined,
  },
  {
    name: "a parcel",
    // Each opening costs a decapsulation: what follows the first bytes is one ciphertext.
    bytes: couriers.parcel,
    stride: 61,
    isTaken: (bytes) => openParcel(suite, parcelPlace, couriers.kemSeed, bytes) !== undefined,
  },
  { name: "an invite", bytes: invite.invite, isTaken: (bytes) => decodeInvite(suite, bytes).kind === "invite" },
  {
    name: "an on-screen code",
    bytes: Buffer.from(VECTOR_FILES["safety-number"].code.slice("Kith code ".length), "base64url"),
    isTaken: (bytes) => decodeCode(suite, `Kith code ${Buffer.from(bytes).toString("base64url")}`) !== undefined,
  },
];

describe.each(structures)("$name", ({ bytes, stride = STRIDE, isTaken }) => {
  test("is taken as it is, and refused with a bit turned, cut, extended or moved", { timeout: TEST_LIMIT_MS }, () => {
    expect(isTaken(bytes)).toBe(true);
    for (const { name, bytes: changed } of tampered(bytes, stride)) expect(isTaken(changed), name).toBe(false);
  });
});

test("a parcel opens under its own id and for its own device only", () => {
  const [id, device] = ["ab".repeat(16), "cd".repeat(16) as DeviceId];
  for (const place of [
    { ...parcelPlace, id },
    { ...parcelPlace, device },
  ]) {
    expect(openParcel(suite, place, couriers.kemSeed, couriers.parcel)).toBeUndefined();
  }
  expect(openParcel(suite, parcelPlace, couriers.readerKemSeed, couriers.parcel)).toBeUndefined();
});

test("a card is of use to its holder alone, and only if a device of its account signed it and every token", () => {
  const { encoded } = couriers.card;
  const stranger = "ef".repeat(32) as AccountId;
  for (const owner of [
    { ...cardOwner, holder: stranger },
    { ...cardOwner, account: stranger },
    { ...cardOwner, logKeyOf: () => undefined },
    { ...cardOwner, logKeyOf: () => alice.logKey },
  ]) {
    expect(decodes(() => decodeCard(suite, owner, encoded))).toBe(false);
  }
});

test("a signature for one kind of statement is none for another", () => {
  const signature = statements.read.slice(-SIGNATURE_BYTES);
  const borrowed = concatBytes(statements.clock.slice(0, -SIGNATURE_BYTES), signature);
  expect(verifyClock(suite, statements.logKey, borrowed)).toBe(false);
  expect(verifyRead(suite, statements.logKey, statements.clock)).toBe(false);
  expect(verifyClock(suite, statements.logKey, statements.read)).toBe(false);
  expect(verifyRead(suite, statements.logKey, statements.sealedRead)).toBe(false);
  expect(verifySealedRead(suite, statements.logKey, statements.read)).toBe(false);
});
