/** Early copies of what waits, left with a courier by a device that may append nothing yet (PROTOCOL, Letters). */
import { afterEach, beforeEach, expect, test } from "vitest";
import type { StoreSnapshot } from "../../../../src/adapters/memory/memory-store.ts";
import { MESSAGE_CHANNEL } from "../../../../src/core/codec/entry.ts";
import { type CorePerson } from "../../../support/core-world.ts";
import { NonceWatch } from "../../../support/epoch-suite.ts";
import { createModelSuite } from "../../../support/model-suite.ts";
import { AWAY_MS, ThreeContacts } from "../../../support/three-contacts.ts";

let nonces: NonceWatch;
let three: ThreeContacts;
let alice: CorePerson;
let bob: CorePerson;
let carol: CorePerson;

beforeEach(async () => {
  nonces = new NonceWatch();
  three = await ThreeContacts.meet({ suite: nonces.watched(createModelSuite(1)) });
  ({ alice, bob, carol } = three);
});

afterEach(() => {
  expect(three.world.bugs).toEqual([]);
  expect(nonces.reuses).toBe(0);
});

/** Alice opens the app while Carol is away, so that nothing of hers was compared with anybody's. */
async function openAlone(): Promise<void> {
  await three.close(alice);
  await three.close(carol);
  await three.open(alice);
}

async function ownHeight(): Promise<number> {
  const { device } = await alice.identity();
  const rows = await alice.store.read(["logs"], (tx) => tx.range("logs", {}));
  const own = rows.filter(({ key }) => key[1] === device && key[2] === MESSAGE_CHANNEL);
  return own.reduce((sum, { value }) => sum + value.height, 0);
}

async function unread(person: CorePerson, name: string): Promise<number> {
  return (await person.threadWith(name)).unread;
}

async function idsAndRanks(person: CorePerson, name: string): Promise<readonly (readonly [string, string])[]> {
  const { messages } = await person.page((await person.threadWith(name)).id);
  return messages.map(({ id, order }) => [id, order.slice(0, 16)]);
}

test("what is written before anybody of the conversation was met is read the same day, and stands once when its entry comes", async () => {
  await openAlone();
  const height = await ownHeight();
  await alice.send("Carol", "an early copy");
  await alice.send("Carol", "and another");
  await three.world.clock.advance(AWAY_MS);
  expect(await alice.lines("Carol")).toEqual(["an early copy (carried by 1)", "and another (carried by 1)"]);
  expect(await ownHeight()).toBe(height);
  await three.close(alice);

  await three.open(carol);
  expect(await carol.texts("Alice")).toEqual(["an early copy", "and another"]);
  expect(await unread(carol, "Alice")).toBe(2);
  const before = await idsAndRanks(carol, "Alice");

  carol.events = [];
  await three.open(alice);
  const told = carol.events.flatMap((event) => (event.type === "messages" ? event.upserts : []));
  expect(told.map(({ text, isKnown }) => [text, isKnown])).toEqual([
    ["an early copy", true],
    ["and another", true],
  ]);
  expect(await carol.texts("Alice")).toEqual(["an early copy", "and another"]);
  expect(await unread(carol, "Alice")).toBe(2);
  expect(await idsAndRanks(carol, "Alice")).toEqual(before);
  expect((await idsAndRanks(alice, "Carol")).map(([, rank]) => rank)).toEqual(before.map(([, rank]) => rank));
  expect(await alice.lines("Carol")).toEqual(["an early copy (delivered)", "and another (delivered)"]);
  expect(await ownHeight()).toBe(height + 2);
  expect(await alice.store.read(["deposits"], (tx) => tx.count("deposits", {}))).toBe(0);
});

test("what is written one after the other lies in one parcel, and each message is shown once, in order", async () => {
  await openAlone();
  const texts = Array.from({ length: 12 }, (_, index) => `message ${index}`);
  for (const text of texts) {
    await alice.send("Carol", text);
    await three.world.clock.advance(1_500);
  }
  expect(bob.messenger.carried().parcels).toBe(1);
  await three.close(alice);
  await three.open(carol);
  expect(await carol.texts("Alice")).toEqual(texts);
});

test("an answer to an early copy stands behind it, on both devices", async () => {
  await openAlone();
  await alice.send("Carol", "are you there?");
  await three.world.clock.advance(AWAY_MS);
  await three.close(alice);
  await three.open(carol);
  await carol.send("Alice", "now I am");
  await three.world.clock.advance(AWAY_MS);
  expect(await carol.lines("Alice")).toEqual(["are you there?", "now I am (carried by 1)"]);
  await three.close(carol);
  await three.open(alice);
  expect(new Set(await alice.texts("Carol"))).toEqual(new Set(["are you there?", "now I am"]));
  await three.open(carol);
  expect(await alice.texts("Carol")).toEqual(["are you there?", "now I am"]);
  expect(await carol.texts("Alice")).toEqual(["are you there?", "now I am"]);
});

