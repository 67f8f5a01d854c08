/** Who was removed from a group and is added again: two spans of membership, and what was said between them is not theirs. */
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ThreadId } from "../../../../src/core/views.ts";
import { type CorePerson, CoreWorld } from "../../../support/core-world.ts";
import { createModelSuite } from "../../../support/model-suite.ts";

let world: CoreWorld;
let alice: CorePerson;
let bob: CorePerson;
let carol: CorePerson;
let thread: ThreadId;

/** Alice knows Bob and Carol; all three are in her group, and each has written there. */
beforeEach(async () => {
  world = new CoreWorld({ suite: createModelSuite(1) });
  [alice, bob] = await world.pair();
  carol = await world.person("Carol");
  const invite = await alice.messenger.createInvite({ uses: 1, days: 7 });
  await carol.messenger.acceptInvite(invite.link);
  await world.clock.advance(2_000);
  const members = [(await alice.contactWith("Bob")).account, (await alice.contactWith("Carol")).account];
  const made = await alice.messenger.groups.create("Trip", members);
  if (made.kind !== "created") throw new Error(made.kind);
  thread = made.thread;
  await world.clock.advance(20_000);
  await sayAll([alice, bob, carol], "with Carol");
});

afterEach(() => {
  expect(world.bugs).toEqual([]);
});

async function sayAll(people: readonly CorePerson[], words: string): Promise<void> {
  for (const person of people) {
    await person.send("Trip", `${person.name} ${words}`);
    await world.clock.advance(5_000);
  }
  await world.clock.advance(10_000);
}

const said = async (person: CorePerson): Promise<readonly string[]> =>
  (await person.texts("Trip")).filter((text) => / (with|without|welcome) /.test(text));

const before = ["Alice with Carol", "Bob with Carol", "Carol with Carol"];
const after = ["Alice welcome back", "Bob welcome back", "Carol welcome back"];

async function removeAndAddAgain(): Promise<void> {
  const { account } = await alice.contactWith("Carol");
  expect(await alice.messenger.groups.remove(thread, account)).toEqual({ kind: "done" });
  await world.clock.advance(10_000);
  await sayAll([alice, bob], "without her");
  expect(await alice.messenger.groups.add(thread, [account])).toEqual({ kind: "done" });
  await world.clock.advance(20_000);
}

async function expectAllSaid(): Promise<void> {
  await sayAll([alice, bob, carol], "welcome back");
  await world.clock.advance(120_000);
  expect(await said(carol)).toEqual([...before, ...after]);
  expect(await said(bob)).toEqual([...before, "Alice without her", "Bob without her", ...after]);
}

test("who is added again goes on from there, and never has what was said between", async () => {
  await removeAndAddAgain();
  await expectAllSaid();
  await carol.restart();
  await world.clock.advance(20_000);
  expect(await said(carol)).toEqual([...before, ...after]);
});

test("who was away all the while goes on from there as well", async () => {
  await carol.messenger.stop();
  await world.clock.advance(2_000);
  await removeAndAddAgain();
  await bob.messenger.stop();
  await carol.restart();
  await world.clock.advance(20_000);
  await bob.restart();
  await world.clock.advance(20_000);
  await expectAllSaid();
});

test("what was said between is not said to be delivered to who was not there", async () => {
  const { account } = await alice.contactWith("Carol");
  expect(await alice.messenger.groups.remove(thread, account)).toEqual({ kind: "done" });
  await world.clock.advance(10_000);
  await bob.messenger.stop();
  await alice.send("Trip", "Alice without her");
  expect(await alice.messenger.groups.add(thread, [account])).toEqual({ kind: "done" });
  await world.clock.advance(20_000);
  await alice.send("Trip", "Alice welcome back");
  await world.clock.advance(20_000);
  expect((await alice.lines("Trip")).filter((line) => line.startsWith("Alice w"))).toEqual([
    "Alice with Carol (delivered)",
    "Alice without her (waiting)",
    "Alice welcome back (1 of 2)",
  ]);
  await bob.restart();
  await world.clock.advance(20_000);
  expect((await alice.lines("Trip")).filter((line) => line.startsWith("Alice w"))).toEqual([
    "Alice with Carol (delivered)",
    "Alice without her (delivered)",
    "Alice welcome back (delivered)",
  ]);
});
