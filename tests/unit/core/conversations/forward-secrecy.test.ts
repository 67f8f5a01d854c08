/**
 * What a copy of a device's keys is good for, with the real suite and all that was on the wire: nothing that came before, and nothing
 * that comes after the healing steps.
 */
import { expect, test } from "vitest";
import { createMemoryStore, type StoreSnapshot } from "../../../../src/adapters/memory/memory-store.ts";
import { createSuite } from "../../../../src/core/crypto/real-suite.ts";
import { CoreWorld } from "../../../support/core-world.ts";
import { NonceWatch } from "../../../support/epoch-suite.ts";
import { Thief } from "../../../support/thief.ts";
import { overheard } from "../../../support/wire-tap.ts";

const HOUR_MS = 3_600_000;

async function pairWithThief() {
  const world = new CoreWorld();
  const frames = overheard(world);
  const [alice, bob] = await world.pair();
  const say = async (from: typeof alice, to: string, text: string): Promise<void> => {
    await from.send(to, text);
    await world.clock.advance(2_000);
  };
  const readBy = (stolen: StoreSnapshot): Promise<readonly string[]> =>
    new Thief(createMemoryStore({ snapshot: stolen }), frames).read();
  return { world, alice, bob, say, readBy };
}

test("keys taken after delivery and rekey open nothing recorded earlier, and those taken before delivery open the rest of their epoch", async () => {
  const { world, alice, bob, say, readBy } = await pairWithThief();
  await say(alice, "Bob", "one");
  await say(bob, "Alice", "two");
  const early = bob.store.snapshot();
  await say(alice, "Bob", "three");
  await world.clock.advance(2 * HOUR_MS);
  await say(bob, "Alice", "four");
  await say(alice, "Bob", "five");
  await world.clock.advance(2 * HOUR_MS);
  await say(bob, "Alice", "six");
  await say(alice, "Bob", "seven");

  expect(await readBy(alice.store.snapshot())).toEqual([]);
  // Until its next rekey a device still has the key that the last epoch was sealed to.
  expect(await readBy(bob.store.snapshot())).toEqual(["seven"]);
  await world.clock.advance(2 * HOUR_MS);
  await say(bob, "Alice", "eight");
  expect(await readBy(bob.store.snapshot())).toEqual([]);

  // The chain that was in use gave what followed in its epoch, and nothing before.
  expect(await readBy(early)).toEqual(["three"]);
  expect(world.bugs).toEqual([]);
});

test("a thief of all keys reads on until both have begun new epochs, and then no more", async () => {
  const { world, alice, bob, say, readBy } = await pairWithThief();
  await say(alice, "Bob", "one");
  await say(bob, "Alice", "two");
  const stolen = bob.store.snapshot();
  await say(alice, "Bob", "three");
  await world.clock.advance(2 * HOUR_MS);
  // Begins an epoch that is sealed to alice, and brings a key that the thief lacks.
  await say(bob, "Alice", "four");
  // Begins one that is sealed to that key.
  await say(alice, "Bob", "five");
  await say(bob, "Alice", "six");
  await say(alice, "Bob", "seven");

  expect(await readBy(stolen)).toEqual(["three"]);
  const kems = await bob.store.read(["kems"], (tx) => tx.range("kems", {}));
  const stolenKems = await createMemoryStore({ snapshot: stolen }).read(["kems"], (tx) => tx.range("kems", {}));
  const kept = kems.map(({ value }) => Buffer.from(value.seed).toString("hex"));
  for (const { value } of stolenKems) expect(kept).not.toContain(Buffer.from(value.seed).toString("hex"));
  expect(await alice.texts("Bob")).toEqual(["one", "two", "three", "four", "five", "six", "seven"]);
});

test("a profile that goes back to an old copy never seals with a key and nonce that were used", async () => {
  const nonces = new NonceWatch();
  const world = new CoreWorld({ suite: nonces.watched(createSuite()) });
  const [alice, bob] = await world.pair();
  await alice.send("Bob", "one");
  await world.clock.advance(2_000);
  const copy = alice.store.snapshot();
  await alice.send("Bob", "two");
  await world.clock.advance(2_000);
  const usedBefore = nonces.uses;

  await alice.messenger.stop();
  await world.clock.advance(10_000);
  alice.store.restore(copy);
  await alice.open();
  // Written on the old copy, whose chain has not made the step that "two" took.
  await alice.send("Bob", "three");
  await alice.messenger.connect();
  await world.clock.advance(60_000);

  expect(await bob.texts("Alice")).toEqual(["one", "two", "three"]);
  expect(nonces.uses).toBeGreaterThan(usedBefore);
  expect(nonces.reuses).toBe(0);
});
