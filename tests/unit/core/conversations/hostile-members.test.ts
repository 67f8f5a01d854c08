import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { MESSAGE_CHANNEL } from "../../../../src/core/codec/entry.ts";
import type { AccountId, DeviceId, EntryId } from "../../../../src/core/codec/ids.ts";
import { encodeClock } from "../../../../src/core/conversations/statements.ts";
import { timeOfClock } from "../../../../src/core/log/hybrid-clock.ts";
import { type CorePerson, CoreWorld } from "../../../support/core-world.ts";
import { forge, knownOperations, onlyGroup } from "../../../support/forged-operation.ts";
import { createModelSuite } from "../../../support/model-suite.ts";
import { befriend } from "../../../support/three-contacts.ts";

const DAY_MS = 24 * 60 * 60_000;

let world: CoreWorld;
let alice: CorePerson;
let bob: CorePerson;
let mallory: CorePerson;

/** Alice's group: Bob and Mallory are her contacts, and meet in it. */
beforeEach(async () => {
  world = new CoreWorld({ suite: createModelSuite(1) });
  [alice, bob] = await world.pair();
  mallory = await world.person("Mallory");
  await befriend(world, alice, mallory);
  const members = [(await alice.contactWith("Bob")).account, (await alice.contactWith("Mallory")).account];
  await alice.messenger.groups.create("Trip", members);
  await world.clock.advance(20_000);
});

afterEach(() => {
  expect(world.bugs).toEqual([]);
});

async function leave(...people: readonly CorePerson[]): Promise<void> {
  for (const person of people) await person.messenger.stop();
  await world.clock.advance(10_000);
}

async function comeBack(...people: readonly CorePerson[]): Promise<void> {
  for (const person of people) await person.restart();
  await world.clock.advance(30_000);
}

const accountOf = async (person: CorePerson): Promise<AccountId> => (await person.identity()).account;

const setLinked = async (a: CorePerson, b: CorePerson, isLinked: boolean): Promise<void> => {
  const [one, other] = [(await a.identity()).peerKey, (await b.identity()).peerKey];
  if (isLinked) world.network.heal(one, other);
  else world.network.cut(one, other);
};

/** Who is in the group, as what, and what it is called. */
async function membership(person: CorePerson): Promise<{ readonly name: string; readonly members: readonly string[] }> {
  const [thread] = (await person.threads()).filter(({ kind }) => kind === "group");
  if (thread?.kind !== "group") throw new Error(`${person.name} is in no group`);
  const names = new Map<AccountId, string>();
  for (const one of [alice, bob, mallory]) names.set(await accountOf(one), one.name);
  const members = thread.group.members.map(({ account, role }) => `${names.get(account) ?? "a stranger"} ${role}`);
  return { name: thread.name, members: members.toSorted() };
}

const ALL = { name: "Trip", members: ["Alice admin", "Bob member", "Mallory member"] };

/** Alice and Bob reach each other with what they write. */
async function expectHonestUnharmed(word: string): Promise<void> {
  await alice.send("Trip", `Alice ${word}`);
  await world.clock.advance(10_000);
  await bob.send("Trip", `Bob ${word}`);
  await world.clock.advance(10_000);
  for (const person of [alice, bob]) {
    const texts = (await person.texts("Trip")).filter((text) => text.endsWith(word));
    expect(texts).toEqual([`Alice ${word}`, `Bob ${word}`]);
  }
}

describe("forged membership", () => {
  test("a member who is no admin changes nothing, whatever they sign", async () => {
    await leave(mallory);
    const { genesis } = await onlyGroup(mallory);
    const unknown = "ab".repeat(32) as EntryId;
    await forge(world, mallory, [genesis], { kind: "role", account: await accountOf(mallory), role: "admin" });
    await forge(world, mallory, [genesis], { kind: "remove", account: await accountOf(alice) });
    await forge(world, mallory, await knownOperations(mallory), { kind: "remove", account: await accountOf(bob) });
    await forge(world, mallory, [unknown], { kind: "rename", name: "Mine" });
    await forge(world, mallory, [], new Uint8Array(100).fill(1));
    await comeBack(mallory);
    for (const person of [alice, bob]) expect(await membership(person)).toEqual(ALL);
    await expectHonestUnharmed("after it");
  });

  test("a removed admin who names old parents, with a clock set back, removes nobody for good", async () => {
    const { id } = await alice.threadWith("Trip");
    await alice.messenger.groups.setRole(id, await accountOf(mallory), "admin");
    await world.clock.advance(20_000);
    await leave(mallory, bob);
    const before = await knownOperations(mallory);
    await alice.messenger.groups.remove(id, await accountOf(mallory));
    await leave(alice);
    mallory.skewMs = -DAY_MS;
    await forge(world, mallory, before, { kind: "remove", account: await accountOf(bob) });
    await forge(world, mallory, before, { kind: "rename", name: "Mine" });
    // Bob, who has not heard of the removal, believes it for a while.
    await comeBack(mallory, bob);
    await comeBack(alice);
    const left = { name: "Trip", members: ["Alice admin", "Bob member"] };
    for (const person of [alice, bob]) expect(await membership(person)).toEqual(left);
    await expectHonestUnharmed("after it");
  });
});

