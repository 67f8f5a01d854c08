import { expect, test } from "vitest";
import { CoreWorld } from "../../../support/core-world.ts";

const MOMENTS_MS = [20, 60, 100, 140, 180, 220, 260, 300, 340, 380, 420, 500];

test.each(MOMENTS_MS)(
  "first contact over two links at once makes one contact and loses nothing (%i ms)",
  async (moment) => {
    const world = new CoreWorld({ seed: moment, startsOnRelay: moment % 40 === 20 });
    const [alice, bob] = [await world.person("Alice"), await world.person("Bob")];
    const [a, b] = [(await alice.identity()).peerKey, (await bob.identity()).peerKey];
    const { link } = await alice.messenger.createInvite({ uses: 10, days: 7 });
    await bob.messenger.acceptInvite(link);
    await bob.send("Alice", "one");
    await world.clock.advance(moment);
    world.network.renew(a, b);
    world.network.upgrade(b, a);
    await bob.send("Alice", "two");
    await world.clock.advance(10_000);
    await alice.send("Bob", "three");
    await world.clock.advance(5_000);

    expect(await alice.lines("Bob")).toEqual(["one", "two", "three (delivered)"]);
    expect(await bob.lines("Alice")).toEqual(["one (delivered)", "two (delivered)", "three"]);
    expect((await alice.messenger.openInvites())[0]?.usesLeft).toBe(9);
    expect(world.network.paths(a, b)).toHaveLength(1);
    expect(world.bugs).toEqual([]);
  },
);
