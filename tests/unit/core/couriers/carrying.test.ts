/** Messages between two by somebody who is in no conversation with both. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { TABLE_NAMES } from "../../../../src/core/store/tables.ts";
import { carriersOf } from "../../../../src/core/views.ts";
import { type CorePerson } from "../../../support/core-world.ts";
import { createModelSuite } from "../../../support/model-suite.ts";
import { AWAY_MS, MEET_MS, ThreeContacts } from "../../../support/three-contacts.ts";

let three: ThreeContacts;
let alice: CorePerson;
let bob: CorePerson;
let carol: CorePerson;

beforeEach(async () => {
  three = await ThreeContacts.meet({ suite: createModelSuite(1) });
  ({ alice, bob, carol } = three);
});

afterEach(() => {
  expect(three.world.bugs).toEqual([]);
});

test("a message to somebody who is away is carried by a contact of both, and delivered though its author is gone", async () => {
  await three.close(carol);
  await alice.send("Carol", "for Carol alone");
  expect(await alice.lines("Carol")).toEqual(["for Carol alone (waiting)"]);
  await three.world.clock.advance(AWAY_MS);
  expect(await alice.lines("Carol")).toEqual(["for Carol alone (carried by 1)"]);
  const { messages, receipts } = await alice.page((await alice.threadWith("Carol")).id);
  expect(messages.map((message) => carriersOf(message, receipts))).toEqual([["Bob"]]);
  expect(bob.messenger.carried().parcels).toBe(1);
  expect(await bob.texts("Alice")).toEqual([]);

  await three.close(alice);
  await three.open(carol);
  expect(await carol.texts("Alice")).toEqual(["for Carol alone"]);
  expect(bob.messenger.carried()).toEqual({ parcels: 0, bytes: 0 });

  await three.close(carol);
  await three.open(alice);
  expect(await alice.lines("Carol")).toEqual(["for Carol alone (delivered)"]);
  await three.open(carol);
  expect(await carol.texts("Alice")).toEqual(["for Carol alone"]);
  expect(await bob.store.read(["parcelReceipts"], (tx) => tx.count("parcelReceipts", {}))).toBe(0);
  expect(await alice.store.read(["deposits"], (tx) => tx.count("deposits", {}))).toBe(0);
});

/** Everything a person's store holds, as one text and as the bytes of it. */
async function everything(person: CorePerson): Promise<string> {
  const rows = await person.store.read(TABLE_NAMES, async (tx) => {
    const found: unknown[] = [];
    for (const table of TABLE_NAMES) found.push(await tx.range(table, {}));
    return found;
  });
  const asText = (value: unknown): unknown =>
    value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : value;
  return JSON.stringify(rows, (_, value: unknown) => asText(value));
}

test("a courier holds nothing that it can read, nor the conversation that it is of", async () => {
  await three.close(carol);
  await alice.send("Carol", "a word nobody else has");
  await three.world.clock.advance(AWAY_MS);
  expect(bob.messenger.carried().parcels).toBe(1);
  const { account } = await carol.identity();
  const rows = await alice.store.read(["conversations"], (tx) => tx.range("conversations", {}));
  const id = rows.find(({ value }) => value.members.includes(account))?.value.id ?? "";
  expect(id).toHaveLength(64);
  const held = await everything(bob);
  expect(await everything(alice)).toContain("a word nobody else has");
  expect(held).not.toContain("a word nobody else has");
  expect(held).not.toContain(id);
  expect(held).not.toContain(Buffer.from(id, "hex").toString("latin1"));
});

test("what is written one after the other lies in one parcel, and all of it arrives once, in order", async () => {
  await three.close(carol);
  const texts = Array.from({ length: 60 }, (_, index) => `message ${index}`);
  for (const text of texts) {
    await alice.send("Carol", text);
    await three.world.clock.advance(700);
  }
  await three.world.clock.advance(AWAY_MS);
  expect(bob.messenger.carried().parcels).toBeLessThanOrEqual(3);
  await three.close(alice);
  await three.open(carol);
  expect(await carol.texts("Alice")).toEqual(texts);
  expect(bob.messenger.carried().parcels).toBe(0);
  await three.open(alice);
  expect(await carol.texts("Alice")).toEqual(texts);
  expect(new Set(await alice.lines("Carol"))).toEqual(new Set(texts.map((text) => `${text} (delivered)`)));
});