describe("forks", () => {
  /** Mallory tells Alice one thing and Bob another, as if each were all: by an old copy of what she had before. */
  async function fork(tell: (word: string) => Promise<unknown>): Promise<void> {
    await setLinked(alice, bob, false);
    await world.clock.advance(30_000);
    await leave(mallory);
    const before = mallory.store.snapshot();
    await setLinked(mallory, bob, false);
    await comeBack(mallory);
    await tell("one");
    await world.clock.advance(10_000);
    await leave(mallory);
    mallory.store.restore(before);
    await setLinked(mallory, bob, true);
    await setLinked(mallory, alice, false);
    await comeBack(mallory);
    await tell("other");
    await world.clock.advance(10_000);
    await leave(mallory);
    await setLinked(mallory, alice, true);
  }

  async function forkedLogs(person: CorePerson): Promise<number> {
    const { device } = await mallory.identity();
    const rows = await person.store.read(["logs"], (tx) => tx.range("logs", {}));
    return rows.filter(({ key, value }) => key[1] === device && value.forkedAt !== undefined).length;
  }

  /** Of whom this person was told that they said different things. */
  async function disputes(person: CorePerson): Promise<string[]> {
    const { messages } = await person.page((await person.threadWith("Trip")).id);
    return messages.filter(({ change }) => change?.kind === "disputed").map(({ change }) => change?.by ?? "");
  }

  test("two histories of one's messages cost the others none of theirs, and both keep what they were told", async () => {
    await fork((word) => mallory.send("Trip", `Mallory ${word}`));
    // Each writes on top of what was heard.
    await alice.send("Trip", "Alice heard it");
    await bob.send("Trip", "Bob heard it");
    await setLinked(alice, bob, true);
    await world.clock.advance(60_000);
    expect((await alice.texts("Trip")).filter((text) => text !== "").toSorted()).toEqual([
      "Alice heard it",
      "Bob heard it",
      "Mallory one",
    ]);
    expect((await bob.texts("Trip")).filter((text) => text !== "").toSorted()).toEqual([
      "Alice heard it",
      "Bob heard it",
      "Mallory other",
    ]);
    for (const person of [alice, bob]) {
      expect(await forkedLogs(person)).toBeGreaterThan(0);
      expect(await disputes(person)).toEqual(["Mallory"]);
    }
    await expectHonestUnharmed("after it");
    await comeBack(mallory);
    await expectHonestUnharmed("with her");
  });

  test("two histories of one's changes of the group come to one membership, and the others change it further", async () => {
    const { id } = await alice.threadWith("Trip");
    await alice.messenger.groups.setRole(id, await accountOf(mallory), "admin");
    await world.clock.advance(20_000);
    await fork(async (word) => {
      const thread = (await mallory.threads()).find(({ kind }) => kind === "group");
      if (thread === undefined) throw new Error("no group");
      await mallory.messenger.groups.rename(thread.id, `Mallory's ${word}`);
    });
    await setLinked(alice, bob, true);
    await world.clock.advance(60_000);
    expect(await membership(alice)).toEqual(await membership(bob));
    for (const person of [alice, bob]) expect(await forkedLogs(person)).toBeGreaterThan(0);
    await alice.messenger.groups.rename(id, "Trip");
    await alice.messenger.groups.remove(id, await accountOf(mallory));
    await world.clock.advance(20_000);
    const left = { name: "Trip", members: ["Alice admin", "Bob member"] };
    for (const person of [alice, bob]) expect(await membership(person)).toEqual(left);
    await expectHonestUnharmed("after it");
  });

  test("what an honest admin does on top of one of two histories has effect also where the other is held", async () => {
    const { id } = await alice.threadWith("Trip");
    await alice.messenger.groups.setRole(id, await accountOf(mallory), "admin");
    await world.clock.advance(20_000);
    await fork(async (word) => {
      const thread = (await mallory.threads()).find(({ kind }) => kind === "group");
      if (thread === undefined) throw new Error("no group");
      await mallory.messenger.groups.rename(thread.id, `Mallory's ${word}`);
      if (word === "other") await mallory.messenger.groups.rename(thread.id, "Mallory's last");
    });
    await alice.messenger.groups.rename(id, "Trip");
    await alice.messenger.groups.setRole(id, await accountOf(bob), "admin");
    await setLinked(alice, bob, true);
    await world.clock.advance(60_000);
    const bobs = await membership(bob);
    expect(bobs).toEqual(await membership(alice));
    expect(bobs.members).toContain("Bob admin");
    await bob.restart();
    await world.clock.advance(20_000);
    expect(await membership(bob)).toEqual(bobs);
  });

  test("a head that is only claimed makes nobody's log a forked one", async () => {
    await bob.send("Trip", "hello");
    await world.clock.advance(10_000);
    const { id } = await onlyGroup(mallory);
    const { device } = await bob.identity();
    await leave(mallory);
    const key = [id, device, MESSAGE_CHANNEL];
    await mallory.store.write(["logs"], "strict", async (tx) => {
      const row = await tx.get("logs", key);
      if (row !== undefined) tx.put("logs", key, { ...row, head: "cd".repeat(32) as EntryId });
    });
    await comeBack(mallory);
    const row = await alice.store.read(["logs"], (tx) => tx.get("logs", key));
    expect(row?.forkedAt).toBeUndefined();
    await expectHonestUnharmed("after it");
  });
});

