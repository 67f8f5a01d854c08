import { setTimeout as randomMoment } from "node:timers/promises";
import { seededRandom } from "../support/seeded-random.ts";
import type { Person } from "../support/person.ts";
import { expect, test } from "../support/world.ts";

const ROUNDS = 10;
const MAX_MOMENT_MS = 600;

test("nothing is lost or doubled when both browsers are killed ten times", async ({ world }) => {
  test.setTimeout(240_000);
  const seed = Date.now() % 1_000_000;
  console.log(`killing at random moments of seed ${seed}`);
  const random = seededRandom(seed);
  const [alice, bob] = await world.pair();
  const sent: { readonly Alice: string[]; readonly Bob: string[] } = { Alice: [], Bob: [] };

  const sendAndDie = async (person: Person, own: string[], text: string): Promise<void> => {
    await person.send(text);
    own.push(text);
    // Chance is what is tried here: anything from before the first packet to after the receipt.
    await randomMoment(random() * MAX_MOMENT_MS);
    await person.killBrowser();
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    await test.step(`kill ${round + 1}`, async () => {
      await Promise.all([sendAndDie(alice, sent.Alice, `alice-${round}`), sendAndDie(bob, sent.Bob, `bob-${round}`)]);
      await Promise.all([alice.returnToBrowser(), bob.returnToBrowser()]);
      for (const person of [alice, bob]) {
        const own = person === alice ? sent.Alice : sent.Bob;
        const prefix = person === alice ? /alice-\d/ : /bob-\d/;
        await expect
          .poll(() => person.shown(prefix), { message: `${person.name} still has what was sent` })
          .toEqual(own);
      }
    });
  }

  for (const [person, other] of [
    [alice, sent.Bob],
    [bob, sent.Alice],
  ] as const) {
    for (const text of other) await expect(person.message(text)).toHaveCount(1, { timeout: 40_000 });
  }
  for (const text of sent.Alice) await alice.expectState(text, /Delivered|Read/, 40_000);
  for (const text of sent.Bob) await bob.expectState(text, /Delivered|Read/, 40_000);
  const order = await alice.shown(/(alice|bob)-\d/);
  expect(order.toSorted()).toEqual([...sent.Alice, ...sent.Bob].toSorted());
  expect(await bob.shown(/(alice|bob)-\d/)).toEqual(order);
  expect(order.filter((text) => text.startsWith("alice"))).toEqual(sent.Alice);
  expect(order.filter((text) => text.startsWith("bob"))).toEqual(sent.Bob);
});
