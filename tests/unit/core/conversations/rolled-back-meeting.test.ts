import { afterEach, beforeEach, expect, test } from "vitest";
import type { StoreSnapshot } from "../../../../src/adapters/memory/memory-store.ts";
import { FRAME } from "../../../../src/core/sync/frames.ts";
import { type CorePerson, CoreWorld } from "../../../support/core-world.ts";
import { tapWire } from "../../../support/wire-tap.ts";

const DAY_MS = 24 * 60 * 60_000;
const UNKNOWN_FRAME = 200;

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

async function start(person: CorePerson): Promise<void> {
  await person.open();
  await person.messenger.connect();
}

async function stop(person: CorePerson): Promise<void> {
  await person.messenger.stop();
  await world.clock.advance(10_000);
}

/** The profile goes back to an old copy, as from a backup of the browser's data. */
async function goBack(person: CorePerson, copy: StoreSnapshot): Promise<void> {
  await stop(person);
  person.store.restore(copy);
}

async function say(person: CorePerson, to: string, ...texts: readonly string[]): Promise<void> {
  for (const text of texts) await person.send(to, text);
  await world.clock.advance(1_000);
}

async function expectSame(...texts: readonly string[]): Promise<void> {
  expect(await alice.texts("Bob")).toEqual(texts);
  expect(await bob.texts("Alice")).toEqual(texts);
}

test("what was changed after the copy was made does not leave a second time as it was", async () => {
  await say(alice, "Bob", "one");
  await stop(bob);
  await alice.send("Bob", "as it was");
  const id = await alice.send("Bob", "as it stays");
  const copy = alice.store.snapshot();
  const [pending] = (await alice.page((await alice.threadWith("Bob")).id)).messages.filter((row) => row.isPending);
  await alice.messenger.editPending((await alice.threadWith("Bob")).id, pending?.id ?? id, "as it is");
  await start(bob);
  await world.clock.advance(40_000);
  await goBack(alice, copy);
  await start(alice);
  await world.clock.advance(60_000);
  await expectSame("one", "as it is", "as it stays");
  expect((await alice.threadWith("Bob")).waiting).toBe(0);
});

test("an answer that is lost with its link is asked for again before the outbox leaves", async () => {
  await say(alice, "Bob", "one");
  await stop(bob);
  await alice.send("Bob", "waited");
  const copy = alice.store.snapshot();
  await start(bob);
  await world.clock.advance(40_000);

  await stop(bob);
  await goBack(alice, copy);
  let isLost = false;
  tapWire(world, (frame) => {
    if (frame.type !== FRAME.resendAnswer || isLost) return undefined;
    isLost = true;
    return "lost";
  });
  await start(bob);
  await start(alice);
  await world.clock.advance(3_000);
  expect(isLost).toBe(true);
  world.network.drop((await alice.identity()).peerKey, (await bob.identity()).peerKey);
  await world.clock.advance(120_000);
  await expectSame("one", "waited");
});

test("an answer that nobody sends is asked for again while the two are connected", async () => {
  await say(bob, "Alice", "one");
  const copy = alice.store.snapshot();
  await world.clock.advance(DAY_MS + 60_000);
  await say(bob, "Alice", "two");
  await goBack(alice, copy);
  let lost = 0;
  tapWire(world, (frame) => {
    if (frame.type !== FRAME.resendAnswer || lost > 0) return undefined;
    lost += 1;
    return { ...frame, type: UNKNOWN_FRAME };
  });
  await start(alice);
  await world.clock.advance(30_000);
  expect(await alice.texts("Bob")).toEqual(["one"]);
  await world.clock.advance(60_000);
  await expectSame("one", "two");
});
