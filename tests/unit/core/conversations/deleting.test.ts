import { DEFAULT_SETTINGS } from "../../../../src/core/conversations/settings.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { StoreFailedError } from "../../../../src/core/store/store.ts";
import type { Row } from "../../../../src/core/store/store.ts";
import { TABLE_NAMES, type TableName } from "../../../../src/core/store/tables.ts";
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

async function deleteBob(): Promise<void> {
  await alice.messenger.deleteConversation((await alice.threadWith("Bob")).id);
}

/** Everything Alice's disk has, but for the tables that are about herself. */
async function rowsOnDisk(): Promise<readonly Row<TableName>[]> {
  const ownDevices = (await alice.identity()).account;
  const tables = TABLE_NAMES.filter((table) => !["fence", "identity", "settings", "invites"].includes(table));
  const rows = await alice.store.read(tables, async (tx) => {
    const found: Row<TableName>[] = [];
    for (const table of tables) found.push(...(await tx.range(table, {})));
    return found;
  });
  return rows.filter(({ key }) => key[0] !== ownDevices);
}

test("a deleted conversation leaves nothing on the disk, and not its contact either", async () => {
  await alice.send("Bob", "one");
  await bob.send("Alice", "two");
  await world.clock.advance(2_000);
  await alice.readAll("Bob");
  await bob.messenger.stop();
  await world.clock.advance(5_000);
  await alice.send("Bob", "waiting");
  const thread = (await alice.threadWith("Bob")).id;
  await alice.messenger.saveDraft(thread, "a draft");
  expect(await rowsOnDisk()).not.toEqual([]);

  await alice.messenger.deleteConversation(thread);
  expect(await rowsOnDisk()).toEqual([]);
  expect(await alice.threads()).toEqual([]);
  expect(alice.events).toContainEqual({ type: "thread-removed", thread });
  await alice.restart();
  expect(await alice.threads()).toEqual([]);
});

test("what the peer sends for a deleted conversation is neither stored nor acknowledged", async () => {
  await deleteBob();
  await bob.send("Alice", "are you there?");
  await world.clock.advance(120_000);
  await bob.restart();
  await bob.send("Alice", "hello?");
  await world.clock.advance(120_000);
  expect(await rowsOnDisk()).toEqual([]);
  expect(await alice.threads()).toEqual([]);
  expect(await bob.lines("Alice")).toEqual(["are you there? (waiting)", "hello? (waiting)"]);
});

test.each([0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144])(
  "messages on their way at the moment of deletion do not bring it back (%i ms)",
  async (moment) => {
    for (const text of ["one", "two", "three"]) {
      await bob.send("Alice", text);
      await alice.send("Bob", text);
    }
    await world.clock.advance(moment);
    const thread = (await alice.threadWith("Bob")).id;
    const writes = [
      alice.messenger.send(thread, "last"),
      alice.messenger.saveDraft(thread, "draft"),
      alice.messenger.deleteConversation(thread),
      alice.messenger.saveDraft(thread, "later"),
      alice.messenger.markRead(thread, "~"),
      alice.messenger.renameContact(thread, "Robert"),
    ];
    const late = alice.messenger.send(thread, "too late");
    await Promise.all(writes);
    expect(await late).toEqual({ kind: "failed" });
    await world.clock.advance(60_000);
    expect(await rowsOnDisk()).toEqual([]);
    expect(await alice.threads()).toEqual([]);
  },
);

test("a deletion that the disk refuses deletes nothing", async () => {
  await alice.send("Bob", "kept");
  await world.clock.advance(2_000);
  const before = alice.store.snapshot();
  alice.store.failNextCommit(new StoreFailedError("broken"));
  await expect(deleteBob()).rejects.toBeInstanceOf(StoreFailedError);
  expect(alice.store.snapshot().trees.get("timeline")).toEqual(before.trees.get("timeline"));
  await world.clock.advance(60_000);
  await bob.send("Alice", "still here");
  await world.clock.advance(60_000);
  expect(await alice.lines("Bob")).toEqual(["kept (delivered)", "still here"]);
});

test("a new invite of the contact brings them back, without what was deleted", async () => {
  await bob.send("Alice", "before");
  await world.clock.advance(2_000);
  await deleteBob();
  await world.clock.advance(60_000);
  await bob.send("Alice", "into the void");
  const { link } = await bob.messenger.createInvite({ uses: 1, days: 7 });
  expect(await alice.messenger.acceptInvite(link)).toMatchObject({ kind: "accepted" });
  await world.clock.advance(60_000);
  await alice.send("Bob", "again");
  await world.clock.advance(5_000);
  await bob.send("Alice", "welcome back");
  await world.clock.advance(5_000);
  expect(await alice.lines("Bob")).toEqual(["into the void", "again (delivered)", "welcome back"]);
  expect(await bob.texts("Alice")).toEqual(["before", "into the void", "again", "welcome back"]);
  await alice.restart();
  await bob.restart();
  await bob.send("Alice", "after a restart");
  await world.clock.advance(5_000);
  expect((await bob.lines("Alice")).at(-1)).toBe("after a restart (delivered)");
});

test("a new invite of the one who deleted brings the contact back too", async () => {
  await deleteBob();
  await world.clock.advance(60_000);
  const { link } = await alice.messenger.createInvite({ uses: 1, days: 7 });
  expect(await bob.messenger.readInvite(link)).toMatchObject({ kind: "valid" });
  await bob.messenger.acceptInvite(link);
  await world.clock.advance(60_000);
  await bob.send("Alice", "hello again");
  await world.clock.advance(5_000);
  expect(await alice.lines("Bob")).toEqual(["hello again"]);
  expect(await bob.lines("Alice")).toEqual(["hello again (delivered)"]);
  expect(await bob.messenger.readInvite(link)).toMatchObject({ kind: "known" });
});

test("the invite that the contact used before does not bring them back", async () => {
  const carol = await world.person("Carol");
  const { link } = await alice.messenger.createInvite({ uses: 1, days: 7 });
  await carol.messenger.acceptInvite(link);
  await world.clock.advance(5_000);
  await alice.messenger.deleteConversation((await alice.threadWith("Carol")).id);
  await carol.messenger.deleteConversation((await carol.threadWith("Alice")).id);
  await carol.messenger.acceptInvite(link);
  await world.clock.advance(60_000);
  expect((await carol.threadWith("Alice")).inviteTrouble).toBe("used");
  expect((await alice.threads()).map(({ name }) => name)).toEqual(["Bob"]);
});

test("an invite that was accepted while its inviter is away is given up with its conversation", async () => {
  const carol = await world.person("Carol");
  const { link } = await carol.messenger.createInvite({ uses: 1, days: 7 });
  await carol.messenger.stop();
  await alice.messenger.acceptInvite(link);
  await alice.messenger.deleteConversation((await alice.threadWith("Carol")).id);
  await carol.open();
  await carol.messenger.connect();
  await world.clock.advance(60_000);
  expect(await carol.threads()).toEqual([]);
  expect((await alice.threads()).map(({ name }) => name)).toEqual(["Bob"]);
});

test("settings have defaults, and are kept", async () => {
  expect(await alice.messenger.settings()).toEqual(DEFAULT_SETTINGS);
  await alice.messenger.changeSettings({ notifies: true, persistAskedAt: 5 });
  await alice.restart();
  expect(await alice.messenger.settings()).toEqual({ ...DEFAULT_SETTINGS, notifies: true, persistAskedAt: 5 });
});
