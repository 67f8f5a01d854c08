import { afterEach, beforeEach, expect, test } from "vitest";
import type { ThreadId } from "../../../../src/core/views.ts";
import { type CorePerson, CoreWorld } from "../../../support/core-world.ts";
import { befriend } from "../../../support/three-contacts.ts";

let world: CoreWorld;
let mallory: CorePerson;
let bob: CorePerson;

/** Bob deleted Mallory, who still has him as a contact: to Bob they are a stranger. */
beforeEach(async () => {
  world = new CoreWorld();
  mallory = await world.person("Mallory");
  bob = await world.person("Bob");
  await befriend(world, mallory, bob);
});

afterEach(() => {
  expect(world.bugs).toEqual([]);
});

const requests = () => bob.messenger.people.requests();

async function forgets(person: CorePerson, name: string): Promise<void> {
  await person.messenger.deleteConversation((await person.threadWith(name)).id);
  await world.clock.advance(2_000);
}

async function found(by: CorePerson, name: string, contacts: readonly string[]): Promise<ThreadId> {
  const accounts = await Promise.all(contacts.map(async (contact) => (await by.contactWith(contact)).account));
  const made = await by.messenger.groups.create(name, accounts);
  if (made.kind !== "created") throw new Error(made.kind);
  await world.clock.advance(120_000);
  return made.thread;
}

async function namesOf(person: CorePerson): Promise<readonly string[]> {
  return (await person.threads()).map(({ name }) => name);
}

test("being added by a stranger is a request: nothing of the group is here, and they learn nothing", async () => {
  await forgets(bob, "Mallory");
  await found(mallory, "Hiking", ["Bob"]);
  await mallory.send("Hiking", "come along");
  await world.clock.advance(60_000);
  expect(requests()).toMatchObject([{ name: "Mallory", group: "Hiking" }]);
  expect(bob.events).toContainEqual({ type: "requests", requests: requests() });
  expect(await namesOf(bob)).toEqual([]);
  expect(await bob.store.read(["conversations"], (tx) => tx.count("conversations", {}))).toBe(0);
  expect((await mallory.lines("Hiking")).at(-1)).toBe("come along (waiting)");
});

test("an accepted group is joined, and says what was written since", async () => {
  await forgets(bob, "Mallory");
  const thread = await found(mallory, "Hiking", ["Bob"]);
  await mallory.send("Hiking", "come along");
  const [request] = requests();
  if (request === undefined) throw new Error("nobody asks");
  await bob.restart();
  expect(await bob.messenger.people.acceptRequest(request.id)).toBe(thread);
  await world.clock.advance(60_000);
  expect(requests()).toEqual([]);
  expect((await bob.texts("Hiking")).at(-1)).toBe("come along");
  expect((await mallory.lines("Hiking")).at(-1)).toBe("come along (delivered)");
  await bob.send("Hiking", "gladly");
  await world.clock.advance(10_000);
  expect((await mallory.texts("Hiking")).at(-1)).toBe("gladly");
});

test("who accepts while nobody of the group is there joins when they are met", async () => {
  await forgets(bob, "Mallory");
  await found(mallory, "Hiking", ["Bob"]);
  await mallory.messenger.stop();
  await world.clock.advance(10_000);
  const [request] = requests();
  if (request === undefined) throw new Error("nobody asks");
  await bob.messenger.people.acceptRequest(request.id);
  expect(await bob.threadWith("Hiking")).toMatchObject({ group: { isJoining: true } });
  await mallory.restart();
  await world.clock.advance(60_000);
  expect(await bob.threadWith("Hiking")).toMatchObject({ group: { ownRole: "member", size: 2 } });
  expect(await bob.threadWith("Hiking")).not.toMatchObject({ group: { isJoining: true } });
});

test("a deleted request stays away, and a blocked one brings nothing more of that person", async () => {
  await forgets(bob, "Mallory");
  await found(mallory, "Hiking", ["Bob"]);
  const [first] = requests();
  if (first === undefined) throw new Error("nobody asks");
  await bob.messenger.people.deleteRequest(first.id);
  await mallory.restart();
  await world.clock.advance(120_000);
  expect(requests()).toEqual([]);
  await found(mallory, "Sailing", ["Bob"]);
  const [second] = requests();
  expect(second?.group).toBe("Sailing");
  if (second !== undefined) await bob.messenger.people.blockRequest(second.id);
  expect(bob.messenger.people.blocked()).toMatchObject([{ name: "Mallory" }]);
  await found(mallory, "Diving", ["Bob"]);
  expect(requests()).toEqual([]);
  expect(await namesOf(bob)).toEqual([]);
});

