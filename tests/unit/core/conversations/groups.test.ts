import { afterEach, beforeEach, expect, test } from "vitest";
import type { GroupView, ThreadId } from "../../../../src/core/views.ts";
import { type CorePerson, CoreWorld } from "../../../support/core-world.ts";

let world: CoreWorld;
let alice: CorePerson;
let bob: CorePerson;
let carol: CorePerson;

/** Alice knows Bob and Carol, who do not know each other. */
beforeEach(async () => {
  world = new CoreWorld();
  [alice, bob] = await world.pair();
  carol = await world.person("Carol");
  const invite = await alice.messenger.createInvite({ uses: 1, days: 7 });
  await carol.messenger.acceptInvite(invite.link);
  await world.clock.advance(2_000);
});

afterEach(() => {
  expect(world.bugs).toEqual([]);
});

async function found(name = "Trip"): Promise<ThreadId> {
  const members = [(await alice.contactWith("Bob")).account, (await alice.contactWith("Carol")).account];
  const made = await alice.messenger.groups.create(name, members);
  if (made.kind !== "created") throw new Error(made.kind);
  await world.clock.advance(20_000);
  return made.thread;
}

async function groupOf(person: CorePerson, name = "Trip"): Promise<GroupView> {
  const thread = await person.threadWith(name);
  if (thread.kind !== "group") throw new Error("no group");
  return thread.group;
}

test("contacts who are added see the group at once, with all its members", async () => {
  await found();
  for (const person of [alice, bob, carol]) {
    const group = await groupOf(person);
    expect(group.members.map((member) => (member.isOwn ? person.name : member.name)).toSorted()).toEqual([
      "Alice",
      "Bob",
      "Carol",
    ]);
    expect(group.online).toBe(3);
  }
});

test("what one writes reaches all, and each state is counted", async () => {
  await found();
  await alice.send("Trip", "hello all");
  await world.clock.advance(5_000);
  await bob.send("Trip", "hello from Bob");
  await world.clock.advance(5_000);
  expect(await carol.texts("Trip")).toEqual(["", "", "", "hello all", "hello from Bob"]);
  expect((await alice.lines("Trip")).at(-2)).toBe("hello all (delivered)");
  expect((await bob.lines("Trip")).at(-1)).toBe("hello from Bob (delivered)");
});

test("a member delivers what another wrote, while its author is away", async () => {
  await found();
  await carol.messenger.stop();
  await world.clock.advance(5_000);
  await alice.send("Trip", "for Carol too");
  await world.clock.advance(5_000);
  expect((await alice.lines("Trip")).at(-1)).toBe("for Carol too (1 of 2)");
  await alice.messenger.stop();
  await world.clock.advance(5_000);
  await carol.restart();
  await world.clock.advance(20_000);
  expect((await carol.texts("Trip")).at(-1)).toBe("for Carol too");
  await carol.messenger.stop();
  await alice.restart();
  await world.clock.advance(20_000);
  expect((await alice.lines("Trip")).at(-1)).toBe("for Carol too (delivered)");
});

test("a newcomer gets what is written from then on, and nothing older", async () => {
  const members = [(await alice.contactWith("Bob")).account];
  const made = await alice.messenger.groups.create("Trip", members);
  if (made.kind !== "created") throw new Error(made.kind);
  await world.clock.advance(5_000);
  await alice.send("Trip", "before Carol");
  await bob.send("Trip", "Bob before Carol");
  await world.clock.advance(5_000);
  const { account } = await alice.contactWith("Carol");
  expect(await alice.messenger.groups.add(made.thread, [account])).toEqual({ kind: "done" });
  await world.clock.advance(20_000);
  await alice.send("Trip", "after Carol");
  await bob.send("Trip", "Bob after Carol");
  await world.clock.advance(10_000);
  const texts = (await carol.texts("Trip")).filter((text) => text !== "");
  expect(texts.toSorted()).toEqual(["Bob after Carol", "after Carol"]);
  const lines = await alice.lines("Trip");
  expect(lines).toContain("before Carol (delivered)");
  expect(lines).toContain("after Carol (delivered)");
});

test("what is written while the newcomer is being added reaches them, too", async () => {
  await found();
  const dave = await world.person("Dave");
  const invite = await alice.messenger.createInvite({ uses: 1, days: 7 });
  await dave.messenger.acceptInvite(invite.link);
  await world.clock.advance(2_000);
  const { account } = await alice.contactWith("Dave");
  const { id } = await alice.threadWith("Trip");
  await Promise.all([
    bob.send("Trip", "Bob in between"),
    alice.messenger.groups.add(id, [account]),
    carol.send("Trip", "Carol in between"),
  ]);
  await world.clock.advance(30_000);
  await bob.send("Trip", "and on");
  await world.clock.advance(30_000);
  expect((await dave.texts("Trip")).filter((text) => text !== "").toSorted()).toEqual([
    "Bob in between",
    "Carol in between",
    "and on",
  ]);
});

