import { multiaddr } from "@multiformats/multiaddr";
import { expect, test } from "vitest";
import { peerKeyToPeerId } from "../../../../src/adapters/libp2p/addresses.ts";
import { isSamePath, pathOf } from "../../../../src/adapters/libp2p/path.ts";
import type { PeerKey } from "../../../../src/core/codec/ids.ts";

const ALICE = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a" as PeerKey;
const BOB = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c" as PeerKey;
const alice = peerKeyToPeerId(ALICE).toString();
const bob = peerKeyToPeerId(BOB).toString();
const YAMUX = "/yamux/1.0.0";
const RELAY = `/ip4/127.0.0.1/tcp/4174/ws/p2p/${bob}`;

test("a connection of data channels is direct", () => {
  expect(pathOf({ multiplexer: "/webrtc", remoteAddr: multiaddr(`/webrtc/p2p/${alice}`) })).toEqual({ kind: "direct" });
});

test("a link that was set up by hand is direct, though libp2p's own muxer runs on it", () => {
  expect(pathOf({ multiplexer: YAMUX, remoteAddr: multiaddr(`/webrtc/p2p/${alice}`) })).toEqual({ kind: "direct" });
});

test("a circuit through a relay names the relay, without limits too", () => {
  const remoteAddr = multiaddr(`${RELAY}/p2p-circuit/p2p/${alice}`);
  expect(pathOf({ multiplexer: YAMUX, remoteAddr })).toEqual({ kind: "relay", relay: RELAY });
});

test.each([`/p2p/${bob}/p2p-circuit/p2p/${alice}`, `/webrtc/p2p/${bob}/p2p-circuit/p2p/${alice}`])(
  "a circuit through another peer names the peer: %s",
  (address) => {
    expect(pathOf({ multiplexer: YAMUX, remoteAddr: multiaddr(address) })).toEqual({ kind: "peer", helper: BOB });
  },
);

test("paths are the same only when they go through the same helper", () => {
  expect(isSamePath(undefined, { kind: "away" })).toBe(false);
  expect(isSamePath({ kind: "direct" }, { kind: "direct" })).toBe(true);
  expect(isSamePath({ kind: "relay", relay: "/a" }, { kind: "relay", relay: "/b" })).toBe(false);
  expect(isSamePath({ kind: "peer", helper: ALICE }, { kind: "peer", helper: ALICE })).toBe(true);
});
