import { afterEach, beforeEach, expect, test } from "vitest";
import type { AccountId, MemberView } from "../../../../src/core/views.ts";
import { type CorePerson, CoreWorld } from "../../../support/core-world.ts";
import { befriend } from "../../../support/three-contacts.ts";

let world: CoreWorld;
let alice: CorePerson;
let bob: CorePerson;
let carol: CorePerson;

/** Bob and Carol know each other by Alice's group alone. */
beforeEach(async () => {
  world = new CoreWorld({ startsOnRelay: true });
  [alice, bob] = await world.pair();
  carol = await world.person("Carol");
  await befriend(world, alice, carol);
  const accounts = [(await alice.contactWith("Bob")).account, (await alice.contactWith("Carol")).account];
  await alice.messenger.groups.create("Trip", accounts);
  await world.clock.advance(60_000);
});

afterEach(() => {
  expect(world.bugs).toEqual([]);
});

async function member(person: CorePerson, name: string): Promise<MemberView> {
  const view = await person.threadWith("Trip");
  const found = view.kind === "group" ? view.group.members.find((candidate) => candidate.name === name) : undefined;
  if (found === undefined) throw new Error("no such member");
  return found;
}

async function asks(person: CorePerson, name: string): Promise<AccountId> {
  const { account } = await member(person, name);
  expect(await person.messenger.people.befriend(account)).toBe((await person.threadWith(name)).id);
  await world.clock.advance(20_000);
  return account;
}

test("members meet without being contacts, and only through a relay", async () => {
  expect(await member(bob, "Carol")).toMatchObject({ isContact: false, isOnline: true });
  await alice.messenger.stop();
  await world.clock.advance(20_000);
  expect((await bob.threadWith("Trip")).path.kind).toBe("relay");
  await carol.messenger.stop();
  await world.clock.advance(20_000);
  const { isOnline, lastHeard } = await member(bob, "Carol");
  expect(isOnline).toBe(false);
  expect(lastHeard).toBeGreaterThan(world.clock.now() - 180_000);
  await bob.restart();
  expect((await member(bob, "Carol")).lastHeard).toBe(lastHeard);
});

test("one asks the other to become a contact, who decides; then they write to each other directly", async () => {
  await asks(bob, "Carol");
  expect(await bob.threadWith("Carol")).toMatchObject({ request: "waiting", contact: { isConfirmed: false } });
  expect((await bob.threadWith("Carol")).inviteTrouble).toBeUndefined();
  await bob.send("Carol", "hello, we met at Alice's");
  const [request] = carol.messenger.people.requests();
  expect(request).toMatchObject({ name: "Bob" });
  if (request !== undefined) await carol.messenger.people.acceptRequest(request.id);
  await world.clock.advance(60_000);
  expect(await carol.lines("Bob")).toEqual(["hello, we met at Alice's"]);
  expect(await bob.lines("Carol")).toEqual(["hello, we met at Alice's (delivered)"]);
  expect(await bob.threadWith("Carol")).toMatchObject({ path: { kind: "direct" }, contact: { isConfirmed: true } });
  expect((await bob.threadWith("Carol")).request).toBeUndefined();
});

test("who is away is asked when they come", async () => {
  await carol.messenger.stop();
  await world.clock.advance(20_000);
  await asks(bob, "Carol");
  expect(await bob.threadWith("Carol")).toMatchObject({ request: "asking" });
  await carol.restart();
  await world.clock.advance(60_000);
  expect(carol.messenger.people.requests()).toMatchObject([{ name: "Bob" }]);
  expect(await bob.threadWith("Carol")).toMatchObject({ request: "waiting" });
});

test("two who ask each other are contacts without a further question", async () => {
  await asks(bob, "Carol");
  await asks(carol, "Bob");
  await world.clock.advance(60_000);
  for (const [person, other] of [[bob, "Carol"] as const, [carol, "Bob"] as const]) {
    expect(await person.threadWith(other)).toMatchObject({ contact: { isConfirmed: true } });
  }
  await bob.restart();
  await world.clock.advance(60_000);
  await carol.send("Bob", "hi");
  await world.clock.advance(20_000);
  expect(await bob.texts("Carol")).toEqual(["hi"]);
  expect(bob.messenger.people.requests()).toEqual([]);
});

test("nobody of no common group is asked", async () => {
  const mallory = await world.person("Mallory");
  const { account } = await mallory.identity();
  expect(await bob.messenger.people.befriend(account)).toBeUndefined();
  expect(await bob.messenger.people.befriend((await alice.identity()).account)).toBeUndefined();
});
