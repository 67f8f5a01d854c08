import { expect, test } from "vitest";
import { type CorePerson, CoreWorld } from "../../../support/core-world.ts";
import { seededRandom } from "../../../support/seeded-random.ts";

const SEEDS = Array.from({ length: 12 }, (_, index) => index + 1);
const BACKLOG = 40;
const STEPS = 40;

interface Side {
  readonly person: CorePerson;
  readonly to: string;
  readonly letter: string;
  written: number;
}

class Storm {
  readonly world: CoreWorld;
  readonly #random: () => number;
  sides: readonly Side[] = [];

  constructor(seed: number) {
    this.#random = seededRandom(seed);
    this.world = new CoreWorld({ seed, startsOnRelay: seed % 2 === 0 });
  }

  async begin(): Promise<void> {
    const [alice, bob] = await this.world.pair();
    this.sides = [
      { person: alice, to: "Bob", letter: "a", written: 0 },
      { person: bob, to: "Alice", letter: "b", written: 0 },
    ];
  }

  below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  get either(): Side {
    const side = this.sides[this.below(2)];
    if (side === undefined) throw new Error("the storm has not begun");
    return side;
  }

  async write(side: Side): Promise<void> {
    side.written += 1;
    await side.person.send(side.to, `${side.letter}${side.written}`);
  }

  async keys() {
    const [alice, bob] = await Promise.all(this.sides.map((side) => side.person.identity()));
    if (alice === undefined || bob === undefined) throw new Error("the storm has not begun");
    return [alice.peerKey, bob.peerKey] as const;
  }

  /** One thing that happens to a link, or to an app. */
  async step(): Promise<void> {
    const [a, b] = await this.keys();
    const { network, clock } = this.world;
    const kind = this.below(10);
    if (kind < 3) await this.write(this.either);
    else if (kind === 3) network.drop(a, b);
    else if (kind === 4) network.renew(a, b);
    else if (kind === 5) network.upgrade(b, a);
    else if (kind === 6) network.upgrade(a, b);
    else if (kind === 7 && this.below(3) === 0) await this.killed(this.either);
    else await clock.advance(this.below(400));
    await clock.advance(this.below(60));
  }

  /** The app ends without a goodbye, and starts again on the same store. */
  async killed({ person }: Side): Promise<void> {
    this.world.network.crash((await person.identity()).peerKey);
    await person.open();
    await person.messenger.connect();
  }

  async calm(): Promise<void> {
    const [a, b] = await this.keys();
    this.world.network.heal(a, b);
    await this.world.clock.advance(120_000);
  }
}

test.each(SEEDS)("nothing is lost or doubled when links break, renew and climb in mid-sync (seed %i)", async (seed) => {
  const storm = new Storm(seed);
  await storm.begin();
  const [a, b] = await storm.keys();
  storm.world.network.cut(a, b);
  await storm.world.clock.advance(20_000);
  for (let index = 0; index < BACKLOG; index += 1) for (const side of storm.sides) await storm.write(side);
  storm.world.network.heal(a, b);
  for (let step = 0; step < STEPS; step += 1) await storm.step();
  await storm.calm();

  const [atAlice, atBob] = await Promise.all(storm.sides.map(({ person, to }) => person.texts(to)));
  expect(atBob).toEqual(atAlice);
  for (const { letter, written, person, to } of storm.sides) {
    const expected = Array.from({ length: written }, (_, index) => `${letter}${index + 1}`);
    expect(atAlice?.filter((text) => text.startsWith(letter))).toEqual(expected);
    expect((await person.threadWith(to)).waiting).toBe(0);
  }
  expect(storm.world.bugs).toEqual([]);
});
