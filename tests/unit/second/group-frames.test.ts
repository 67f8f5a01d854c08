/** What members of a group level beside entries, in both implementations: the frozen case, and random ones. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { bytesToHex } from "../../../src/core/codec/bytes.ts";
import { DecodeError } from "../../../src/core/codec/decode-error.ts";
import type { DeviceId, EntryId } from "../../../src/core/codec/ids.ts";
import { createSuite } from "../../../src/core/crypto/real-suite.ts";
import { readEntry } from "../../../src/core/log/entry.ts";
import { decodeListsHeld, encodeListRows, encodeListsHeld } from "../../../src/core/sync/device-list-frames.ts";
import {
  decodeEnvelopes,
  decodeEnvelopesWanted,
  encodeEnvelopes,
  encodeEnvelopesWanted,
} from "../../../src/core/sync/envelope-frames.ts";
import { decodeOperationsWanted, encodeOperationsWanted } from "../../../src/core/sync/operation-frames.ts";
import { decodeEntryFrame, encodeEntryFrame } from "../../../src/core/sync/payloads.ts";
import * as second from "../../second/group-frames.ts";
import type { VECTOR_FILES } from "../../second/vector-cases.ts";
import type { Hexed } from "../../support/hexed.ts";
import { fromHex } from "../../support/published-vectors.ts";

const ENVELOPE_BYTES = 1168;
const suite = createSuite();
const path = new URL("../../vectors/kith-group-frames.json", import.meta.url);
const vector = JSON.parse(readFileSync(path, "utf8")) as Hexed<(typeof VECTOR_FILES)["group-frames"]>;

const bytes = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });
const uint32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const placeOf = fc.record({ author: bytes(16), seq: uint32 });

const device = (id: Uint8Array): DeviceId => bytesToHex(id) as DeviceId;
const rekeyPlace = ({ author, seq }: second.SecondRekeyPlace) => ({ device: device(author), seq });
const carriedOf = ({ recipient, envelope }: second.SecondCarried) => ({
  recipient: device(recipient),
  bytes: envelope,
});
const listRow = (held: second.SecondHeldList) => ({
  account: bytesToHex(held.account.slice(0, 8)),
  number: held.number,
  prefix: bytesToHex(suite.hash(Buffer.concat([held.list, held.before ?? new Uint8Array(0)])).slice(0, 4)),
});
const inOrder = (held: readonly second.SecondHeldList[]) =>
  held.map(listRow).toSorted((one, other) => (one.account < other.account ? -1 : 1));

test("the frozen envelopes that are carried, and asked for", () => {
  const place = rekeyPlace({ ...vector.place, author: fromHex(vector.place.author) });
  const envelopes = vector.carried.map(({ recipient, envelope }) =>
    carriedOf({ recipient: fromHex(recipient), envelope: fromHex(envelope) }),
  );
  expect(decodeEnvelopes(fromHex(vector.envelopes))).toEqual({ ...place, envelopes });
  expect(bytesToHex(encodeEnvelopes({ ...place, envelopes }))).toBe(vector.envelopes);
  const wanted = vector.wanted.map(({ author, seq }) => rekeyPlace({ author: fromHex(author), seq }));
  expect(decodeEnvelopesWanted(fromHex(vector.envelopesWanted))).toEqual(wanted);
  expect(bytesToHex(encodeEnvelopesWanted(wanted))).toBe(vector.envelopesWanted);
});

test("the frozen digest and rows of the device lists that are held", () => {
  const held = vector.lists.map((one) => ({
    account: fromHex(one.account),
    number: one.number,
    list: fromHex(one.list),
    before: one.before === undefined ? undefined : fromHex(one.before),
  }));
  const rows = inOrder(held);
  const digest = suite.hash(encodeListRows(rows)).slice(0, 8);
  expect(bytesToHex(encodeListsHeld({ digest }))).toBe(vector.listsDigest);
  expect(decodeListsHeld(fromHex(vector.listsDigest))).toEqual({ digest });
  expect(bytesToHex(encodeListsHeld({ digest, rows }))).toBe(vector.listsHeld);
  expect(decodeListsHeld(fromHex(vector.listsHeld))).toEqual({ digest, rows });
});

test("the frozen operations that are wanted, and one that comes", () => {
  expect(decodeOperationsWanted(fromHex(vector.operationsWanted))).toEqual(vector.ids);
  expect(bytesToHex(encodeOperationsWanted(vector.ids.map((id) => id as EntryId)))).toBe(vector.operationsWanted);
  const entry = decodeEntryFrame(fromHex(vector.operation));
  expect(readEntry(suite, entry.parts).id).toBe(vector.ids[0]);
  expect(bytesToHex(encodeEntryFrame({ isLastOfBatch: true, parts: entry.parts }))).toBe(vector.operation);
});

test("what one writes of envelopes and operations, the other does in the same way", () => {
  const carried = fc.record({ recipient: bytes(16), envelope: bytes(ENVELOPE_BYTES) });
  const made = fc.record({
    place: placeOf,
    carried: fc.array(carried, { minLength: 1, maxLength: 3 }),
    wanted: fc.array(placeOf, { minLength: 1, maxLength: 64 }),
    ids: fc.array(bytes(32), { minLength: 1, maxLength: 64 }),
  });
  fc.assert(
    fc.property(made, (given) => {
      const frame = { ...rekeyPlace(given.place), envelopes: given.carried.map(carriedOf) };
      const envelopes = second.envelopesPayload(given.place, given.carried);
      expect(encodeEnvelopes(frame)).toEqual(envelopes);
      expect(decodeEnvelopes(envelopes)).toEqual(frame);
      const places = given.wanted.map(rekeyPlace);
      const envelopesWanted = second.envelopesWantedPayload(given.wanted);
      expect(encodeEnvelopesWanted(places)).toEqual(envelopesWanted);
      expect(decodeEnvelopesWanted(envelopesWanted)).toEqual(places);
      const ids = given.ids.map((id) => bytesToHex(id) as EntryId);
      const operationsWanted = second.operationsWantedPayload(given.ids);
      expect(encodeOperationsWanted(ids)).toEqual(operationsWanted);
      expect(decodeOperationsWanted(operationsWanted)).toEqual(ids);
    }),
    { numRuns: 20 },
  );
});

test("what one writes of device lists, the other does in the same way, in whatever order they are known", () => {
  const list = fc.record({
    account: bytes(32),
    number: uint32,
    list: fc.uint8Array({ maxLength: 300 }),
    before: fc.option(fc.uint8Array({ minLength: 1, maxLength: 300 }), { nil: undefined }),
  });
  const lists = fc.uniqueArray(list, { maxLength: 20, selector: ({ account }) => bytesToHex(account.slice(0, 8)) });
  fc.assert(
    fc.property(lists, (held) => {
      const rows = inOrder(held);
      const digest = suite.hash(encodeListRows(rows)).slice(0, 8);
      expect(encodeListsHeld({ digest })).toEqual(second.listsDigestPayload(held));
      expect(encodeListsHeld({ digest, rows })).toEqual(second.listsHeldPayload(held));
      expect(decodeListsHeld(second.listsHeldPayload(held))).toEqual({ digest, rows });
    }),
    { numRuns: 30 },
  );
});

test("more than a frame may name is refused, and so is what is cut short or goes on", () => {
  const places = Array.from({ length: 65 }, (_, seq) => ({ author: new Uint8Array(16), seq }));
  const carried = Array.from({ length: 14 }, () => ({
    recipient: new Uint8Array(16),
    envelope: new Uint8Array(ENVELOPE_BYTES),
  }));
  const ids = places.map(() => new Uint8Array(32));
  const [place = { author: new Uint8Array(16), seq: 1 }] = places;
  expect(() => decodeEnvelopesWanted(second.envelopesWantedPayload(places))).toThrow(DecodeError);
  expect(() => decodeEnvelopes(second.envelopesPayload(place, carried))).toThrow(DecodeError);
  expect(() => decodeOperationsWanted(second.operationsWantedPayload(ids))).toThrow(DecodeError);
  const frozen: readonly (readonly [string, (payload: Uint8Array) => unknown])[] = [
    [vector.envelopes, decodeEnvelopes],
    [vector.envelopesWanted, decodeEnvelopesWanted],
    [vector.listsHeld, decodeListsHeld],
    [vector.operationsWanted, decodeOperationsWanted],
  ];
  for (const [hex, decode] of frozen) {
    const payload = fromHex(hex);
    expect(() => decode(payload)).not.toThrow();
    expect(() => decode(payload.subarray(0, -1))).toThrow(DecodeError);
    expect(() => decode(Buffer.concat([payload, new Uint8Array(1)]))).toThrow(DecodeError);
  }
});
