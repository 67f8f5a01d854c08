import { expect, test } from "vitest";
import { parseRelays, peerKeyToPeerId } from "../../../../src/adapters/libp2p/addresses.ts";
import { type WaySources, wayOf, waysTo } from "../../../../src/adapters/libp2p/ways.ts";
import type { PeerKey } from "../../../../src/core/codec/ids.ts";

const keyOf = (digit: string): PeerKey => digit.repeat(64) as PeerKey;
const idOf = (digit: string): string => peerKeyToPeerId(keyOf(digit)).toString();
const [bob, carol, dave] = [keyOf("b"), keyOf("c"), keyOf("d")] as const;
const texts = ["1", "2", "3"].map((digit) => `/dns4/r${digit}.example/tcp/443/wss/p2p/${idOf(digit)}`);
const [far, near, spare] = ["1", "2", "3"].map(idOf);

function namesOf(change: Partial<WaySources> = {}): readonly string[] {
  const sources: WaySources = {
    to: peerKeyToPeerId(bob),
    helpers: [carol, dave],
    mayHelp: [],
    relays: parseRelays([...texts, ...texts], false, 9),
    isConnected: ({ id }) => id === near,
    lastWay: undefined,
    doubtful: new Set(),
    ...change,
  };
  return waysTo(sources).map(({ name }) => name);
}

test("helpers come first, then the relays that are connected, each once", () => {
  expect(namesOf()).toEqual([carol, dave, near, far, spare]);
  expect(namesOf({ helpers: [carol], mayHelp: [dave, carol] })).toEqual([carol, near, far, spare, dave]);
});

test("what led there last is tried before all others", () => {
  expect(namesOf({ lastWay: spare })).toEqual([spare, carol, dave, near, far]);
  expect(namesOf({ lastWay: dave })).toEqual([dave, carol, near, far, spare]);
});

test("what led there last opens no way that is none now", () => {
  expect(namesOf({ helpers: [], lastWay: carol })).toEqual([near, far, spare]);
  expect(namesOf({ relays: parseRelays(texts.slice(0, 2), false, 9), lastWay: spare })).not.toContain(spare);
});

test("what is in doubt is tried last, also when it led there last", () => {
  expect(namesOf({ lastWay: carol, doubtful: new Set([carol]) })).toEqual([dave, near, far, spare, carol]);
});

test("a path is known again by its relay's id or its helper's key", () => {
  expect(wayOf({ kind: "relay", relay: texts[0] ?? "" })).toBe(far);
  expect(wayOf({ kind: "peer", helper: carol })).toBe(carol);
  expect(wayOf({ kind: "relay", relay: "/memory/relay" })).toBeUndefined();
});
