import { afterEach, beforeEach, expect, test } from "vitest";
import { CONTROL_CHANNEL, CONTROL_KIND, decodeHeader } from "../../../../src/core/codec/entry.ts";
import { FRAME } from "../../../../src/core/sync/frames.ts";
import { type CorePerson, CoreWorld } from "../../../support/core-world.ts";
import { overheard } from "../../../support/wire-tap.ts";

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

async function cut(): Promise<() => void> {
  const [a, b] = [(await alice.identity()).peerKey, (await bob.identity()).peerKey];
  world.network.cut(a, b);
  return () => world.network.heal(a, b);
}

async function controlKinds(person: CorePerson): Promise<readonly number[]> {
  const rows = await person.store.read(["entries"], (tx) => tx.range("entries", {}));
  const headers = rows.map(({ value }) => decodeHeader(value.header));
  return headers.filter(({ channel }) => channel === CONTROL_CHANNEL).map(({ kind }) => kind);
}

test("what came without the key to it is asked for, handed over and delivered", async () => {
  const heal = await cut();
  for (let index = 0; index < 60; index += 1) await alice.send("Bob", `m${index}`);
  // Sealed into a link that was dead already; then the envelopes are lost.
  await alice.store.write(["envelopes"], "strict", async (tx) => tx.deleteRange("envelopes", {}));
  await alice.restart();
  heal();
  await world.clock.advance(60_000);
  expect(await bob.texts("Alice")).toEqual(Array.from({ length: 60 }, (_, index) => `m${index}`));
  expect(await controlKinds(bob)).toContain(CONTROL_KIND.resend);
  expect((await alice.lines("Bob")).at(-1)).toBe("m59 (delivered)");
  await bob.send("Alice", "thanks");
  await world.clock.advance(2_000);
  await alice.send("Bob", "sealed to you");
  await world.clock.advance(2_000);
  expect((await bob.texts("Alice")).slice(-2)).toEqual(["thanks", "sealed to you"]);
});

test("an epoch goes on behind messages of it that were handed over", async () => {
  const heal = await cut();
  for (let index = 0; index < 60; index += 1) await alice.send("Bob", `m${index}`);
  // Of the two epochs the first is lost: messages of both are handed over.
  await alice.store.write(["envelopes"], "strict", async (tx) => {
    const [first] = await tx.range("envelopes", {});
    if (first !== undefined) tx.delete("envelopes", first.key);
  });
  await alice.restart();
  heal();
  await world.clock.advance(60_000);
  await alice.send("Bob", "m60");
  await world.clock.advance(2_000);
  expect(await bob.texts("Alice")).toEqual(Array.from({ length: 61 }, (_, index) => `m${index}`));
});

test("a backlog of many epochs is read without asking for anything, though control comes before messages", async () => {
  const frames = overheard(world);
  const heal = await cut();
  for (let index = 0; index < 220; index += 1) await alice.send("Bob", `m${index}`);
  await world.clock.advance(30_000);
  heal();
  await world.clock.advance(60_000);
  expect(await bob.texts("Alice")).toHaveLength(220);
  expect(frames.filter(({ type }) => type === FRAME.resendAnswer)).toEqual([]);
  expect(await controlKinds(bob)).not.toContain(CONTROL_KIND.resend);
  // Nothing is kept for entries that were opened.
  expect(await bob.store.read(["envelopes"], (tx) => tx.count("envelopes", {}))).toBe(0);
  await bob.send("Alice", "all here");
  await world.clock.advance(2_000);
  expect(await alice.store.read(["envelopes"], (tx) => tx.count("envelopes", {}))).toBe(0);
});

test("an own key is erased once everything sealed to it was opened, and the newest stays", async () => {
  const kems = () => bob.store.read(["kems"], (tx) => tx.count("kems", {}));
  await bob.send("Alice", "one");
  await world.clock.advance(1_000);
  await alice.send("Bob", "two");
  await world.clock.advance(1_000);
  expect(await kems()).toBeGreaterThan(0);
  for (let turn = 0; turn < 3; turn += 1) {
    await world.clock.advance(11 * 60_000);
    await bob.send("Alice", `turn ${turn}`);
    await world.clock.advance(1_000);
    await alice.send("Bob", `answer ${turn}`);
    await world.clock.advance(1_000);
  }
  expect(await kems()).toBe(1);
  expect(await bob.texts("Alice")).toHaveLength(8);
});
