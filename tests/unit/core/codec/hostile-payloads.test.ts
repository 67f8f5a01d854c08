import fc from "fast-check";
import { expect, test } from "vitest";
import { concatBytes, textToBytes } from "../../../../src/core/codec/bytes.ts";
import { DecodeError } from "../../../../src/core/codec/decode-error.ts";
import { encodeHeader, NO_ENTRY } from "../../../../src/core/codec/entry.ts";
import type { AccountId, ConversationId, DeviceId, PeerKey } from "../../../../src/core/codec/ids.ts";
import { decodeInvite, encodeInvite, parseInviteText } from "../../../../src/core/conversations/invite-codec.ts";
import { createSuite } from "../../../../src/core/crypto/real-suite.ts";
import { readEntry } from "../../../../src/core/log/entry.ts";

const real = createSuite();
const header = encodeHeader({
  suite: 0,
  conversation: "ab".repeat(32) as ConversationId,
  device: "1f".repeat(16) as DeviceId,
  channel: 1,
  seq: 1,
  previous: NO_ENTRY,
  clock: "0198000000000000",
  dependencies: [{ device: "0f".repeat(16) as DeviceId, channel: 0, seq: 5, idPrefix: "11".repeat(8) }],
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
  peer: "cd".repeat(32) as PeerKey,
  secret: new Uint8Array(16),
  expiresAt: 1_900_000_000_000,
  name: "Ana",
  relays: ["/dns4/relay.example/tcp/443/wss/p2p/12D3"],
};

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
