/** Circuits that somebody means ill with: the one who carries them, or one of the two at their ends. Over real connections. */
import type { Connection, Libp2p, Stream } from "@libp2p/interface";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { peerIdToPeerKey } from "../../../../src/adapters/libp2p/addresses.ts";
import { Gate } from "../../../../src/adapters/libp2p/gate.ts";
import { Heartbeat } from "../../../../src/adapters/libp2p/heartbeat.ts";
import { ManualClock } from "../../../support/manual-clock.ts";
import { echoed, RelayingTab } from "../../../support/relaying-tab.ts";

vi.setConfig({ testTimeout: 60_000 });

const STOP_PROTOCOL = "/libp2p/circuit/relay/0.2.0/stop";
const PLENTY = { isOn: true, bytesLeft: 100_000_000 };
const ANSWER_LIMIT_MS = 400;

let clock: ManualClock;
let bob: RelayingTab;
beforeEach(async () => {
  clock = new ManualClock();
  bob = await RelayingTab.start(clock);
  bob.relaying.setRules(PLENTY);
});
afterEach(() => bob.stop());

test("who blocked somebody is not reached by them through a friend of both, however often they try", async () => {
  const gate = new Gate({ clock, allowInsecure: true, countStrangers: () => 0, isHelper: () => true });
  const { denyInboundRelayedConnection } = gate.connectionGater();
  const carol = await bob.user(denyInboundRelayedConnection === undefined ? {} : { denyInboundRelayedConnection });
  const [mallory, dave] = await Promise.all([bob.user(), bob.user()]);
  await bob.reserve(carol);
  const malloryKey = peerIdToPeerKey(mallory.peerId);
  if (malloryKey === undefined) throw new Error("no key");
  gate.setBlocked([malloryKey]);
  // More than the circuits one may have: those that are refused are given back.
  for (let count = 0; count < 12; count += 1) expect(await bob.lets(mallory, carol.peerId)).toBe(false);
  expect(carol.getConnections(mallory.peerId)).toEqual([]);
  expect(await echoed(await bob.call(dave, carol.peerId), 1_000)).toBe(1_000);
  await clock.advance(2_000);
  // It costs the friend what asking costs, and no circuit.
  expect(bob.relayed.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(100_000);
  gate.setBlocked([]);
  expect(await bob.lets(mallory, carol.peerId)).toBe(true);
});

test("what a helper changes on the way ends the circuit, and nothing of it is taken for what was said", async () => {
  const { alice, carol, connection } = await circuit();
  const closed = closing(connection);
  const begin = () => carried(carol).forEach((stream) => meddle(stream, (data, pass) => pass(flipped(data))));
  expect(await echoed(connection, 1_000, begin)).toBe(0);
  await closed;
  // Their own links with the helper are as they were.
  for (const user of [alice, carol]) expect(user.getConnections(bob.node.peerId)[0]?.status).toBe("open");
});

test("a circuit on which a helper lets nothing pass any more is given up, and another one serves", async () => {
  const { alice, carol, connection } = await circuit();
  const heartbeat = new Heartbeat({ clock, connections: () => [], lastHeardAtMs: () => 0 });
  expect(await heartbeat.check(connection, ANSWER_LIMIT_MS)).toBe(true);
  for (const stream of carried(carol)) meddle(stream, () => undefined);
  expect(await heartbeat.check(connection, ANSWER_LIMIT_MS)).toBe(false);
  expect(connection.status).not.toBe("open");
  expect(await echoed(await bob.call(alice, carol.peerId), 1_000)).toBe(1_000);
});

test("what a helper holds back is late and whole, and what it says again ends the circuit", async () => {
  const { carol, connection } = await circuit();
  const held: (() => void)[] = [];
  const [stream] = carried(carol);
  if (stream === undefined) throw new Error("no circuit");
  meddle(stream, (data, pass) => held.push(() => pass(data)));
  const echo = echoed(connection, 1_000);
  await vi.waitFor(() => expect(held.length).toBeGreaterThan(0));
  const [first] = held;
  const flow = setInterval(() => held.splice(0).forEach((pass) => pass()), 5);
  expect(await echo).toBe(1_000);
  clearInterval(flow);
  const closed = closing(connection);
  first?.();
  await closed;
});

/** Alice calls Carol through Bob. */
async function circuit() {
  const [alice, carol] = await Promise.all([bob.user(), bob.user()]);
  await bob.reserve(carol);
  return { alice, carol, connection: await bob.call(alice, carol.peerId) };
}

/** The streams on which Bob sends to her what others sent. */
function carried(called: Libp2p): readonly Stream[] {
  const streams = bob.node.getConnections(called.peerId).flatMap((connection) => connection.streams);
  return streams.filter(({ protocol }) => protocol === STOP_PROTOCOL);
}

/** From now on what is sent on this stream goes by a hand that means ill. */
function meddle(stream: Stream, hand: (data: Uint8Array, pass: (data: Uint8Array) => void) => void): void {
  const send = stream.send.bind(stream);
  stream.send = (data) => {
    hand(data.subarray(), send);
    return true;
  };
}

function flipped(data: Uint8Array): Uint8Array {
  return data.map((byte, index) => (index === data.length - 1 ? byte ^ 1 : byte));
}

function closing(connection: Connection): Promise<void> {
  return new Promise((resolve) => {
    connection.addEventListener("close", () => resolve(), { once: true });
  });
}