test("whoever was removed while away learns it, gets nothing more and can write nothing more", async () => {
  const thread = await found();
  await carol.messenger.stop();
  await world.clock.advance(2_000);
  const { account } = await alice.contactWith("Carol");
  expect(await alice.messenger.groups.remove(thread, account)).toEqual({ kind: "done" });
  await alice.send("Trip", "without Carol");
  await world.clock.advance(5_000);
  await carol.restart();
  await world.clock.advance(20_000);
  expect((await groupOf(carol)).ownRole).toBeUndefined();
  expect(await carol.texts("Trip")).not.toContain("without Carol");
  expect(await carol.messenger.send(thread, "still here")).toEqual({ kind: "failed" });
  expect((await groupOf(bob)).members.map(({ name }) => name)).toEqual(["", "Alice"]);
});

test("who leaves is gone for all, and can take the conversation off their device", async () => {
  const thread = await found();
  await bob.messenger.groups.leave(thread);
  await world.clock.advance(10_000);
  for (const person of [alice, carol]) expect((await groupOf(person)).size).toBe(2);
  expect((await groupOf(bob)).ownRole).toBeUndefined();
  await bob.messenger.deleteConversation(thread);
  await bob.restart();
  expect((await bob.threads()).map(({ name }) => name)).toEqual(["Alice"]);
  await alice.send("Trip", "we go on");
  await world.clock.advance(10_000);
  expect((await carol.texts("Trip")).at(-1)).toBe("we go on");
});

test("a name, a role and a restart are the same for all", async () => {
  const thread = await found();
  await alice.messenger.groups.rename(thread, "Summer");
  await world.clock.advance(5_000);
  const { account } = await alice.contactWith("Bob");
  await alice.messenger.groups.setRole(thread, account, "admin");
  await world.clock.advance(5_000);
  expect(await bob.messenger.groups.rename(thread, "Autumn")).toEqual({ kind: "done" });
  expect(await carol.messenger.groups.rename(thread, "Winter")).toEqual({ kind: "refused" });
  await world.clock.advance(5_000);
  for (const person of [alice, bob, carol]) {
    await person.restart();
    await world.clock.advance(5_000);
    const roles = (await groupOf(person, "Autumn")).members.map(({ name, role }) => `${name || person.name} ${role}`);
    expect(roles.toSorted()).toEqual(["Alice admin", "Bob admin", "Carol member"]);
  }
});

test("whoever comes by a group's invite is a member and a contact", async () => {
  const thread = await found();
  const invite = await alice.messenger.groups.createInvite(thread, { uses: 10, days: 7 });
  const dave = await world.person("Dave");
  await dave.messenger.acceptInvite(invite.link);
  await world.clock.advance(30_000);
  expect((await groupOf(dave)).size).toBe(4);
  await dave.send("Trip", "hello from Dave");
  await world.clock.advance(10_000);
  for (const person of [alice, bob, carol]) expect((await person.texts("Trip")).at(-1)).toBe("hello from Dave");
});

/** The peers of these people can or cannot reach each other. */
async function between(a: readonly CorePerson[], b: readonly CorePerson[], how: "cut" | "heal"): Promise<void> {
  for (const one of a) {
    for (const other of b) world.network[how]((await one.identity()).peerKey, (await other.identity()).peerKey);
  }
}

test("two halves apart, each writing and changing members, come to the same members and the same order", async () => {
  const thread = await found();
  const [dave, erin] = [await world.person("Dave"), await world.person("Erin")];
  for (const person of [dave, erin]) {
    const invite = await alice.messenger.groups.createInvite(thread, { uses: 1, days: 7 });
    await person.messenger.acceptInvite(invite.link);
    await world.clock.advance(20_000);
  }
  await alice.messenger.groups.setRole(thread, (await alice.contactWith("Bob")).account, "admin");
  await world.clock.advance(20_000);
  await between([alice, carol], [bob, dave, erin], "cut");
  await world.clock.advance(60_000);
  await alice.send("Trip", "in the first half");
  await bob.send("Trip", "in the second half");
  await alice.messenger.groups.remove(thread, (await alice.contactWith("Erin")).account);
  await bob.messenger.groups.rename(thread, "Second");
  await carol.send("Trip", "Carol, too");
  await world.clock.advance(30_000);
  await dave.send("Second", "Dave, too");
  await world.clock.advance(30_000);
  await between([alice, carol], [bob, dave, erin], "heal");
  await world.clock.advance(120_000);
  const seen = await Promise.all(
    [alice, bob, carol, dave].map(async (person) => {
      const texts = (await person.texts("Second")).filter((text) => text !== "");
      const members = (await groupOf(person, "Second")).members.map(({ account, role }) => `${account} ${role}`);
      return { texts, members: members.toSorted() };
    }),
  );
  expect(seen[0]?.texts.toSorted()).toEqual(["Carol, too", "Dave, too", "in the first half", "in the second half"]);
  expect(seen[0]?.members).toHaveLength(4);
  for (const other of seen) expect(other).toEqual(seen[0]);
});

