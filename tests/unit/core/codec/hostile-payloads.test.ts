import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { concatBytes, textToBytes } from "../../../../src/core/codec/bytes.ts";
import { DecodeError } from "../../../../src/core/codec/decode-error.ts";
import { encodeHeader, NO_ENTRY } from "../../../../src/core/codec/entry.ts";
import type { AccountId, ConversationId, DeviceId, InviteId, PeerKey } from "../../../../src/core/codec/ids.ts";
import { decodeBundle } from "../../../../src/core/conversations/bundle.ts";
import { decodeContent, encodeText } from "../../../../src/core/conversations/content.ts";
import { decodeClaim, decodeRefusal, encodeClaim } from "../../../../src/core/conversations/first-contact-codec.ts";
import { decodeGenesis, encodeGenesis } from "../../../../src/core/conversations/genesis.ts";
import { decodeInvite, encodeInvite, parseInviteText } from "../../../../src/core/conversations/invite-codec.ts";
import { decodeClock, decodeRead, encodeClock, encodeRead } from "../../../../src/core/conversations/statements.ts";
import {
  decodeDeviceList,
  decodeProfile,
  deviceIdOf,
  consentingDevice,
  encodeDeviceList,
  encodeProfile,
} from "../../../../src/core/crypto/identity.ts";
import { createClearSuite, type Suite } from "../../../../src/core/crypto/suite.ts";
import { readEntry } from "../../../../src/core/log/entry.ts";
import {
  decodeEntryFrame,
  decodeGreet,
  decodeHave,
  decodeHello,
  decodeWant,
  encodeEntryFrame,
  encodeGreet,
  encodeHave,
  encodeHello,
  encodeWant,
} from "../../../../src/core/sync/payloads.ts";
import { seededRandom } from "../../../support/seeded-random.ts";

const real = createClearSuite();
/** Every signature passes, so that what lies behind the check is reached. */
const trusting: Suite = { ...real, verify: () => true };

const seed = new Uint8Array(32).fill(7);
const logKey = real.publicKey(seed);
const device = deviceIdOf(real, logKey);
const other = "0f".repeat(16) as DeviceId;
const conversation = "ab".repeat(32) as ConversationId;
const peerKey = "cd".repeat(32) as PeerKey;
const listed = consentingDevice(real, logKey, { logSeed: seed, peerSeed: seed }, 1_700_000_000_000);
const list = { rootKey: logKey, number: 3, devices: [listed] };
const listBytes = encodeDeviceList(real, seed, list);
const profileBytes = encodeProfile(real, seed, { device, number: 2, name: "Bob" });
const bundle = concatBytes(
  Uint8Array.of(1, listBytes.length >> 8, listBytes.length & 0xff),
  listBytes,
  Uint8Array.of(0, profileBytes.length),
  profileBytes,
  Uint8Array.of(0, 0),
);
const header = encodeHeader({
  suite: 0,
  conversation,
  device,
  channel: 1,
  seq: 1,
  previous: NO_ENTRY,
  clock: "0198000000000000",
  dependencies: [{ device: other, channel: 0, seq: 5, idPrefix: "11".repeat(8) }],
  kind: 1,
  epoch: 0,
  generation: 0,
  commitment: new Uint8Array(32),
  bodyLength: 3,
  bodyHash: real.hash(Uint8Array.of(1, 2, 3)),
});
const parts = { header, signature: new Uint8Array(64), body: Uint8Array.of(1, 2, 3) };
const invite = {
  account: "ee".repeat(32) as AccountId,
  peer: peerKey,
  secret: new Uint8Array(16),
  expiresAt: 1_900_000_000_000,
  name: "Ana",
  relays: ["/dns4/relay.example/tcp/443/wss/p2p/12D3"],
};
const mark = { device, channel: 1, height: 9, headPrefix: "01020304", opened: 8 };
const statement = { conversation, device, number: 12 };

const decoders: readonly (readonly [name: string, valid: Uint8Array, decode: (bytes: Uint8Array) => unknown])[] = [
  ["greet", encodeGreet({ nonce: new Uint8Array(32), relays: ["/memory/a", "/memory/b"] }), decodeGreet],
  ["hello", encodeHello({ tag: new Uint8Array(32), digest: new Uint8Array(32) }), decodeHello],
  ["have", encodeHave([{ device, channel: 1, base: 0, height: 4, headPrefix: "01020304" }]), decodeHave],
  ["want", encodeWant([{ device, channel: 1, from: 2, to: 4 }]), decodeWant],
  [
    "entry",
    encodeEntryFrame({ isLastOfBatch: true, parts }),
    (bytes) => readEntry(real, decodeEntryFrame(bytes).parts),
  ],
  ["claim", encodeClaim({ invite: "aa".repeat(16) as InviteId, bundle, genesis: parts }), decodeClaim],
  ["refusal", Uint8Array.of(1), decodeRefusal],
  ["bundle", bundle, (bytes) => decodeBundle(trusting, bytes)],
  ["device list", listBytes, (bytes) => decodeDeviceList(trusting, bytes)],
  ["profile", profileBytes, (bytes) => decodeProfile(trusting, list, bytes)],
  [
    "genesis",
    encodeGenesis({ nonce: new Uint8Array(16), founder: invite.account, other: "ff".repeat(32) as AccountId }),
    decodeGenesis,
  ],
  ["clock", encodeClock(real, seed, { ...statement, marks: [mark, { ...mark, channel: 2 }] }), decodeClock],
  [
    "read",
    encodeRead(real, seed, {
      ...statement,
      marks: [
        { device, seq: 3 },
        { device: other, seq: 4 },
      ],
    }),
    decodeRead,
  ],
];

