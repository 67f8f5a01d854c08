import { expect, test } from "vitest";
import { CoreWorld } from "../../../support/core-world.ts";
import { newcomerAhead } from "../../../support/newcomer-ahead.ts";
import { befriend, ThreeContacts } from "../../../support/three-contacts.ts";

test("who opens the link hears of a group that was founded while they were away", async () => {
  const world = new CoreWorld();
  const [alice, bob] = await world.pair();
  await bob.messenger.stop();
  await world.clock.advance(120_000);
  const { account } = await alice.contactWith("Bob");
  expect((await alice.messenger.groups.create("Trip", [account])).kind).toBe("created");
  await bob.open();
  await bob.messenger.connect();
  await world.clock.advance(20_000);
  expect((await bob.threads()).map(({ name }) => name).toSorted()).toEqual(["Alice", "Trip"]);
  expect(world.bugs).toEqual([]);
});

test("a newcomer whom others have not heard of brings them the news, and what was written since", async () => {
  const { world, alice, bob, carol } = await ThreeContacts.meet();
  const made = await alice.messenger.groups.create("Trip", [(await alice.contactWith("Bob")).account]);
  if (made.kind !== "created") throw new Error(made.kind);
  await world.clock.advance(20_000);
  await bob.messenger.stop();
  await world.clock.advance(15_000);
  await alice.messenger.groups.add(made.thread, [(await alice.contactWith("Carol")).account]);
  await world.clock.advance(20_000);
  await carol.send("Trip", "hello from Carol");
  await world.clock.advance(5_000);
  await alice.messenger.stop();
  await world.clock.advance(15_000);
  await bob.open();
  await bob.messenger.connect();
  await world.clock.advance(40_000);
  expect((await bob.texts("Trip")).at(-1)).toBe("hello from Carol");
  await bob.send("Trip", "hello from Bob");
  await world.clock.advance(5_000);
  expect((await carol.texts("Trip")).at(-1)).toBe("hello from Bob");
  expect(world.bugs).toEqual([]);
});

test("a newcomer who is a stranger to others brings them the news while whoever added them is away", async () => {
  const world = new CoreWorld();
  const [alice, bob] = await world.pair();
  const carol = await world.person("Carol");
  await befriend(world, alice, carol);
  const made = await alice.messenger.groups.create("Trip", [(await alice.contactWith("Bob")).account]);
  if (made.kind !== "created") throw new Error(made.kind);
  await world.clock.advance(20_000);
  await bob.messenger.stop();
  await world.clock.advance(15_000);
  await alice.messenger.groups.add(made.thread, [(await alice.contactWith("Carol")).account]);
  await world.clock.advance(20_000);
  await carol.send("Trip", "hello from Carol");
  await world.clock.advance(5_000);
  await alice.messenger.stop();
  await world.clock.advance(15_000);
  await bob.open();
  await bob.messenger.connect();
  await world.clock.advance(60_000);
  expect(await bob.texts("Trip")).toContain("hello from Carol");
  expect((await carol.lines("Trip")).at(-1)).toBe("hello from Carol (delivered)");
  await bob.send("Trip", "hello from Bob");
  await world.clock.advance(5_000);
  expect((await carol.texts("Trip")).at(-1)).toBe("hello from Bob");
  expect(world.bugs).toEqual([]);
});

test("what did not follow on what was held is taken once that has come from somebody else", async () => {
  const world = new CoreWorld();
  const { bob, daveComes } = await newcomerAhead(world);
  expect((await bob.texts("Trip")).filter((text) => text !== "")).toEqual([]);
  await daveComes();
  await world.clock.advance(60_000);
  expect((await bob.texts("Trip")).filter((text) => text !== "")).toEqual(["before Carol", "after Carol"]);
  expect(world.bugs).toEqual([]);
});

test("what a member wrote is taken from somebody who has left since", async () => {
  const { world, alice, bob, carol } = await ThreeContacts.meet();
  const others = [(await alice.contactWith("Bob")).account, (await alice.contactWith("Carol")).account];
  const made = await alice.messenger.groups.create("Trip", others);
  if (made.kind !== "created") throw new Error(made.kind);
  await world.clock.advance(20_000);
  await alice.messenger.stop();
  await world.clock.advance(15_000);
  await bob.send("Trip", "hello from Bob");
  await world.clock.advance(5_000);
  await carol.messenger.groups.leave(made.thread);
  await world.clock.advance(5_000);
  await bob.messenger.stop();
  await world.clock.advance(15_000);
  await alice.open();
  await alice.messenger.connect();
  await world.clock.advance(40_000);
  expect(await alice.texts("Trip")).toContain("hello from Bob");
  expect(world.bugs).toEqual([]);
});
