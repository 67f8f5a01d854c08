/** Who is to know whom, and how they come to: one makes an invite and the other opens it, each when they are there. */
import type { Profile } from "./profile.ts";
import type { SimPerson } from "./person.ts";
import type { SimWorld } from "./world.ts";

const EXTRA_PAIRS = 0.3;
const EARLY_PAIRS = 0.7;
const MS_PER_DAY = 86_400_000;
const OFFER_LASTS_MS = 3 * MS_PER_DAY;

interface Pair {
  readonly people: readonly [SimPerson, SimPerson];
  /** Before this they do not know of each other. */
  readonly beginsAt: number;
  offer?: { readonly from: Profile; readonly link: string; readonly madeAt: number } | undefined;
}

export class Acquaintances {
  readonly #world: SimWorld;
  readonly #pairs: readonly Pair[];

  constructor(world: SimWorld) {
    this.#world = world;
    const { people, chance, options } = world;
    const pairs: Pair[] = [];
    for (const a of people) {
      for (const b of people) {
        if (a.index >= b.index) continue;
        const areNeighbours = b.index === a.index + 1 || (a.index === 0 && b.index === people.length - 1);
        if (!areNeighbours && !chance.is(EXTRA_PAIRS)) continue;
        const beginsAt = chance.is(EARLY_PAIRS) ? 0 : chance.between(0, options.days * MS_PER_DAY);
        pairs.push({ people: [a, b], beginsAt });
      }
    }
    this.#pairs = pairs;
  }

  /** Pairs that know of each other by now, as their profiles are now. */
  pairs(): readonly (readonly [SimPerson, SimPerson])[] {
    return this.#pairs.filter(({ beginsAt }) => beginsAt <= this.#world.elapsedMs).map(({ people }) => people);
  }

  /** What this person can do now to get to know those they are to know. */
  pursue(person: SimPerson): void {
    for (const pair of this.#pairs) {
      if (!pair.people.includes(person) || pair.beginsAt > this.#world.elapsedMs) continue;
      const other = pair.people[0] === person ? pair.people[1] : pair.people[0];
      this.#pursue(pair, person, other);
    }
  }

  #pursue(pair: Pair, person: SimPerson, other: SimPerson): void {
    const { profile } = person;
    const world = this.#world;
    person.act(async (messenger) => {
      const threads = await messenger.threads();
      const isKnown = threads.some(
        (thread) => thread.kind === "direct" && thread.contact.account === other.profile.account,
      );
      if (isKnown && other.profile.account !== undefined) return;
      const { offer } = pair;
      const isFresh = offer !== undefined && world.elapsedMs - offer.madeAt < OFFER_LASTS_MS;
      if (isFresh && offer.from === other.profile) {
        const { kind } = await messenger.acceptInvite(offer.link);
        world.note(person, `opens the invite of ${other.name}: ${kind}`);
      } else if (!isFresh || offer.from !== profile) {
        const invite = await messenger.createInvite({ uses: 1, days: 30 });
        pair.offer = { from: profile, link: invite.link, madeAt: world.elapsedMs };
        world.note(person, `invites ${other.name}`);
      }
    });
  }
}
