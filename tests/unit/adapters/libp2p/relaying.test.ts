/** What others may do with a device that relays, over real connections: nothing that its person did not allow, and nothing without end. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ManualClock } from "../../../support/manual-clock.ts";
import { echoed, RelayingTab } from "../../../support/relaying-tab.ts";

vi.setConfig({ testTimeout: 60_000 });

const MB = 1_000_000;
const PLENTY = { isOn: true, bytesLeft: 100 * MB };

let clock: ManualClock;
let bob: RelayingTab;
beforeEach(async () => {
  clock = new ManualClock();
  bob = await RelayingTab.start(clock);
  bob.relaying.setRules(PLENTY);
});
afterEach(() => bob.stop());

test("two who are accepted talk through it, and what that came to is told, in plus out", async () => {
  const [alice, carol] = await Promise.all([bob.user(), bob.user()]);
  expect(await bob.reserve(carol)).toBe(true);
  const connection = await bob.call(alice, carol.peerId);
  expect(await echoed(connection, 100_000)).toBe(100_000);
  await clock.advance(2_000);
  const bytes = bob.relayed.reduce((sum, relayed) => sum + relayed.bytes, 0);
  // There and back, into the device and out of it; above that, heads of packets and what sets up an encrypted connection.
  expect(bytes).toBeGreaterThan(450_000);
  expect(bytes).toBeLessThan(520_000);
  expect(new Set(bob.relayed.flatMap(({ pairs }) => pairs.map((pair) => pair.toSorted().join()))).size).toBe(1);
});

test("whoever is not accepted reserves nothing, calls nobody, and is not called", async () => {
  const [alice, carol, mallory] = await Promise.all([bob.user(), bob.user(), bob.user()]);
  bob.accepted = new Set([alice.peerId.toString(), carol.peerId.toString()]);
  expect(await bob.reserve(mallory)).toBe(false);
  expect(await bob.reserve(carol)).toBe(true);
  expect(await bob.lets(mallory, carol.peerId)).toBe(false);
  // Blocked after it reserved.
  bob.accepted = new Set([alice.peerId.toString()]);
  expect(await bob.lets(alice, carol.peerId)).toBe(false);
});

test("off, it relays nothing, and what ran ends in the same turn", async () => {
  const [alice, carol] = await Promise.all([bob.user(), bob.user()]);
  await bob.reserve(carol);
  const connection = await bob.call(alice, carol.peerId);
  const closed = new Promise<void>((resolve) => {
    connection.addEventListener("close", () => resolve());
  });
  bob.relaying.setRules({ ...PLENTY, isOn: false });
  await closed;
  expect(await bob.lets(alice, carol.peerId)).toBe(false);
  expect(await bob.reserve(alice)).toBe(false);
  // On again, nothing is left of what was granted before.
  bob.relaying.setRules(PLENTY);
  expect(await bob.lets(alice, carol.peerId)).toBe(false);
});

test("members hold eight places and no more, and contacts find one all the same", async () => {
  const contact = await bob.user();
  const granted: boolean[] = [];
  for (let count = 0; count < 9; count += 1) {
    const member = await bob.user();
    bob.members.add(member.peerId.toString());
    granted.push(await bob.reserve(member));
  }
  expect(granted).toEqual([...Array.from({ length: 8 }, () => true), false]);
  expect(await bob.reserve(contact)).toBe(true);
});

test("circuits with a member at an end are eight at a time, whoever called, and contacts still connect", async () => {
  const [alice, carol, dave, erin] = await Promise.all([bob.user(), bob.user(), bob.user(), bob.user()]);
  for (const member of [carol, dave]) bob.members.add(member.peerId.toString());
  for (const called of [alice, carol, erin]) await bob.reserve(called);
  for (let count = 0; count < 4; count += 1) {
    await bob.call(alice, carol.peerId);
    await bob.call(dave, alice.peerId);
  }
  expect(await bob.lets(erin, carol.peerId)).toBe(false);
  expect(await bob.lets(dave, erin.peerId)).toBe(false);
  expect(await bob.lets(alice, erin.peerId)).toBe(true);
});

test("what is kept for contacts is granted to no circuit with a member at an end", async () => {
  const [alice, carol, dave] = await Promise.all([bob.user(), bob.user(), bob.user()]);
  bob.members.add(dave.peerId.toString());
  for (const called of [carol, dave]) await bob.reserve(called);
  bob.relaying.setRules({ isOn: true, bytesLeft: 6 * MB, keptForContacts: 3 * MB });
  const granted: number[] = [];
  while (granted.length < 8 && (await bob.lets(alice, dave.peerId))) {
    granted.push(Number(alice.getConnections(dave.peerId).at(-1)?.limits?.bytes));
  }
  expect(granted.length).toBeGreaterThan(0);
  expect(2 * granted.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(3 * MB);
  expect(await bob.lets(alice, carol.peerId)).toBe(true);
  bob.relaying.setRules({ isOn: true, bytesLeft: 3 * MB, keptForContacts: 3 * MB });
  expect([bob.relaying.mayReserve(dave.peerId), bob.relaying.mayReserve(carol.peerId)]).toEqual([false, true]);
});

function told(): number {
  return bob.relayed.reduce((sum, relayed) => sum + relayed.bytes, 0);
}

test("whoever floods one circuit after the other never moves more than the day has left", async () => {
  const [alice, carol] = await Promise.all([bob.user(), bob.user()]);
  await bob.reserve(carol);
  bob.relaying.setRules({ isOn: true, bytesLeft: 5 * MB });
  let circuits = 0;
  for (; circuits < 20; circuits += 1) {
    const connection = await bob.call(alice, carol.peerId).catch(() => undefined);
    if (connection === undefined) break;
    await echoed(connection, 3 * MB);
    await clock.advance(31_000);
  }
  expect(circuits).toBeGreaterThan(0);
  expect(circuits).toBeLessThan(20);
  expect(told()).toBeGreaterThan(MB);
  expect(told()).toBeLessThanOrEqual(5 * MB);
});

test("circuits side by side are granted no more than the day has left, and the next is refused", async () => {
  const [alice, carol] = await Promise.all([bob.user(), bob.user()]);
  await bob.reserve(carol);
  bob.relaying.setRules({ isOn: true, bytesLeft: 5 * MB });
  const granted: number[] = [];
  while (granted.length < 8 && (await bob.lets(alice, carol.peerId))) {
    granted.push(Number(alice.getConnections(carol.peerId).at(-1)?.limits?.bytes));
  }
  expect(granted.length).toBeGreaterThan(1);
  expect(granted.length).toBeLessThan(8);
  expect(2 * granted.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(5 * MB);
});

test("whoever sends more than was granted gets no circuit for a while", async () => {
  const [alice, carol] = await Promise.all([bob.user(), bob.user()]);
  await bob.reserve(carol);
  bob.relaying.setRules({ isOn: true, bytesLeft: 20 * MB });
  await echoed(await bob.call(alice, carol.peerId), 6 * MB);
  expect(await bob.lets(alice, carol.peerId)).toBe(false);
  await clock.advance(31_000);
  expect(await bob.lets(alice, carol.peerId)).toBe(true);
});

test("rules that come while something is untold give back nothing", async () => {
  const [alice, carol] = await Promise.all([bob.user(), bob.user()]);
  await bob.reserve(carol);
  await echoed(await bob.call(alice, carol.peerId), 300_000);
  bob.relaying.setRules({ isOn: true, bytesLeft: 2 * MB });
  expect(bob.relaying.mayReserve(alice.peerId)).toBe(true);
  // Less than was moved since it was last told.
  bob.relaying.setRules({ isOn: true, bytesLeft: MB });
  expect(bob.relaying.mayReserve(alice.peerId)).toBe(false);
});

test("a circuit ends at its own limit, without harm to others", async () => {
  const [alice, carol] = await Promise.all([bob.user(), bob.user()]);
  await bob.reserve(carol);
  const [one, other] = [await bob.call(alice, carol.peerId), await bob.call(alice, carol.peerId)];
  expect(await echoed(one, 5 * MB)).toBeLessThan(5 * MB);
  expect(await echoed(other, 10_000)).toBe(10_000);
});

test("a peer has eight circuits at once, and not one more", async () => {
  const [alice, carol] = await Promise.all([bob.user(), bob.user()]);
  await bob.reserve(carol);
  for (let count = 0; count < 8; count += 1) await bob.call(alice, carol.peerId);
  expect(await bob.lets(alice, carol.peerId)).toBe(false);
});

test("of a flood of reservations it grants thirty-two; a place is free again when its peer is gone", async () => {
  const [caller, first] = [await bob.user(), await bob.user()];
  expect(await bob.reserve(first)).toBe(true);
  const granted: boolean[] = [];
  // One after the other: a busy machine has no time for so many key exchanges at once.
  for (let count = 0; count < 32; count += 1) granted.push(await bob.reserve(await bob.user()));
  expect(granted.filter(Boolean)).toHaveLength(31);
  expect(await bob.reserve(caller)).toBe(false);
  // Who had one keeps it.
  expect(await echoed(await bob.call(caller, first.peerId), 1_000)).toBe(1_000);
  const gone = new Promise<void>((resolve) => {
    bob.node.addEventListener("peer:disconnect", () => resolve(), { once: true });
  });
  await first.stop();
  await gone;
  expect(await bob.reserve(caller)).toBe(true);
});
