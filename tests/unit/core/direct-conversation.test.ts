import { afterEach, beforeEach, expect, test } from "vitest";
import { CoreWorld } from "../../support/core-world.ts";

let world: CoreWorld;

beforeEach(() => {
  world = new CoreWorld();
});

afterEach(() => {
  expect(world.bugs).toEqual([]);
});

test("an invite makes two contacts that exchange messages", async () => {
  const [alice, bob] = await world.pair();
  await alice.send("Bob", "hello Bob");
  await world.clock.advance(1_000);
  await bob.send("Alice", "hello Alice");
  await world.clock.advance(1_000);

  expect(await bob.lines("Alice")).toEqual(["hello Bob", "hello Alice (delivered)"]);
  expect(await alice.lines("Bob")).toEqual(["hello Bob (delivered)", "hello Alice"]);

  await bob.readAll("Alice");
  await world.clock.advance(1_000);
  expect(await alice.lines("Bob")).toEqual(["hello Bob (read)", "hello Alice"]);
});

test("delivers messages written offline once both are online, after one was edited and one cancelled", async () => {
  const [alice, bob] = await world.pair();
  await bob.messenger.stop();
  await world.clock.advance(10_000);

  const thread = (await alice.threadWith("Bob")).id;
  const first = await alice.send("Bob", "one");
  await alice.send("Bob", "two");
  const third = await alice.send("Bob", "three");
  expect(await alice.messenger.editPending(thread, first, "one, edited")).toEqual({ kind: "done" });
  expect(await alice.messenger.cancelPending(thread, third)).toEqual({ kind: "done" });
  await alice.restart();
  expect(await alice.lines("Bob")).toEqual(["one, edited (waiting)", "two (waiting)"]);

  await bob.open();
  await bob.messenger.connect();
  await world.clock.advance(40_000);
  expect(await bob.lines("Alice")).toEqual(["one, edited", "two"]);
  expect(await alice.lines("Bob")).toEqual(["one, edited (delivered)", "two (delivered)"]);
  expect(await alice.messenger.cancelPending(thread, first)).toEqual({ kind: "gone" });
});

test("messages written to an inviter who is away arrive when the inviter returns", async () => {
  const alice = await world.person("Alice");
  const invite = await alice.messenger.createInvite({ uses: 1, days: 7 });
  await alice.messenger.stop();
  const bob = await world.person("Bob");
  expect((await bob.messenger.acceptInvite(invite.link)).kind).toBe("accepted");
  await bob.send("Alice", "are you there?");
  await bob.send("Alice", "call me");
  expect(await bob.lines("Alice")).toEqual(["are you there? (waiting)", "call me (waiting)"]);

  await alice.open();
  await alice.messenger.connect();
  await world.clock.advance(60_000);
  expect(await alice.lines("Bob")).toEqual(["are you there?", "call me"]);
  expect(await bob.lines("Alice")).toEqual(["are you there? (delivered)", "call me (delivered)"]);
});

test("two people who open each other's invites end up in one thread", async () => {
  const [alice, bob] = [await world.person("Alice"), await world.person("Bob")];
  const [fromAlice, fromBob] = await Promise.all([
    alice.messenger.createInvite({ uses: 1, days: 7 }),
    bob.messenger.createInvite({ uses: 1, days: 7 }),
  ]);
  await Promise.all([alice.messenger.acceptInvite(fromBob.link), bob.messenger.acceptInvite(fromAlice.link)]);
  await alice.send("Bob", "mine");
  await bob.send("Alice", "yours");
  await world.clock.advance(10_000);
  expect(await alice.threads()).toHaveLength(1);
  expect((await alice.lines("Bob")).toSorted()).toEqual(["mine (delivered)", "yours"]);
  expect((await bob.lines("Alice")).toSorted()).toEqual(["mine", "yours (delivered)"]);
});
