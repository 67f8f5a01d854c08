import { afterEach, beforeEach, expect, test } from "vitest";
import type { Messenger, MessengerEvent } from "../../../../src/core/views.ts";
import { type CorePerson, CoreWorld } from "../../../support/core-world.ts";

let world: CoreWorld;
let alice: CorePerson;
let bob: CorePerson;
/** Bob's first tab, after a second one took over. */
let firstTab: Messenger;
let firstEvents: MessengerEvent[];

beforeEach(async () => {
  world = new CoreWorld();
  [alice, bob] = await world.pair();
  firstTab = bob.messenger;
  firstEvents = bob.events;
  bob.events = [];
  firstTab.subscribe((event) => firstEvents.push(event));
});

afterEach(() => {
  expect(world.bugs).toEqual([]);
});

const stops = () => firstEvents.filter((event) => event.type === "stopped");

/** Each thing that a tab writes. */
const writes: readonly (readonly [what: string, write: (tab: Messenger) => Promise<unknown>])[] = [
  ["a message", async (tab) => tab.send((await tab.threads())[0]?.id ?? never(), "from the old tab")],
  ["a draft", async (tab) => tab.saveDraft((await tab.threads())[0]?.id ?? never(), "old draft")],
  ["a new name", (tab) => tab.setName("Old Bob")],
  ["an invite", (tab) => tab.createInvite({ uses: 1, days: 1 })],
  ["a private name", async (tab) => tab.renameContact((await tab.threads())[0]?.id ?? never(), "old")],
];

function never(): never {
  throw new Error("there is no thread");
}

test.each(writes)("an old tab that would write %s writes nothing and stops", async (_what, write) => {
  await bob.open();
  const before = bob.store.snapshot();
  await write(firstTab).catch(() => undefined);
  await world.clock.advance(2_000);
  expect(bob.store.snapshot()).toEqual(before);
  expect(stops()).toEqual([{ type: "stopped", reason: "taken-over" }]);
  const count = firstEvents.length;
  await firstTab.send((await bob.threadWith("Alice")).id, "again");
  await world.clock.advance(2_000);
  expect(firstEvents).toHaveLength(count);
});

test("an old tab that receives stores nothing and stops, and the new tab gets it", async () => {
  await bob.open();
  await alice.send("Bob", "who gets this?");
  await world.clock.advance(5_000);
  expect(stops()).toHaveLength(1);
  await bob.messenger.connect();
  await world.clock.advance(40_000);
  expect(await bob.lines("Alice")).toEqual(["who gets this?"]);
  expect(await alice.lines("Bob")).toEqual(["who gets this? (delivered)"]);
});

test("two tabs that both believe they write never fork the log", async () => {
  await bob.open();
  await Promise.all([
    firstTab.send((await bob.threadWith("Alice")).id, "old tab").catch(() => undefined),
    bob.send("Alice", "new tab"),
  ]);
  await bob.messenger.connect();
  await world.clock.advance(60_000);
  await bob.send("Alice", "and on");
  await world.clock.advance(5_000);
  expect(await alice.texts("Bob")).toEqual(["new tab", "and on"]);
  expect(await bob.texts("Alice")).toEqual(["new tab", "and on"]);
});

test("a store that closes below is told once", async () => {
  bob.store.close();
  expect(await firstTab.send((await bob.threadWith("Alice")).id, "into the void")).toEqual({ kind: "failed" });
  await world.clock.advance(2_000);
  expect(stops()).toEqual([{ type: "stopped", reason: "store-closed" }]);
});

test("a listener that fails is a bug to report, and not the failure of what was done", async () => {
  const failing = firstTab.subscribe(() => {
    throw new Error("the screen fell over");
  });
  expect(await firstTab.send((await bob.threadWith("Alice")).id, "still sent")).toMatchObject({ kind: "sent" });
  failing();
  await world.clock.advance(2_000);
  expect(await alice.lines("Bob")).toEqual(["still sent"]);
  expect(world.bugs.length).toBeGreaterThan(0);
  world.bugs.length = 0;
});
