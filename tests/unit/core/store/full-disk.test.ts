import { afterEach, beforeEach, expect, test } from "vitest";
import { FRAME } from "../../../../src/core/sync/frames.ts";
import { StoreFailedError, StoreFullError } from "../../../../src/core/store/store.ts";
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

const troublesOf = (person: CorePerson) =>
  person.events.flatMap((event) => (event.type === "store-trouble" ? [event.trouble] : []));

/** Not even a row of the same size can be replaced, as in a browser. */
async function openOnFullDisk(person: CorePerson): Promise<void> {
  person.store.setQuota(1);
  person.store.failNextCommit(new StoreFullError("full"));
  await person.open();
}

test("a message that does not fit is told so, and nothing of it is stored or sent", async () => {
  const thread = (await alice.threadWith("Bob")).id;
  await alice.send("Bob", "fits");
  await world.clock.advance(2_000);
  const before = alice.store.snapshot();
  alice.store.setQuota(1);
  expect(await alice.messenger.send(thread, "too much")).toEqual({ kind: "full" });
  expect(alice.store.snapshot()).toEqual(before);
  await world.clock.advance(2_000);
  expect(await bob.lines("Alice")).toEqual(["fits"]);
  expect(await alice.lines("Bob")).toEqual(["fits (delivered)"]);

  alice.store.setQuota(undefined);
  expect(await alice.messenger.send(thread, "now it fits")).toMatchObject({ kind: "sent" });
  await world.clock.advance(2_000);
  expect(await bob.lines("Alice")).toEqual(["fits", "now it fits"]);
  expect(await alice.lines("Bob")).toEqual(["fits (delivered)", "now it fits (delivered)"]);
});

test("a full or failing disk is an outcome of waiting, editing and cancelling too", async () => {
  const thread = (await alice.threadWith("Bob")).id;
  await bob.messenger.stop();
  await world.clock.advance(10_000);
  const first = await alice.send("Bob", "first");
  alice.store.setQuota(1);
  expect(await alice.messenger.send(thread, "second")).toEqual({ kind: "full" });
  expect(await alice.messenger.editPending(thread, first, "first, made longer")).toEqual({ kind: "full" });
  alice.store.setQuota(undefined);
  alice.store.failNextCommit(new StoreFailedError("broken"));
  expect(await alice.messenger.cancelPending(thread, first)).toEqual({ kind: "failed" });
  expect(await alice.lines("Bob")).toEqual(["first (waiting)"]);
  expect((await alice.threadWith("Bob")).waiting).toBe(1);
});

test("what cannot be stored is not acknowledged, and comes again when there is room", async () => {
  bob.store.setQuota(1);
  await alice.send("Bob", "one");
  await alice.send("Bob", "two");
  await world.clock.advance(5_000);
  expect(await alice.lines("Bob")).toEqual(["one (waiting)", "two (waiting)"]);
  expect(await bob.lines("Alice")).toEqual([]);
  expect(troublesOf(bob)).toContain("full");
  await world.clock.advance(60_000);
  bob.store.setQuota(undefined);
  await world.clock.advance(60_000);
  expect(await bob.lines("Alice")).toEqual(["one", "two"]);
  expect(await alice.lines("Bob")).toEqual(["one (delivered)", "two (delivered)"]);
});

test("a disk that is full at the start shows what is there and says so, and all goes on when there is room", async () => {
  await alice.send("Bob", "before");
  await world.clock.advance(2_000);
  await alice.messenger.stop();
  await world.clock.advance(10_000);
  alice.events = [];
  await openOnFullDisk(alice);
  expect(troublesOf(alice)).toEqual(["full"]);
  await alice.messenger.connect();
  await bob.send("Alice", "meanwhile");
  await world.clock.advance(20_000);
  expect(await alice.lines("Bob")).toEqual(["before (delivered)"]);
  const thread = (await alice.threadWith("Bob")).id;
  expect(await alice.messenger.send(thread, "does not fit")).toEqual({ kind: "full" });
  expect(await alice.lines("Bob")).toEqual(["before (delivered)"]);

  alice.store.setQuota(undefined);
  const sent = await Promise.all([1, 2, 3].map((number) => alice.messenger.send(thread, `fits ${number}`)));
  expect(sent).toMatchObject([{ kind: "sent" }, { kind: "sent" }, { kind: "sent" }]);
  await world.clock.advance(60_000);
  const all = ["before", "fits 1", "fits 2", "fits 3", "meanwhile"];
  expect((await alice.texts("Bob")).toSorted()).toEqual(all);
  expect((await bob.texts("Alice")).toSorted()).toEqual(all);
});

test("of two tabs that were opened on a full disk, the second to write finds the store taken over", async () => {
  await alice.messenger.stop();
  await world.clock.advance(10_000);
  await openOnFullDisk(alice);
  const first = alice.messenger;
  const stops: unknown[] = [];
  first.subscribe((event) => event.type === "stopped" && stops.push(event.reason));
  await openOnFullDisk(alice);
  alice.store.setQuota(undefined);
  await alice.send("Bob", "from the second");
  const before = alice.store.snapshot();
  await first.send((await alice.threadWith("Bob")).id, "from the first");
  await world.clock.advance(2_000);
  expect(alice.store.snapshot()).toEqual(before);
  expect(stops).toEqual(["taken-over"]);
});

test("a full disk does not make the same entries come over and over without a pause", async () => {
  const frames = overheard(world);
  await alice.restart();
  await bob.restart();
  frames.length = 0;
  bob.store.setQuota(1);
  await alice.send("Bob", "one");
  await world.clock.advance(60_000);
  expect(frames.filter((frame) => frame.type === FRAME.entry).length).toBeLessThan(10);
});

test("what waits leaves when the disk has room again, without a new meeting", async () => {
  await bob.messenger.stop();
  await world.clock.advance(10_000);
  await alice.send("Bob", "waiting");
  await bob.open();
  alice.store.setQuota(1);
  await bob.messenger.connect();
  await world.clock.advance(20_000);
  expect(await alice.lines("Bob")).toEqual(["waiting (waiting)"]);
  expect(troublesOf(alice)).toContain("full");
  alice.store.setQuota(undefined);
  await world.clock.advance(60_000);
  expect(await alice.lines("Bob")).toEqual(["waiting (delivered)"]);
  expect(await bob.lines("Alice")).toEqual(["waiting"]);
});

test("a commit that fails anywhere between two people loses and doubles nothing", async () => {
  const errors = [new StoreFullError("full"), new StoreFailedError("broken")];
  const expected: string[] = [];
  for (let index = 0; index < 12; index += 1) {
    const victim = index % 2 === 0 ? alice : bob;
    victim.store.failNextCommit(errors[index % 3 === 0 ? 0 : 1] ?? new Error("none"));
    const thread = (await alice.threadWith("Bob")).id;
    if ((await alice.messenger.send(thread, `a${index}`)).kind === "sent") expected.push(`a${index}`);
    await world.clock.advance(index * 40);
  }
  await world.clock.advance(120_000);
  expect(await alice.texts("Bob")).toEqual(expected);
  expect(await bob.texts("Alice")).toEqual(expected);
  expect((await alice.threadWith("Bob")).waiting).toBe(0);
});