test("five of one account wait at most", async () => {
  await forgets(bob, "Mallory");
  for (let count = 1; count <= 7; count += 1) await found(mallory, `Group ${count}`, ["Bob"]);
  expect(requests().map(({ group }) => group)).toEqual(["Group 5", "Group 4", "Group 3", "Group 2", "Group 1"]);
});

test("it is a request also when a contact tells of the group, or they share another group", async () => {
  const carol = await world.person("Carol");
  await befriend(world, mallory, carol);
  await befriend(world, carol, bob);
  await found(carol, "Choir", ["Mallory", "Bob"]);
  await forgets(bob, "Mallory");
  await mallory.messenger.stop();
  await world.clock.advance(10_000);
  await mallory.open();
  const accounts = [(await mallory.contactWith("Bob")).account, (await mallory.contactWith("Carol")).account];
  await mallory.messenger.groups.create("Hiking", accounts.slice(1));
  await mallory.messenger.connect();
  await world.clock.advance(30_000);
  const { id } = await mallory.threadWith("Hiking");
  await bob.messenger.stop();
  await mallory.messenger.groups.add(id, accounts.slice(0, 1));
  await world.clock.advance(30_000);
  await mallory.messenger.stop();
  await world.clock.advance(10_000);
  await bob.open();
  await bob.messenger.connect();
  await world.clock.advance(60_000);
  expect((await namesOf(bob)).toSorted()).toEqual(["Carol", "Choir"]);
  expect(requests()).toMatchObject([{ name: "Mallory", group: "Hiking" }]);
  const [request] = requests();
  if (request !== undefined) await bob.messenger.people.acceptRequest(request.id);
  await world.clock.advance(60_000);
  expect(await bob.threadWith("Hiking")).toMatchObject({ group: { ownRole: "member", size: 3 } });
});

test("joining that was given up does not come back", async () => {
  await forgets(bob, "Mallory");
  const thread = await found(mallory, "Hiking", ["Bob"]);
  await mallory.messenger.stop();
  await world.clock.advance(10_000);
  const [request] = requests();
  if (request !== undefined) await bob.messenger.people.acceptRequest(request.id);
  await bob.messenger.deleteConversation(thread);
  await mallory.restart();
  await world.clock.advance(60_000);
  expect(requests()).toEqual([]);
  expect(await namesOf(bob)).toEqual([]);
});

test("a member of a common group who is no contact asks likewise", async () => {
  const carol = await world.person("Carol");
  await befriend(world, mallory, carol);
  await befriend(world, carol, bob);
  await found(carol, "Choir", ["Mallory", "Bob"]);
  await forgets(bob, "Mallory");
  await found(mallory, "Hiking", ["Bob"]);
  expect((await namesOf(bob)).toSorted()).toEqual(["Carol", "Choir"]);
  expect(requests()).toMatchObject([{ name: "Mallory", group: "Hiking" }]);
});

test("a contact's adding shows the group at once, though somebody else told of it first", async () => {
  const carol = await world.person("Carol");
  await befriend(world, carol, bob);
  await befriend(world, carol, mallory);
  await forgets(bob, "Mallory");
  await bob.messenger.stop();
  await world.clock.advance(20_000);
  await found(carol, "Choir", ["Mallory", "Bob"]);
  await carol.messenger.stop();
  await world.clock.advance(20_000);
  await bob.open();
  await bob.messenger.connect();
  await world.clock.advance(60_000);
  expect(requests()).toMatchObject([{ name: "Mallory", group: "Choir" }]);
  await carol.open();
  await carol.messenger.connect();
  await world.clock.advance(60_000);
  expect(requests()).toEqual([]);
  expect(bob.events.findLast(({ type }) => type === "requests")).toEqual({ type: "requests", requests: [] });
  expect(await bob.threadWith("Choir")).toMatchObject({ group: { ownRole: "member", size: 3 } });
});
