import { expect, test } from "vitest";
import { createMemoryStore } from "../../../../src/adapters/memory/memory-store.ts";
import { concatBytes } from "../../../../src/core/codec/bytes.ts";
import { TABLE_NAMES } from "../../../../src/core/store/tables.ts";
import { CorePerson, CoreWorld } from "../../../support/core-world.ts";

const PASSPHRASE = "correct horse battery";

async function backupOf(person: CorePerson): Promise<Uint8Array> {
  return concatBytes(...(await person.messenger.backups.export(PASSPHRASE)));
}

/** An empty profile into which the file was read, online unless it was refused. */
async function restored(world: CoreWorld, file: Uint8Array): Promise<CorePerson> {
  const person = new CorePerson(world, "Alice", createMemoryStore());
  await person.open();
  expect((await person.messenger.backups.restore(file, PASSPHRASE)).kind).toBe("restored");
  await person.messenger.connect();
  await world.clock.advance(10_000);
  return person;
}

async function lose(world: CoreWorld, person: CorePerson): Promise<void> {
  await person.messenger.stop();
  await world.clock.advance(5_000);
}

test("a lost profile comes back from its backup as a new device, is told to contacts, and chats on", async () => {
  const world = new CoreWorld();
  const [alice, bob] = await world.pair();
  await alice.send("Bob", "from alice");
  await world.clock.advance(2_000);
  await bob.send("Alice", "from bob");
  await world.clock.advance(2_000);
  await alice.messenger.renameContact((await alice.threadWith("Bob")).id, "Bobby");
  const before = await alice.identity();
  const file = await backupOf(alice);
  await lose(world, alice);

  const again = await restored(world, file);
  const after = await again.identity();
  expect(after.account).toBe(before.account);
  expect([after.device, after.peerKey]).not.toContain(before.device);
  expect(after.peerKey).not.toBe(before.peerKey);
  expect((await bob.contactWith("Alice")).listChange?.kind).toBe("new-device");

  await bob.send("Alice", "are you there?");
  await world.clock.advance(5_000);
  await again.send("Bobby", "yes");
  await world.clock.advance(5_000);
  expect(await again.lines("Bobby")).toEqual([
    "from alice (delivered)",
    "from bob",
    "are you there?",
    "yes (delivered)",
  ]);
  expect(await bob.texts("Alice")).toEqual(["from alice", "from bob", "are you there?", "yes"]);

  await again.restart();
  await bob.restart();
  await world.clock.advance(5_000);
  await bob.send("Alice", "still there?");
  await world.clock.advance(5_000);
  expect(await again.texts("Bobby")).toEqual(["from alice", "from bob", "are you there?", "yes", "still there?"]);
  expect(world.bugs).toEqual([]);
});

test("what was written after the backup comes back from the contact, once, and what waited leaves once", async () => {
  const world = new CoreWorld();
  const [alice, bob] = await world.pair();
  await alice.send("Bob", "before");
  await world.clock.advance(2_000);
  await bob.messenger.stop();
  await world.clock.advance(60_000);
  await alice.send("Bob", "waited in the outbox");
  const file = await backupOf(alice);
  await bob.open();
  await bob.messenger.connect();
  await world.clock.advance(30_000);
  await alice.send("Bob", "after");
  await world.clock.advance(2_000);
  await bob.send("Alice", "answer");
  await world.clock.advance(5_000);
  expect(await bob.texts("Alice")).toEqual(["before", "waited in the outbox", "after", "answer"]);
  await lose(world, alice);

  const again = await restored(world, file);
  await world.clock.advance(120_000);
  expect(await again.texts("Bob")).toEqual(["before", "waited in the outbox", "after", "answer"]);
  expect(await bob.texts("Alice")).toEqual(["before", "waited in the outbox", "after", "answer"]);
  await again.send("Bob", "on");
  await world.clock.advance(2_000);
  await bob.send("Alice", "and on");
  await world.clock.advance(10_000);
  expect((await again.texts("Bob")).slice(4)).toEqual(["on", "and on"]);
  expect((await bob.texts("Alice")).slice(4)).toEqual(["on", "and on"]);
  expect(world.bugs).toEqual([]);
});

test("messages that waited when the backup was made leave from the new device", async () => {
  const world = new CoreWorld();
  const [alice, bob] = await world.pair();
  await bob.messenger.stop();
  await world.clock.advance(60_000);
  await alice.send("Bob", "waited");
  const file = await backupOf(alice);
  await lose(world, alice);
  const again = await restored(world, file);
  expect(await again.lines("Bob")).toEqual(["waited (waiting)"]);
  await bob.open();
  await bob.messenger.connect();
  await world.clock.advance(60_000);
  expect(await bob.texts("Alice")).toEqual(["waited"]);
  expect(await again.lines("Bob")).toEqual(["waited (delivered)"]);
  expect(world.bugs).toEqual([]);
});

