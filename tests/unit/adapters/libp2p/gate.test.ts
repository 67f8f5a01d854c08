import { multiaddr } from "@multiformats/multiaddr";
import { expect, test } from "vitest";
import { parseRelays, peerKeyToPeerId } from "../../../../src/adapters/libp2p/addresses.ts";
import { Gate, MAX_STRANGER_CONNECTIONS } from "../../../../src/adapters/libp2p/gate.ts";
import type { PeerKey } from "../../../../src/core/codec/ids.ts";
import { ManualClock } from "../../../support/manual-clock.ts";

const key = (number: number) => number.toString(16).padStart(64, "0") as PeerKey;
const ALICE = key(1);
const MALLORY = key(2);
const alice = peerKeyToPeerId(ALICE);
const mallory = peerKeyToPeerId(MALLORY);
const relayId = peerKeyToPeerId(key(3));
const RELAY = `/ip4/127.0.0.1/tcp/4174/ws/p2p/${relayId.toString()}`;

function scene(strangers = 0) {
  const clock = new ManualClock();
  const gate = new Gate({ clock, allowInsecure: true, countStrangers: () => strangers });
  gate.setOwnRelays(parseRelays([RELAY], true, 1));
  gate.setWanted(new Map([[ALICE, { allowDirect: true }]]), []);
  return { clock, gate, rules: gate.connectionGater() };
}

test("dials relays and wanted peers, and nobody else", async () => {
  const { rules } = scene();
  expect(await rules.denyDialPeer?.(relayId)).toBe(false);
  expect(await rules.denyDialPeer?.(alice)).toBe(false);
  expect(await rules.denyDialPeer?.(mallory)).toBe(true);
  expect(await rules.denyDialMultiaddr?.(multiaddr(RELAY))).toBe(false);
  const elsewhere = multiaddr(`/ip4/127.0.0.1/tcp/9999/ws/p2p/${mallory.toString()}`);
  expect(await rules.denyDialMultiaddr?.(elsewhere)).toBe(true);
});

test("only wanted peers with direct links allowed may go direct", () => {
  const { gate } = scene();
  expect(gate.mayGoDirect(alice)).toBe(true);
  expect(gate.mayGoDirect(mallory)).toBe(false);
  gate.setWanted(new Map([[ALICE, { allowDirect: false }]]), []);
  expect(gate.mayGoDirect(alice)).toBe(false);
});

test("who is expected over a link made by hand may come, directly, for a minute", async () => {
  const { gate, clock, rules } = scene(MAX_STRANGER_CONNECTIONS);
  expect(await rules.denyDialPeer?.(mallory)).toBe(true);
  gate.expect(MALLORY);
  expect([gate.isWanted(MALLORY), gate.mayGoDirect(mallory)]).toEqual([true, true]);
  expect(await rules.denyDialPeer?.(mallory)).toBe(false);
  await clock.advance(60_000);
  expect([gate.isWanted(MALLORY), gate.mayGoDirect(mallory)]).toEqual([false, false]);
});

test("nobody who is blocked comes because they are expected", () => {
  const { gate } = scene();
  gate.setBlocked([MALLORY]);
  gate.expect(MALLORY);
  expect(gate.mayGoDirect(mallory)).toBe(false);
});

test("strangers come in through own relays until there are too many", async () => {
  expect(await scene(0).rules.denyInboundRelayedConnection?.(relayId, mallory)).toBe(false);
  expect(await scene(0).rules.denyInboundRelayedConnection?.(mallory, alice)).toBe(true);
  const full = scene(MAX_STRANGER_CONNECTIONS).rules;
  expect(await full.denyInboundRelayedConnection?.(relayId, mallory)).toBe(true);
  expect(await full.denyInboundRelayedConnection?.(relayId, alice)).toBe(false);
});

