/** What led to a contact last is known after a start, for a while. */
import { expect, test } from "vitest";
import type { WayRow } from "../../../src/core/store/people-tables.ts";
import { type CorePerson, CoreWorld } from "../../support/core-world.ts";
import { watchWants } from "../../support/watch-wants.ts";

const RELAY = "/memory/relay";
const DAY_MS = 86_400_000;

async function waysOf(person: CorePerson): Promise<readonly WayRow[]> {
  const rows = await person.store.read(["contacts"], (tx) => tx.range("contacts", {}));
  return rows.flatMap(({ value }) => value.ways ?? []);
}

test("the relay that led to a contact is named to the transport after a start, though the link had become direct", async () => {
  const world = new CoreWorld({ startsOnRelay: true });
  const [alice, bob] = await world.pair();
  await world.clock.advance(10_000);
  expect((await alice.threadWith("Bob")).path.kind).toBe("direct");
  const wanted = await watchWants(world, alice);
  const { peerKey, device } = await bob.identity();
  expect(wanted()).toMatchObject([{ peer: peerKey, lastWay: { kind: "relay", relay: RELAY } }]);
  expect(await waysOf(alice)).toEqual([{ device, relay: RELAY, at: expect.any(Number) }]);
});

test("the same way is kept once, and written anew after a day", async () => {
  const world = new CoreWorld({ startsOnRelay: true });
  const [alice] = await world.pair();
  const [first] = await waysOf(alice);
  await alice.restart();
  await world.clock.advance(10_000);
  expect(await waysOf(alice)).toEqual([first]);
  alice.skewMs = 2 * DAY_MS;
  await alice.restart();
  await world.clock.advance(10_000);
  const [later, ...more] = await waysOf(alice);
  expect(more).toEqual([]);
  expect((later?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(DAY_MS);
});

test("a way that led there two weeks ago says nothing any more", async () => {
  const world = new CoreWorld({ startsOnRelay: true });
  const [alice, bob] = await world.pair();
  await bob.messenger.stop();
  alice.skewMs = 15 * DAY_MS;
  const wanted = await watchWants(world, alice);
  expect(wanted()).toHaveLength(1);
  expect(wanted()[0]?.lastWay).toBeUndefined();
});
