import { expect, test } from "vitest";
import {
  circuitAddress,
  parseRelay,
  parseRelays,
  peerIdToPeerKey,
  peerKeyToPeerId,
  webrtcAddress,
} from "../../../../src/adapters/libp2p/addresses.ts";
import type { PeerKey } from "../../../../src/core/codec/ids.ts";

// The public key of RFC 8032, section 7.1, test 1.
const ALICE = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a" as PeerKey;
const RELAY_ID = "12D3KooWPjceQrSwdWXPyLLeABRXmuqt69Rg3sBYbU1Nft9HyQ6X";
const CERT_HASH = "uEiD9eyNUoRkOL_KLs5cWndTTv15QQG4sRqk3HlzU6wQSkA";
const SECURE = `/dns4/relay.example/tcp/443/tls/ws/p2p/${RELAY_ID}`;
const LOCAL = `/ip4/127.0.0.1/tcp/4174/ws/p2p/${RELAY_ID}`;

test("a peer key and its peer id are the same key", () => {
  const peerId = peerKeyToPeerId(ALICE);
  expect(peerId.toString()).toMatch(/^12D3KooW/);
  expect(peerIdToPeerKey(peerId)).toBe(ALICE);
});

test.each(["", "00", `${ALICE}00`, ALICE.toUpperCase(), "z".repeat(64)])("refuses %o as a peer key", (text) => {
  expect(() => peerKeyToPeerId(text as PeerKey)).toThrow(TypeError);
});

test("reads a secure public relay everywhere", () => {
  expect(parseRelay(SECURE, false)).toMatchObject({ text: SECURE, id: RELAY_ID });
  expect(parseRelay(`/dns4/relay.example/tcp/443/wss/p2p/${RELAY_ID}`, false)).toBeDefined();
});

test("reads the address of a relay without a certificate, which brings the hash of its own", () => {
  const direct = `/ip4/93.184.216.34/udp/4175/webrtc-direct/certhash/${CERT_HASH}/p2p/${RELAY_ID}`;
  expect(parseRelay(direct, false)).toMatchObject({ text: direct, id: RELAY_ID });
  expect(parseRelay(direct.replace(`/certhash/${CERT_HASH}`, ""), true)).toBeUndefined();
  expect(parseRelay(direct.replace("/ip4/93.184.216.34", "/dns4/relay.example"), true)).toBeUndefined();
  expect(parseRelay(direct.replace("93.184.216.34", "192.168.1.7"), false)).toBeUndefined();
});

test.each([
  LOCAL,
  `/ip4/93.184.216.34/tcp/80/ws/p2p/${RELAY_ID}`,
  `/ip4/192.168.1.7/tcp/443/tls/ws/p2p/${RELAY_ID}`,
  `/ip6/::1/tcp/443/tls/ws/p2p/${RELAY_ID}`,
  `/dns4/localhost/tcp/443/tls/ws/p2p/${RELAY_ID}`,
  `/dns4/printer.local/tcp/443/tls/ws/p2p/${RELAY_ID}`,
])("dials %s only from a page on localhost", (text) => {
  expect(parseRelay(text, false)).toBeUndefined();
  expect(parseRelay(text, true)).toBeDefined();
});

test.each([
  "",
  "relay.example",
  "/dns4/relay.example/tcp/443/tls/ws",
  `/p2p/${RELAY_ID}`,
  `/ip4/1.2.3.4/udp/4001/quic-v1/p2p/${RELAY_ID}`,
  `${SECURE}/p2p-circuit`,
  `${SECURE}/p2p-circuit/p2p/${RELAY_ID}`,
  `/dnsaddr/relay.example/tcp/443/tls/ws/p2p/${RELAY_ID}`,
  `/dns4/${"a".repeat(300)}.org/tcp/443/tls/ws/p2p/${RELAY_ID}`,
])("takes %o for no relay", (text) => {
  expect(parseRelay(text, true)).toBeUndefined();
});

test("uses at most the given number of relays, each once", () => {
  const many = Array.from({ length: 50 }, (_, index) => SECURE.replace("443", String(1000 + index)));
  expect(parseRelays(many, false, 4)).toHaveLength(1);
  const other = peerKeyToPeerId(ALICE).toString();
  expect(
    parseRelays([SECURE, SECURE, LOCAL, SECURE.replace(RELAY_ID, other)], false, 4).map((relay) => relay.id),
  ).toEqual([RELAY_ID, other]);
  expect(parseRelays([...many, SECURE.replace(RELAY_ID, other)], false, 4)).toHaveLength(1);
});

test("builds the addresses that are dialled", () => {
  const relay = parseRelay(SECURE, false);
  const alice = peerKeyToPeerId(ALICE);
  if (relay === undefined) throw new Error("the relay was not read");
  expect(circuitAddress(relay, alice).toString()).toBe(`${SECURE}/p2p-circuit/p2p/${alice.toString()}`);
  expect(webrtcAddress(alice).toString()).toBe(`/webrtc/p2p/${alice.toString()}`);
});