test("what fits no quota waits, and nothing of it is lost", async () => {
  await three.close(carol);
  const texts = Array.from({ length: 120 }, (_, index) => `${index} ${"long ".repeat(1_000)}`);
  for (const text of texts) await alice.send("Carol", text);
  await three.world.clock.advance(4 * AWAY_MS);
  const states = (await alice.lines("Carol")).map((line) => line.slice(line.lastIndexOf("(")));
  expect(new Set(states)).toEqual(new Set(["(carried by 1)", "(waiting)"]));
  expect(bob.messenger.carried()).toMatchObject({ parcels: 5 });
  expect(bob.messenger.carried().bytes).toBeLessThanOrEqual(512 * 1024);
  await three.open(carol);
  await three.world.clock.advance(MEET_MS);
  expect(await carol.texts("Alice")).toEqual(texts);
  expect(bob.messenger.carried().parcels).toBe(0);
});

test("a parcel holds nothing that its recipient wrote", async () => {
  await carol.send("Alice", "I have to go");
  await three.world.clock.advance(1_000);
  await three.close(carol);
  await alice.send("Carol", "see you");
  await three.world.clock.advance(AWAY_MS);
  const { device } = await alice.identity();
  const [deposit] = await alice.store.read(["deposits"], (tx) => tx.range("deposits", {}));
  expect(new Set(deposit?.value.to.map((log) => log.device))).toEqual(new Set([device]));
});

test("an answer goes back the same way, though the two never meet", async () => {
  await three.close(carol);
  await alice.send("Carol", "are you there?");
  await three.world.clock.advance(AWAY_MS);
  await three.close(alice);
  await three.open(carol);
  await carol.send("Alice", "now I am");
  await three.world.clock.advance(AWAY_MS);
  expect(await carol.lines("Alice")).toEqual(["are you there?", "now I am (carried by 1)"]);
  await three.close(carol);
  await three.open(alice);
  expect(await alice.lines("Carol")).toEqual(["are you there? (delivered)", "now I am"]);
});

test("what waited from before the contact left is carried as well once somebody is there to take it", async () => {
  await three.close(bob);
  await three.close(carol);
  await alice.send("Carol", "later");
  await three.world.clock.advance(AWAY_MS);
  expect(await alice.lines("Carol")).toEqual(["later (waiting)"]);
  await three.open(bob);
  expect(await alice.lines("Carol")).toEqual(["later (carried by 1)"]);
});

test("a courier that restarts still has what it carries, and its author still knows", async () => {
  await three.close(carol);
  await alice.send("Carol", "hold this");
  await three.world.clock.advance(AWAY_MS);
  await alice.restart();
  await bob.restart();
  expect(await alice.lines("Carol")).toEqual(["hold this (carried by 1)"]);
  await three.close(alice);
  await three.open(carol);
  expect(await carol.texts("Alice")).toEqual(["hold this"]);
});

test("what is written just before or after the contact leaves is carried within ten seconds", async () => {
  await carol.messenger.stop();
  await alice.send("Carol", "did you see this?");
  await three.world.clock.advance(3_000);
  await alice.send("Carol", "and this?");
  await three.world.clock.advance(7_000);
  expect(await alice.lines("Carol")).toEqual(["did you see this? (carried by 1)", "and this? (carried by 1)"]);
});

test("what is written in a group is left with nobody: its members have it", async () => {
  const members = [(await bob.identity()).account, (await carol.identity()).account];
  const made = await alice.messenger.groups.create("the three of us", members);
  await three.world.clock.advance(MEET_MS);
  await three.close(carol);
  if (made.kind !== "created") throw new Error(made.kind);
  await alice.messenger.send(made.thread, "for the group");
  await alice.send("Carol", "for Carol alone");
  await three.world.clock.advance(AWAY_MS);
  const deposits = await alice.store.read(["deposits"], (tx) => tx.range("deposits", {}));
  expect(deposits.map(({ key }) => key[0])).not.toContain(made.thread);
  expect(deposits).toHaveLength(1);
});

test("nothing is left with anybody while the contact is there", async () => {
  await alice.send("Carol", "directly");
  await three.world.clock.advance(AWAY_MS);
  expect(await alice.lines("Carol")).toEqual(["directly (delivered)"]);
  expect(bob.messenger.carried().parcels).toBe(0);
});
