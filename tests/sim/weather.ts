/** What happens to the network as a whole: it falls into halves for days, and the relay goes for hours. */
import { DAY_MS, HOUR_MS, RELAY, type SimWorld } from "./world.ts";

const DIVISION_CHANCE = 0.2;
const RELAY_LOSS_CHANCE = 0.15;

/** Plans one day of it. */
export function planWeather(world: SimWorld): void {
  const { chance, network } = world;
  if (chance.is(DIVISION_CHANCE)) {
    const from = chance.between(0, DAY_MS);
    world.after(from, () => {
      world.note(undefined, "the network falls into halves");
      world.divide(new Map(world.people.map((person) => [person, chance.whole(0, 1)])));
    });
    world.after(from + chance.between(2 * HOUR_MS, 3 * DAY_MS), () => world.divide(new Map()));
  }
  if (chance.is(RELAY_LOSS_CHANCE)) {
    const from = chance.between(0, DAY_MS);
    world.after(from, () => {
      world.note(undefined, "the relay goes");
      network.setRelay(RELAY, false);
    });
    world.after(from + chance.between(0.2, 6) * HOUR_MS, () => network.setRelay(RELAY, true));
  }
}

/** From now on nothing is in anybody's way. */
export function clearUp(world: SimWorld): void {
  world.note(undefined, "all is well again");
  world.divide(new Map());
  world.network.setRelay(RELAY, true);
  for (const person of world.people) {
    person.skewMs = 0;
    person.profile.store.setQuota(undefined);
    for (const peer of world.peersOf(person)) world.network.setOffline(peer, false);
  }
}