/** Never throws by contract. */
const readers: readonly (readonly [name: string, valid: Uint8Array, read: (bytes: Uint8Array) => unknown])[] = [
  ["invite", encodeInvite(real, invite), (bytes) => decodeInvite(real, bytes)],
  ["content", encodeText({ text: "hello", writtenAt: 1_700_000_000_000 }), decodeContent],
];

const INPUTS_PER_RUN = 50;
const RUNS = 400;

/** Random bytes, and valid bytes with some changed, cut, repeated or put in. */
function spoiled(valid: Uint8Array, random: () => number): Uint8Array {
  const below = (limit: number): number => Math.floor(random() * limit);
  if (random() < 0.2) return Uint8Array.from({ length: below(400) }, () => below(256));
  let bytes: Uint8Array = valid.slice();
  for (let change = below(4); change >= 0; change -= 1) {
    const at = below(bytes.length + 1);
    const kind = below(4);
    if (kind === 0) bytes = bytes.slice(0, at);
    else if (kind === 1) bytes = concatBytes(bytes.slice(0, at), Uint8Array.of(below(256)), bytes.slice(at));
    else if (kind === 2) bytes = concatBytes(bytes.slice(0, at), bytes.slice(below(bytes.length + 1)));
    else bytes[at] = random() < 0.3 ? 255 : below(256);
  }
  return bytes;
}

function expectOnSpoiled(valid: Uint8Array, check: (bytes: Uint8Array) => void): void {
  fc.assert(
    fc.property(fc.integer(), (start) => {
      const random = seededRandom(start);
      for (let input = 0; input < INPUTS_PER_RUN; input += 1) check(spoiled(valid, random));
    }),
    { numRuns: RUNS },
  );
}

describe.each(decoders)("%s", (_name, valid, decode) => {
  test("is read when it is valid", () => {
    expect(() => decode(valid)).not.toThrow();
  });

  test("is refused with a DecodeError and nothing else when it is not", () => {
    expectOnSpoiled(valid, (bytes) => {
      try {
        decode(bytes);
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
      }
    });
  });
});

test.each(readers)("%s of any bytes reads as something", (_name, valid, read) => {
  expectOnSpoiled(valid, (bytes) => {
    read(bytes);
  });
});

test("an invite with any single byte changed, added or taken away is called incomplete or newer", () => {
  const valid = encodeInvite(real, invite);
  expect(decodeInvite(real, valid)).toEqual({ kind: "invite", invite });
  for (let at = 0; at < valid.length; at += 1) {
    const changed = valid.slice();
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(decodeInvite(real, changed).kind).toBe("incomplete");
    expect(decodeInvite(real, valid.slice(0, at)).kind).toBe("incomplete");
  }
  expect(decodeInvite(real, concatBytes(valid, Uint8Array.of(0))).kind).toBe("incomplete");
});

test("an invite of a later version is told apart from a damaged one", () => {
  const body = concatBytes(Uint8Array.of(2), textToBytes("whatever a later version says"));
  const hash = real.hash(concatBytes(textToBytes("kith/invite-checksum/1"), body));
  expect(decodeInvite(real, concatBytes(body, hash.subarray(0, 4)))).toEqual({ kind: "newer" });
});

test("pasted text is never a fault", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 500 }), (text) => parseInviteText(real, text).kind !== "invite"),
    { numRuns: 2_000 },
  );
});

test("an entry is refused when any part of it does not belong to the others", () => {
  expect(readEntry(real, parts).header.previous).toBe(NO_ENTRY);
  expect(() => readEntry(real, { ...parts, body: Uint8Array.of(1, 2, 4) })).toThrow(DecodeError);
  expect(() => readEntry(real, { ...parts, body: Uint8Array.of(1, 2) })).toThrow(DecodeError);
  expect(() => readEntry(real, { ...parts, signature: new Uint8Array(63) })).toThrow(DecodeError);
  expect(() => readEntry(real, { ...parts, body: new Uint8Array(15_000) })).toThrow(DecodeError);
});
