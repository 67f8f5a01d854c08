/** Alice, Bob and Carol, each a contact of both others, in three conversations of two. */
import { CoreWorld, type CoreWorldOptions, type CorePerson } from "./core-world.ts";

/** Longer than it takes to notice that somebody left, and to leave something with a courier. */
export const AWAY_MS = 15_000;
/** Longer than it takes to dial, meet and hand over. */
export const MEET_MS = 40_000;

export class ThreeContacts {
  readonly world: CoreWorld;
  readonly alice: CorePerson;
  readonly bob: CorePerson;
  readonly carol: CorePerson;

  private constructor(world: CoreWorld, people: readonly [CorePerson, CorePerson, CorePerson]) {
    this.world = world;
    [this.alice, this.bob, this.carol] = people;
  }

  static async meet(options: CoreWorldOptions = {}): Promise<ThreeContacts> {
    const world = new CoreWorld(options);
    const [alice, bob] = await world.pair();
    const carol = await world.person("Carol");
    await befriend(world, alice, carol);
    await befriend(world, bob, carol);
    await world.clock.advance(5_000);
    return new ThreeContacts(world, [alice, bob, carol]);
  }

  /** Closes somebody's app, and lets the others notice. */
  async close(person: CorePerson): Promise<void> {
    await person.messenger.stop();
    await this.world.clock.advance(AWAY_MS);
  }

  /** Opens it again, and lets them meet whoever is there. */
  async open(person: CorePerson): Promise<void> {
    await person.open();
    await person.messenger.connect();
    await this.world.clock.advance(MEET_MS);
  }
}

export async function befriend(world: CoreWorld, inviter: CorePerson, acceptor: CorePerson): Promise<void> {
  const invite = await inviter.messenger.createInvite({ uses: 1, days: 7 });
  await acceptor.messenger.acceptInvite(invite.link);
  await world.clock.advance(2_000);
}
