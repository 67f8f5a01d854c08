import { afterEach, beforeEach, expect, test } from "vitest";
import { CONTROL_KIND, decodeHeader } from "../../../../src/core/codec/entry.ts";
import { FRAME } from "../../../../src/core/sync/frames.ts";
import type { ThreadId } from "../../../../src/core/views.ts";
import { type CorePerson, CoreWorld } from "../../../support/core-world.ts";
import { createModelSuite } from "../../../support/model-suite.ts";
import { befriend } from "../../../support/three-contacts.ts";
import { tapWire } from "../../../support/wire-tap.ts";

let world: CoreWorld;
let alice: CorePerson;
let bob: CorePerson;
let carol: CorePerson;

beforeEach(async () => {
  world = new CoreWorld({ suite: createModelSuite(1) });
  [alice, bob] = await world.pair();
  carol = await world.person("Carol");
  await befriend(world, alice, carol);
  await found();
});

afterEach(() => {
  expect(world.bugs).toEqual([]);
});

async function found(): Promise<ThreadId> {
  const members = [(await alice.contactWith("Bob")).account, (await alice.contactWith("Carol")).account];
  const made = await alice.messenger.groups.create("Trip", members);
  if (made.kind !== "created") throw new Error(made.kind);
  await world.clock.advance(20_000);
  return made.thread;
}

async function leave(person: CorePerson): Promise<void> {
  await person.messenger.stop();
  await world.clock.advance(5_000);
}

/** Names of those for whom this person holds envelopes of Alice's rekeys. */
async function heldFor(person: CorePerson): Promise<string[]> {
  const author = (await alice.identity()).device;
  const nameByDevice = new Map<string, string>();
  for (const one of [alice, bob, carol]) nameByDevice.set((await one.identity()).device, one.name);
  const rows = await person.store.read(["envelopes"], (tx) => tx.range("envelopes", {}));
  return rows.filter(({ key }) => key[1] === author).map(({ key }) => nameByDevice.get(String(key[3])) ?? "?");
}

async function askedAgain(person: CorePerson): Promise<number> {
  const { device } = await person.identity();
  const rows = await person.store.read(["entries"], (tx) => tx.range("entries", {}));
  return rows.filter(({ key, value }) => key[1] === device && decodeHeader(value.header).kind === CONTROL_KIND.resend)
    .length;
}

test("a member carries what is sealed to another who is away, who then reads without asking for the message", async () => {
  await leave(carol);
  await alice.send("Trip", "for Carol too");
  await world.clock.advance(5_000);
  expect(await heldFor(bob)).toEqual(["Carol"]);
  await leave(alice);
  await carol.restart();
  await world.clock.advance(20_000);
  expect((await carol.texts("Trip")).at(-1)).toBe("for Carol too");
  expect(await askedAgain(carol)).toBe(0);
  expect(await heldFor(bob)).toEqual([]);
});

test("what is sealed to somebody who was not noticed to be gone yet is carried as well", async () => {
  world.network.crash((await carol.identity()).peerKey);
  await alice.send("Trip", "for Carol too");
  await world.clock.advance(4_000);
  expect(await heldFor(bob)).toEqual(["Carol"]);
  await leave(alice);
  await carol.restart();
  expect((await carol.texts("Trip")).at(-1)).toBe("for Carol too");
  expect(await askedAgain(carol)).toBe(0);
});

test("what is sealed to those who are there, and open it, is carried by nobody", async () => {
  const handed: number[] = [];
  tapWire(world, ({ type }) => {
    if (type === FRAME.envelopes) handed.push(type);
    return undefined;
  });
  for (const person of [alice, bob, carol]) await person.restart();
  await world.clock.advance(20_000);
  await alice.send("Trip", "for all");
  await world.clock.advance(20_000);
  expect((await carol.texts("Trip")).at(-1)).toBe("for all");
  expect(handed).toEqual([]);
});

test("whoever got a rekey without what is sealed to them asks for it, and reads all that follows in its epoch", async () => {
  await leave(carol);
  await alice.send("Trip", "one");
  await world.clock.advance(5_000);
  // Bob's copy is lost: he can only pass on the entry.
  const { id } = await bob.threadWith("Trip");
  await leave(bob);
  await bob.store.write(["envelopes"], "strict", async (tx) => tx.deleteRange("envelopes", { prefix: [id] }));
  await leave(alice);
  await bob.restart();
  await carol.restart();
  await world.clock.advance(20_000);
  expect((await carol.texts("Trip")).at(-1)).toBe("one");
  const before = await askedAgain(carol);
  expect(before).toBe(1);
  await alice.restart();
  await world.clock.advance(5_000);
  await alice.send("Trip", "two");
  await world.clock.advance(20_000);
  expect((await carol.texts("Trip")).at(-1)).toBe("two");
  expect(await askedAgain(carol)).toBe(before);
  expect(await heldFor(alice)).toEqual([]);
});

test("what is carried for somebody who is removed goes", async () => {
  await leave(carol);
  await alice.send("Trip", "for Carol too");
  await world.clock.advance(5_000);
  expect(await heldFor(bob)).toEqual(["Carol"]);
  const { account } = await alice.contactWith("Carol");
  await alice.messenger.groups.remove((await alice.threadWith("Trip")).id, account);
  await world.clock.advance(20_000);
  expect(await heldFor(bob)).toEqual([]);
});