test("a refused peer stays out until its time is over, wanted or not", async () => {
  const { gate, rules, clock } = scene();
  gate.refuse(ALICE, 1000);
  expect(gate.isRefused(ALICE)).toBe(true);
  expect(gate.mayGoDirect(alice)).toBe(false);
  expect(await rules.denyDialPeer?.(alice)).toBe(true);
  expect(await rules.denyInboundRelayedConnection?.(relayId, alice)).toBe(true);
  await clock.advance(1000);
  expect(gate.isRefused(ALICE)).toBe(false);
});

test("a blocked peer stays out until another set replaces this one, wanted or not", async () => {
  const { gate, rules, clock } = scene();
  gate.setBlocked([ALICE]);
  await clock.advance(365 * 24 * 60 * 60_000);
  expect(gate.mayGoDirect(alice)).toBe(false);
  expect(await rules.denyDialPeer?.(alice)).toBe(true);
  expect(await rules.denyInboundRelayedConnection?.(relayId, alice)).toBe(true);
  expect(await rules.denyInboundRelayedConnection?.(relayId, mallory)).toBe(false);
  gate.setBlocked([]);
  expect(gate.mayGoDirect(alice)).toBe(true);
});

test("stores no address a peer claims for itself", async () => {
  const { rules } = scene();
  expect(await rules.filterMultiaddrForPeer?.(alice, multiaddr(`/ip4/10.0.0.1/tcp/1/ws/p2p/${alice.toString()}`))).toBe(
    false,
  );
  expect(await rules.filterMultiaddrForPeer?.(relayId, multiaddr(RELAY))).toBe(true);
});

test("circuits come through own relays, and through devices on which this one reserved", async () => {
  const helper = peerKeyToPeerId(key(4));
  const gate = new Gate({
    clock: new ManualClock(),
    allowInsecure: true,
    countStrangers: () => 0,
    isHelper: (peer) => peer === key(4),
  });
  gate.setOwnRelays(parseRelays([RELAY], true, 1));
  gate.setWanted(new Map([[ALICE, { allowDirect: true }]]), []);
  const rules = gate.connectionGater();
  expect([relayId, helper, mallory].map((peer) => gate.mayBringCircuits(peer))).toEqual([true, true, false]);
  expect(await rules.denyInboundRelayedConnection?.(helper, alice)).toBe(false);
  expect(await rules.denyInboundRelayedConnection?.(mallory, alice)).toBe(true);
  // Whoever is blocked here comes in through no friend either.
  gate.setBlocked([ALICE]);
  expect(await rules.denyInboundRelayedConnection?.(helper, alice)).toBe(true);
});

test("only those whom core lets may ask this device to relay: not everybody who is linked directly, and nobody blocked", () => {
  const { gate } = scene();
  expect([gate.relayedAs(alice), gate.relayedAs(mallory)]).toEqual([undefined, undefined]);
  for (const relayedAs of ["contact", "member"] as const) {
    gate.setWanted(new Map([[ALICE, { allowDirect: true, relayedAs }]]), []);
    expect([gate.relayedAs(alice), gate.relayedAs(mallory)]).toEqual([relayedAs, undefined]);
    gate.setBlocked([ALICE]);
    expect(gate.relayedAs(alice)).toBeUndefined();
    gate.setBlocked([]);
  }
});

test("a circuit through a device that is linked by WebRTC shows no address, and needs no leave to", async () => {
  const { gate, rules } = scene();
  gate.setWanted(new Map([[ALICE, { allowDirect: false }]]), []);
  const through = (address: string) => ({ remoteAddr: multiaddr(address) }) as never;
  const helper = peerKeyToPeerId(key(4)).toString();
  const deny = rules.denyInboundUpgradedConnection;
  expect(await deny?.(alice, through(`/webrtc/p2p/${helper}/p2p-circuit/p2p/${alice.toString()}`))).toBe(false);
  expect(await deny?.(alice, through(`/webrtc/p2p/${alice.toString()}`))).toBe(true);
  expect(await deny?.(alice, through(`/p2p/${helper}/p2p-circuit/webrtc/p2p/${alice.toString()}`))).toBe(true);
});
