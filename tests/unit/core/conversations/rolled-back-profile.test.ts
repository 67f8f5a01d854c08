import { afterEach, beforeEach, expect, test } from "vitest";
import type { StoreSnapshot } from "../../../../src/adapters/memory/memory-store.ts";
import { type CorePerson, CoreWorld } from "../../../support/core-world.ts";

let world: CoreWorld;
let alice: CorePerson;
let bob: CorePerson;

beforeEach(async () => {
  world = new CoreWorld();
  [alice, bob] = await world.pair();
});

afterEach(() => {
  expect(world.bugs).toEqual([]);
});

/** The profile goes back to an old copy, as from a backup of the browser's data. */
async function rollBack(person: CorePerson, copy: StoreSnapshot): Promise<void> {
  await person.messenger.stop();
  await world.clock.advance(10_000);
  person.store.restore(copy);
  await person.open();
  await person.messenger.connect();
  await world.clock.advance(40_000);
}

async function say(person: CorePerson, to: string, ...texts: readonly string[]): Promise<void> {
  for (const text of texts) await person.send(to, text);
  await world.clock.advance(1_000);
}

async function expectSame(...texts: readonly string[]): Promise<void> {
  expect(await alice.texts("Bob")).toEqual(texts);
  expect(await bob.texts("Alice")).toEqual(texts);
  expect((await alice.threadWith("Bob")).waiting).toBe(0);
  expect((await bob.threadWith("Alice")).waiting).toBe(0);
}

test("an old copy that finds own entries at a contact's becomes a new device, and both go on", async () => {
  await say(alice, "Bob", "one", "two");
  const copy = alice.store.snapshot();
  const before = (await alice.identity()).device;
  await say(alice, "Bob", "three");
  await say(bob, "Alice", "four");

  await rollBack(alice, copy);
  expect((await alice.identity()).device).not.toBe(before);
  await expectSame("one", "two", "three", "four");
  await say(alice, "Bob", "five");
  await say(bob, "Alice", "six");
  await expectSame("one", "two", "three", "four", "five", "six");
  await bob.restart();
  await alice.restart();
  await say(alice, "Bob", "seven");
  await expectSame("one", "two", "three", "four", "five", "six", "seven");
});

test("an old copy that lacks nothing of its own stays the device it is", async () => {
  await say(alice, "Bob", "one");
  const copy = alice.store.snapshot();
  const { device } = await alice.identity();
  await say(bob, "Alice", "two", "three");
  await rollBack(alice, copy);
  expect((await alice.identity()).device).toBe(device);
  await say(bob, "Alice", "four");
  await expectSame("one", "two", "three", "four");
});

test("what is written on an old copy before it meets anybody leaves as the new device's", async () => {
  await say(alice, "Bob", "one");
  const copy = alice.store.snapshot();
  await say(alice, "Bob", "two");
  await alice.messenger.stop();
  await world.clock.advance(10_000);
  alice.store.restore(copy);
  await alice.open();
  await alice.send("Bob", "written alone");
  await alice.messenger.connect();
  await world.clock.advance(40_000);
  await expectSame("one", "two", "written alone");
});

test("what had left the outbox before does not leave a second time", async () => {
  await say(alice, "Bob", "one");
  await bob.messenger.stop();
  await world.clock.advance(10_000);
  await alice.send("Bob", "waited");
  await world.clock.advance(10);
  await alice.send("Bob", "waited too");
  const copy = alice.store.snapshot();
  await bob.open();
  await bob.messenger.connect();
  await world.clock.advance(40_000);
  await expectSame("one", "waited", "waited too");

  await rollBack(alice, copy);
  await expectSame("one", "waited", "waited too");
  expect((await alice.threadWith("Bob")).preview).toMatchObject({ text: "waited too", isOwn: true });
});

test("the same old copy can be gone back to twice", async () => {
  await say(alice, "Bob", "one");
  const copy = alice.store.snapshot();
  await say(alice, "Bob", "two");
  await rollBack(alice, copy);
  await rollBack(alice, copy);
  await say(alice, "Bob", "three");
  await say(bob, "Alice", "four");
  await expectSame("one", "two", "three", "four");
});

test("a name given after going back still reaches contacts", async () => {
  const copy = alice.store.snapshot();
  await alice.messenger.setName("Alicia");
  await alice.messenger.setName("Alina");
  await world.clock.advance(1_000);
  await rollBack(alice, copy);
  await alice.messenger.setName("Alba");
  await world.clock.advance(1_000);
  expect((await bob.threads()).map((thread) => thread.name)).toEqual(["Alba"]);
});

test("a backlog of own entries that comes back in many batches leads to one new device", async () => {
  const copy = alice.store.snapshot();
  for (let index = 0; index < 600; index += 1) await alice.send("Bob", `${index}`);
  await world.clock.advance(5_000);
  await rollBack(alice, copy);
  await say(alice, "Bob", "after");
  await expectSame(...Array.from({ length: 600 }, (_, index) => `${index}`), "after");
  const { account } = await alice.identity();
  const list = await alice.store.read(["devices"], (tx) => tx.get("devices", [account]));
  expect(list?.devices).toHaveLength(2);
});

test("an invite accepted before the profile became a new device is still claimed, and what was written for it arrives", async () => {
  const carol = await world.person("Carol");
  const { link } = await carol.messenger.createInvite({ uses: 1, days: 7 });
  await carol.messenger.stop();
  await alice.messenger.acceptInvite(link);
  await alice.send("Carol", "hello, Carol");
  const copy = alice.store.snapshot();
  await say(alice, "Bob", "one");
  const { device } = await alice.identity();

  await rollBack(alice, copy);
  expect((await alice.identity()).device).not.toBe(device);
  await carol.open();
  await carol.messenger.connect();
  await world.clock.advance(120_000);
  expect(await carol.texts("Alice")).toEqual(["hello, Carol"]);
  await say(carol, "Alice", "hello, Alice");
  expect(await alice.texts("Carol")).toEqual(["hello, Carol", "hello, Alice"]);
});
