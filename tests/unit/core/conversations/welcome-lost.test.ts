import { expect, test } from "vitest";
import { FRAME } from "../../../../src/core/sync/frames.ts";
import { CoreWorld } from "../../../support/core-world.ts";
import { tapWire } from "../../../support/wire-tap.ts";

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const STEPS = [FRAME.claim, FRAME.bundle, FRAME.proof, FRAME.welcome] as const;
const cases = STEPS.flatMap((type) => SEEDS.map((seed) => ({ type, seed })));

test.each(cases)("a link that breaks at first-contact frame $type costs no second use (seed $seed)", async (broken) => {
  const world = new CoreWorld({ seed: broken.seed, startsOnRelay: broken.seed % 3 === 0 });
  let breaksLeft = 2;
  tapWire(world, (frame, from) => {
    if (frame.type !== broken.type || breaksLeft === 0) return undefined;
    breaksLeft -= 1;
    for (const other of peers) world.network.drop(from, other);
    return "lost";
  });
  const [alice, bob] = [await world.person("Alice"), await world.person("Bob")];
  const peers = [(await alice.identity()).peerKey, (await bob.identity()).peerKey];
  const { link } = await alice.messenger.createInvite({ uses: 10, days: 7 });
  await bob.messenger.acceptInvite(link);
  await bob.send("Alice", "hello");
  await world.clock.advance(120_000);

  expect(breaksLeft).toBe(0);
  expect(await alice.lines("Bob")).toEqual(["hello"]);
  expect(await bob.lines("Alice")).toEqual(["hello (delivered)"]);
  await alice.send("Bob", "welcome");
  await world.clock.advance(5_000);
  expect(await bob.lines("Alice")).toEqual(["hello (delivered)", "welcome"]);
  expect((await alice.messenger.openInvites())[0]?.usesLeft).toBe(9);
  expect(alice.events.filter((event) => event.type === "invite-accepted")).toHaveLength(1);
  expect(await alice.threads()).toHaveLength(1);
  expect(world.bugs).toEqual([]);
});
