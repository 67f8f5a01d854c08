import { expect, test } from "vitest";
import { CoreWorld } from "../../../support/core-world.ts";

test("who opens the link hears of a group that was founded while they were away", async () => {
  const world = new CoreWorld();
  const [alice, bob] = await world.pair();
  await bob.messenger.stop();
  await world.clock.advance(120_000);
  const { account } = await alice.contactWith("Bob");
  expect((await alice.messenger.groups.create("Trip", [account])).kind).toBe("created");
  await bob.open();
  await bob.messenger.connect();
  await world.clock.advance(20_000);
  expect((await bob.threads()).map(({ name }) => name).toSorted()).toEqual(["Alice", "Trip"]);
  expect(world.bugs).toEqual([]);
});
