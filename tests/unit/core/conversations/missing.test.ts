import { afterEach, beforeEach, expect, test } from "vitest";
import type { MissingView, ThreadId } from "../../../../src/core/views.ts";
import type { CorePerson } from "../../../support/core-world.ts";
import { befriend, MEET_MS, ThreeContacts } from "../../../support/three-contacts.ts";

let three: ThreeContacts;
let trip: ThreadId;

beforeEach(async () => {
  three = await ThreeContacts.meet();
  const { alice } = three;
  const made = await alice.messenger.groups.create("Trip", [
    (await alice.contactWith("Bob")).account,
    (await alice.contactWith("Carol")).account,
  ]);
  if (made.kind !== "created") throw new Error(made.kind);
  trip = made.thread;
  await three.world.clock.advance(MEET_MS);
});

afterEach(() => {
  expect(three.world.bugs).toEqual([]);
});

const missing = (person: CorePerson): readonly MissingView[] => person.messenger.holdings.missing(trip);

/** Bob, who is away, gets Carol's clock and none of the entries, as by somebody who has no more himself; then he is alone. */
async function bobHearsOf(author: CorePerson): Promise<void> {
  const { world, bob, carol } = three;
  const { device, row } = await clockOf(carol);
  await bob.store.write(["clocks"], "strict", async (tx) => tx.put("clocks", [trip, device], row));
  await world.clock.advance(1_000);
  await author.messenger.stop();
  await carol.messenger.stop();
  await world.clock.advance(20_000);
  await bob.open();
  await bob.messenger.connect();
  await world.clock.advance(5_000);
}

async function clockOf(person: CorePerson) {
  const { device } = await person.identity();
  const row = await person.store.read(["clocks"], (tx) => tx.get("clocks", [trip, device]));
  if (row === undefined) throw new Error("no clock");
  return { device, row };
}

test("nothing is missing where everybody has everything, nor from before somebody came", async () => {
  const { world, alice, bob } = three;
  await alice.send("Trip", "one");
  await world.clock.advance(10_000);
  expect(missing(bob)).toEqual([]);
  expect(missing(alice)).toEqual([]);
  const dave = await world.person("Dave");
  await befriend(world, alice, dave);
  await alice.messenger.groups.add(trip, [(await alice.contactWith("Dave")).account]);
  await world.clock.advance(MEET_MS);
  expect(dave.messenger.holdings.missing(trip)).toEqual([]);
});

test("what somebody's clock tells of is counted, with who has it, until it comes", async () => {
  const { world, alice, bob, carol } = three;
  await bob.messenger.stop();
  await world.clock.advance(10_000);
  for (const text of ["one", "two", "three"]) await alice.send("Trip", text);
  await world.clock.advance(20_000);
  await bobHearsOf(alice);
  const [told, ...others] = missing(bob);
  expect(told).toEqual({
    author: "Alice",
    away: 3,
    locked: 0,
    holders: ["Carol"],
    isAuthorIn: true,
    isComing: false,
  });
  expect(others).toEqual([]);
  await three.open(carol);
  expect((await bob.texts("Trip")).slice(-3)).toEqual(["one", "two", "three"]);
  expect(missing(bob)).toEqual([]);
});

test("a member who says to have four thousand million messages makes no more than a thousand of them", async () => {
  const { world, alice, bob, carol } = three;
  await alice.send("Trip", "one");
  await world.clock.advance(10_000);
  const { device, row } = await clockOf(carol);
  const author = (await alice.identity()).device;
  const marks = row.marks.map((mark) => (mark.device === author ? { ...mark, height: 0xffff_ffff } : mark));
  await bob.messenger.stop();
  await bob.store.write(["clocks"], "strict", async (tx) => tx.put("clocks", [trip, device], { ...row, marks }));
  await bob.open();
  expect(missing(bob)).toMatchObject([{ author: "Alice", away: 1_000, holders: ["Carol"] }]);
});

test("what some have not opened is kept for them, and counted", async () => {
  const { world, alice, bob, carol } = three;
  await three.close(carol);
  await alice.send("Trip", "one");
  await alice.send("Trip", "two");
  await world.clock.advance(10_000);
  expect(await bob.messenger.holdings.kept()).toMatchObject({ messages: 2, isMore: false });
  expect((await bob.messenger.holdings.kept()).bytes).toBeGreaterThan(500);
  expect(await alice.messenger.holdings.kept()).toMatchObject({ messages: 0 });
  await three.open(carol);
  expect(await bob.messenger.holdings.kept()).toEqual({ messages: 0, bytes: 0, isMore: false });
});
