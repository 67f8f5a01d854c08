/**
 * A member who was away meets a newcomer, whose history begins later than theirs: what the newcomer has does not follow on what they
 * hold. Dave has what is between, and does not reach the newcomer.
 */
import type { CorePerson, CoreWorld } from "./core-world.ts";
import { befriend } from "./three-contacts.ts";

const LEVEL_MS = 30_000;
const GONE_MS = 15_000;

export interface NewcomerAhead {
  readonly bob: CorePerson;
  readonly carol: CorePerson;
  /** Brings what is between. */
  daveComes(): Promise<void>;
}

/** Bob and Carol, the newcomer, are connected. Nobody else is there. */
export async function newcomerAhead(world: CoreWorld): Promise<NewcomerAhead> {
  const [alice, bob] = await world.pair();
  const [carol, dave] = [await world.person("Carol"), await world.person("Dave")];
  await befriend(world, alice, carol);
  await befriend(world, alice, dave);
  await befriend(world, bob, carol);
  const accountOf = async (name: string) => (await alice.contactWith(name)).account;
  const made = await alice.messenger.groups.create("Trip", [await accountOf("Bob"), await accountOf("Dave")]);
  if (made.kind !== "created") throw new Error(made.kind);
  await world.clock.advance(LEVEL_MS);
  await bob.messenger.stop();
  await alice.send("Trip", "before Carol");
  await world.clock.advance(LEVEL_MS);
  world.network.cut((await carol.identity()).peerKey, (await dave.identity()).peerKey);
  await dave.messenger.stop();
  await world.clock.advance(GONE_MS);
  await alice.messenger.groups.add(made.thread, [await accountOf("Carol")]);
  await world.clock.advance(LEVEL_MS);
  await alice.send("Trip", "after Carol");
  await world.clock.advance(LEVEL_MS);
  await alice.messenger.stop();
  await world.clock.advance(GONE_MS);
  await bob.open();
  await bob.messenger.connect();
  await world.clock.advance(LEVEL_MS);
  return {
    bob,
    carol,
    async daveComes() {
      await dave.open();
      await dave.messenger.connect();
    },
  };
}