test("one backup can be restored again after the first restored device is lost, too", async () => {
  const world = new CoreWorld();
  const [alice, bob] = await world.pair();
  await alice.send("Bob", "one");
  await world.clock.advance(2_000);
  const file = await backupOf(alice);
  await lose(world, alice);
  const second = await restored(world, file);
  await second.send("Bob", "two");
  await world.clock.advance(2_000);
  await bob.send("Alice", "three");
  await world.clock.advance(5_000);
  await lose(world, second);
  const third = await restored(world, file);
  await world.clock.advance(120_000);
  expect(await third.texts("Bob")).toEqual(["one", "two", "three"]);
  await third.send("Bob", "four");
  await world.clock.advance(5_000);
  expect(await bob.texts("Alice")).toEqual(["one", "two", "three", "four"]);
  expect(world.bugs).toEqual([]);
});

test("an accepted invite that nobody answered yet is claimed by the new device", async () => {
  const world = new CoreWorld();
  const [alice, bob] = [await world.person("Alice"), await world.person("Bob")];
  const invite = await bob.messenger.createInvite({ uses: 1, days: 7 });
  await bob.messenger.stop();
  await world.clock.advance(5_000);
  await alice.messenger.acceptInvite(invite.link);
  await alice.send("Bob", "waited");
  const file = await backupOf(alice);
  await lose(world, alice);
  const again = await restored(world, file);
  await bob.open();
  await bob.messenger.connect();
  await world.clock.advance(60_000);
  expect(await bob.texts("Alice")).toEqual(["waited"]);
  expect(await again.lines("Bob")).toEqual(["waited (delivered)"]);
});

test("who is blocked stays blocked, and the choices of the person stay", async () => {
  const world = new CoreWorld();
  const [alice, bob] = await world.pair();
  await alice.messenger.people.block((await alice.threadWith("Bob")).id);
  await alice.messenger.changeSettings({ showsText: false, persistAskedAt: 5 });
  const file = await backupOf(alice);
  await lose(world, alice);
  const again = await restored(world, file);
  expect(again.messenger.people.blocked().map(({ name }) => name)).toEqual(["Bob"]);
  expect(await again.messenger.settings()).toMatchObject({ showsText: false, persistAskedAt: 0 });
  await bob.send("Alice", "hello?");
  await world.clock.advance(10_000);
  expect(await again.texts("Bob")).toEqual([]);
});

test("a file that is damaged, foreign or newer, or another passphrase, is refused for its reason and stores nothing", async () => {
  const world = new CoreWorld();
  const [alice] = await world.pair();
  await alice.send("Bob", "kept");
  await world.clock.advance(2_000);
  const file = await backupOf(alice);
  const flipped = (at: number): Uint8Array => file.map((byte, index) => (index === at ? byte ^ 1 : byte));
  const newcomer = new CorePerson(world, "Alice", createMemoryStore());
  await newcomer.open();
  const outcome = async (bytes: Uint8Array, passphrase = PASSPHRASE) =>
    (await newcomer.messenger.backups.restore(bytes, passphrase)).kind;

  expect(await outcome(file, "another passphrase")).toBe("wrong-passphrase");
  expect(await outcome(new Uint8Array(0))).toBe("foreign");
  expect(await outcome(flipped(0))).toBe("foreign");
  expect(await outcome(file.map((byte, index) => (index === 8 ? byte + 1 : byte)))).toBe("newer");
  for (const length of [8, 9, 40, 72, 73, 76, 200, file.length - 1]) {
    expect(await outcome(file.subarray(0, length)), `cut to ${length}`).toBe("damaged");
  }
  for (let at = 9; at < 90; at += 1) expect(await outcome(flipped(at)), `byte ${at}`).toBe("damaged");
  expect(await outcome(flipped(file.length - 1))).toBe("damaged");
  expect(await outcome(concatBytes(file, Uint8Array.of(0)))).toBe("damaged");
  expect(await outcome(concatBytes(file, file.subarray(73)))).toBe("damaged");

  const counts = await newcomer.store.read(TABLE_NAMES, (tx) =>
    Promise.all(TABLE_NAMES.filter((name) => name !== "fence").map((name) => tx.count(name, {}))),
  );
  expect(counts.every((count) => count === 0)).toBe(true);
  expect((await newcomer.messenger.backups.restore(file, PASSPHRASE)).kind).toBe("restored");
  expect((await newcomer.messenger.backups.restore(file, PASSPHRASE)).kind).toBe("in-use");
});