test("what one member withholds another brings", async () => {
  await leave(bob);
  await alice.send("Trip", "one");
  await world.clock.advance(5_000);
  await alice.send("Trip", "two");
  await world.clock.advance(5_000);
  await leave(alice, mallory);
  const { id } = await onlyGroup(mallory);
  const { device } = await alice.identity();
  const log = [id, device, MESSAGE_CHANNEL];
  await mallory.store.write(["logs", "entries"], "strict", async (tx) => {
    const [row, first] = await Promise.all([tx.get("logs", log), tx.get("entries", [...log, 1])]);
    if (row?.height !== 2 || first === undefined) throw new Error("other entries than expected");
    tx.delete("entries", [...log, 2]);
    tx.put("logs", log, { ...row, height: 1, opened: 1, verified: 1, head: first.id, headRank: first.rank });
  });
  await comeBack(mallory, bob);
  expect((await bob.texts("Trip")).at(-1)).toBe("one");
  await comeBack(alice);
  expect((await bob.texts("Trip")).at(-1)).toBe("two");
});

describe("fake clocks", () => {
  test("ten years ahead move nothing but what was written on top, and are shown at the present", async () => {
    mallory.skewMs = 3_650 * DAY_MS;
    await mallory.send("Trip", "from the future");
    await world.clock.advance(10_000);
    await expectHonestUnharmed("after it");
    for (const person of [alice, bob]) {
      const { messages } = await person.page((await person.threadWith("Trip")).id);
      const texts = messages.filter(({ kind }) => kind === "text");
      expect(texts.map(({ text }) => text)).toEqual(["from the future", "Alice after it", "Bob after it"]);
      for (const { writtenAt, orderedAt } of texts) {
        expect(Math.max(writtenAt, orderedAt)).toBeLessThanOrEqual(world.clock.now());
      }
    }
    // The clocks of what they write themselves stay with the time.
    const { id } = await onlyGroup(bob);
    const { device } = await alice.identity();
    const row = await bob.store.read(["logs"], (tx) => tx.get("logs", [id, device, MESSAGE_CHANNEL]));
    expect(timeOfClock(row?.headClock ?? "")).toBeLessThanOrEqual(world.clock.now());
  });

  test("heights that nobody has make nothing look delivered", async () => {
    await alice.send("Trip", "first");
    await world.clock.advance(10_000);
    await leave(mallory);
    const { id: conversation } = await onlyGroup(mallory);
    const { device, logSeed } = await mallory.identity();
    const marks = (await alice.store.read(["logs"], (tx) => tx.range("logs", { prefix: [conversation] })))
      .map(({ key, value }) => ({
        device: String(key[1]) as DeviceId,
        channel: Number(key[2]),
        height: value.height + 1_000,
        headPrefix: "ab".repeat(4),
        opened: value.height + 1_000,
      }))
      .toSorted((a, b) => (a.device + a.channel < b.device + b.channel ? -1 : 1));
    const number = 1_000_000;
    const bytes = encodeClock(world.suite, logSeed, { conversation, device, number, marks });
    await mallory.store.write(["clocks"], "strict", async (tx) => {
      tx.put("clocks", [conversation, device], { number, marks, bytes });
    });
    await comeBack(mallory);
    await leave(mallory);
    await alice.send("Trip", "second");
    await alice.send("Trip", "third");
    await world.clock.advance(10_000);
    expect((await alice.lines("Trip")).slice(-2)).toEqual(["second (1 of 2)", "third (1 of 2)"]);
    expect((await bob.texts("Trip")).slice(-2)).toEqual(["second", "third"]);
  });
});