test("what has left is neither edited nor taken back", async () => {
  await openAlone();
  await alice.send("Carol", "it is said");
  const thread = (await alice.threadWith("Carol")).id;
  await three.world.clock.advance(AWAY_MS);
  const [message] = (await alice.page(thread)).messages.filter(({ isPending }) => isPending);
  expect(message?.carriers).toEqual(["Bob"]);
  expect(await alice.messenger.editPending(thread, message?.id ?? "", "something else")).toEqual({ kind: "gone" });
  expect(await alice.messenger.cancelPending(thread, message?.id ?? "")).toEqual({ kind: "gone" });
  await three.open(carol);
  expect(await carol.texts("Alice")).toEqual(["it is said"]);
});

test("an early copy that comes after its entry is not shown again", async () => {
  await three.close(bob);
  await three.close(alice);
  await three.close(carol);
  await three.open(bob);
  await three.open(alice);
  await alice.send("Carol", "twice on its way");
  await three.world.clock.advance(AWAY_MS);
  expect(bob.messenger.carried().parcels).toBe(1);
  await three.close(bob);
  await three.open(carol);
  expect(await carol.texts("Alice")).toEqual(["twice on its way"]);
  await three.open(bob);
  expect(bob.messenger.carried().parcels).toBe(0);
  expect(await carol.texts("Alice")).toEqual(["twice on its way"]);
  expect(await unread(carol, "Alice")).toBe(1);
});

/** Alice's profile goes back to an old copy, as from a backup of the browser's data. */
async function goBack(copy: StoreSnapshot): Promise<void> {
  await three.close(alice);
  alice.store.restore(copy);
}

test("an old copy that meets couriers alone writes no second entry of a number, and what it leaves arrives", async () => {
  await alice.send("Carol", "one");
  await three.world.clock.advance(1_000);
  const copy = alice.store.snapshot();
  const { device } = await alice.identity();
  // Forgotten: Carol alone has it.
  await alice.send("Carol", "two");
  await three.world.clock.advance(1_000);
  await three.close(carol);
  await goBack(copy);
  await three.open(alice);
  const height = await ownHeight();
  await alice.send("Carol", "three, by the old copy");
  await three.world.clock.advance(AWAY_MS);
  expect(await alice.lines("Carol")).toContain("three, by the old copy (carried by 1)");
  expect(await ownHeight()).toBe(height);
  await three.close(alice);

  await three.open(carol);
  expect(await carol.texts("Alice")).toEqual(["one", "two", "three, by the old copy"]);
  await three.open(alice);
  expect((await alice.identity()).device).not.toBe(device);
  for (const texts of [await alice.texts("Carol"), await carol.texts("Alice")])
    expect(texts).toEqual(["one", "two", "three, by the old copy"]);
});

test("what an old copy still has waiting and leaves again is shown once", async () => {
  await openAlone();
  await alice.send("Carol", "waited");
  const copy = alice.store.snapshot();
  await three.world.clock.advance(AWAY_MS);
  await three.open(carol);
  await three.world.clock.advance(AWAY_MS);
  expect(await carol.texts("Alice")).toEqual(["waited"]);
  await three.close(carol);
  await goBack(copy);
  await three.open(alice);
  await three.world.clock.advance(AWAY_MS);
  expect(bob.messenger.carried().parcels).toBe(1);
  await three.close(alice);
  await three.open(carol);
  expect(await carol.texts("Alice")).toEqual(["waited"]);
  await three.open(alice);
  await three.world.clock.advance(AWAY_MS);
  expect(await carol.texts("Alice")).toEqual(["waited"]);
  expect(await alice.lines("Carol")).toEqual(["waited (delivered)"]);
});

test("what an old copy does not know to have left is shown once when it comes as an entry", async () => {
  await three.close(bob);
  await openAlone();
  await alice.send("Carol", "waited");
  const copy = alice.store.snapshot();
  await three.open(bob);
  await three.close(alice);
  await three.open(carol);
  expect(await carol.texts("Alice")).toEqual(["waited"]);
  await three.close(bob);
  await goBack(copy);
  await three.open(alice);
  expect(await alice.lines("Carol")).toEqual(["waited (delivered)"]);
  expect(await carol.texts("Alice")).toEqual(["waited"]);
});

test("a parcel of before the copy was made does not let the old copy append", async () => {
  await three.close(carol);
  await alice.send("Carol", "lies with Bob");
  await three.world.clock.advance(AWAY_MS);
  await three.close(bob);
  // Carol meets Alice alone, and writes: her parcel still lies with Bob.
  await three.open(carol);
  const copy = carol.store.snapshot();
  await carol.send("Alice", "forgotten");
  await three.world.clock.advance(AWAY_MS);
  await three.close(alice);
  await three.close(carol);
  carol.store.restore(copy);
  await three.open(bob);
  await three.open(carol);
  expect(bob.messenger.carried().parcels).toBe(0);
  await carol.send("Alice", "by the old copy");
  await three.world.clock.advance(AWAY_MS);
  await three.close(carol);
  await three.open(alice);
  expect(await alice.texts("Carol")).toEqual(["lies with Bob", "forgotten", "by the old copy"]);
  await three.open(carol);
  expect(await alice.texts("Carol")).toEqual(["lies with Bob", "forgotten", "by the old copy"]);
  expect(await carol.texts("Alice")).toEqual(["lies with Bob", "forgotten", "by the old copy"]);
});
