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
  // There and back, into the device and out of it; above that, what sets up and frames an encrypted connection.
  expect(bytes).toBeGreaterThan(400_000);
  expect(bytes).toBeLessThan(430_000);
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

test("at the limit of the day all circuits end, and no more begin", async () => {
  const [alice, carol] = await Promise.all([bob.user(), bob.user()]);
  await bob.reserve(carol);
  bob.relaying.setRules({ isOn: true, bytesLeft: 2 * MB });
  const connection = await bob.call(alice, carol.peerId);
  expect(await echoed(connection, 3 * MB)).toBeLessThan(MB);
  expect(await bob.lets(alice, carol.peerId)).toBe(false);
  await clock.advance(2_000);
  const bytes = bob.relayed.reduce((sum, relayed) => sum + relayed.bytes, 0);
  // What was on its way still comes in, but goes nowhere.
  expect(bytes).toBeGreaterThan(2 * MB);
  expect(bytes).toBeLessThan(4 * MB);
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