test.each([
  { who: "whom the others know", isKnown: true },
  { who: "whom nobody else knows", isKnown: false },
])("what a member wrote on top of somebody $who and whose adding is void comes to all", async ({ isKnown }) => {
  const thread = await found();
  const dave = await world.person("Dave");
  for (const inviter of isKnown ? [bob, alice, carol] : [bob]) {
    const invite = await inviter.messenger.createInvite({ uses: 1, days: 7 });
    await dave.messenger.acceptInvite(invite.link);
    await world.clock.advance(2_000);
  }
  const bobAtAlice = (await alice.contactWith("Bob")).account;
  await alice.messenger.groups.setRole(thread, bobAtAlice, "admin");
  await world.clock.advance(20_000);
  await between([alice, carol], [bob, dave], "cut");
  await world.clock.advance(60_000);
  await alice.messenger.groups.setRole(thread, bobAtAlice, "member");
  await bob.messenger.groups.add(thread, [(await bob.contactWith("Dave")).account]);
  await world.clock.advance(30_000);
  await bob.send("Trip", "welcome, Dave");
  await dave.send("Trip", "hello, Bob");
  await world.clock.advance(30_000);
  await bob.send("Trip", "all well here");
  await world.clock.advance(30_000);
  expect(await bob.texts("Trip")).toContain("hello, Bob");
  await dave.messenger.stop();
  await between([alice, carol], [bob, dave], "heal");
  await world.clock.advance(180_000);
  for (const person of [alice, carol]) {
    const texts = await person.texts("Trip");
    expect(texts.filter((text) => text !== "")).toEqual(["welcome, Dave", "all well here"]);
    expect((await groupOf(person)).size).toBe(3);
  }
});

test("changes that one person makes at once all hold, here and everywhere", async () => {
  const thread = await found();
  const bobAtAlice = (await alice.contactWith("Bob")).account;
  const { groups } = alice.messenger;
  const made = await Promise.all([
    groups.setRole(thread, bobAtAlice, "admin"),
    groups.rename(thread, "Journey"),
    groups.leave(thread),
  ]);
  expect(made.map(({ kind }) => kind)).toEqual(["done", "done", "done"]);
  await world.clock.advance(20_000);
  for (const person of [alice, bob, carol]) {
    const { size, members } = await groupOf(person, "Journey");
    expect([person.name, size, members.map(({ role }) => role).toSorted()]).toEqual([
      person.name,
      2,
      ["admin", "member"],
    ]);
  }
  expect((await groupOf(alice, "Journey")).ownRole).toBeUndefined();
});

test("whom a store of an earlier version took for a member, though the changes in it say otherwise, can be added again", async () => {
  const thread = await found();
  await alice.messenger.groups.remove(thread, (await alice.contactWith("Carol")).account);
  await world.clock.advance(5_000);
  await alice.messenger.stop();
  const carolsAccount = (await carol.identity()).account;
  await alice.store.write(["conversations"], "strict", async (tx) => {
    for (const { key, value } of await tx.range("conversations", {})) {
      if (value.kind === "group")
        tx.put("conversations", key, { ...value, members: [...value.members, carolsAccount], former: [] });
    }
  });
  await alice.restart();
  expect(await alice.messenger.groups.add(thread, [carolsAccount])).toEqual({ kind: "done" });
  await world.clock.advance(5_000);
  expect((await groupOf(carol)).size).toBe(3);
});

test("a chain of members who reach only their neighbours carries every message to its end", async () => {
  await found();
  await between([alice], [carol], "cut");
  await world.clock.advance(60_000);
  // Bob and Carol know each other from the group alone.
  await alice.send("Trip", "along the chain");
  await world.clock.advance(20_000);
  expect((await carol.texts("Trip")).at(-1)).toBe("along the chain");
  expect((await alice.lines("Trip")).at(-1)).toBe("along the chain (delivered)");
});
