/** Those who write to each other, before the first measured day: they get to know each other while all are online. */
import type { ThreadView } from "../../../src/core/views.ts";
import type { SimPerson } from "../person.ts";
import { MINUTE_MS } from "../world.ts";
import type { MeasuredWorld } from "./measured-world.ts";

/** `two`: people 0 and 1 write to each other, all others are contacts of both and carry. `group`: person 0 founded it and is a contact of all. */
export type Circle =
  { readonly kind: "two"; readonly couriers: number } | { readonly kind: "group"; readonly members: number };

const SETUP_STEPS = 60;

export function peopleOf(circle: Circle): number {
  return circle.kind === "two" ? 2 + circle.couriers : circle.members;
}

export function writersOf(circle: Circle): number {
  return circle.kind === "two" ? 2 : circle.members;
}

/** @throws if they could not be brought together within an hour */
export async function bringTogether(world: MeasuredWorld, circle: Circle): Promise<void> {
  const { people } = world;
  for (const person of people) await person.open();
  await world.clock.advance(MINUTE_MS);
  const [first, second] = [personAt(world, 0), personAt(world, 1)];
  for (const other of people.slice(1)) await befriend(first, other);
  if (circle.kind === "two") {
    for (const other of people.slice(2)) await befriend(second, other);
    // So that the other's card, which names three at most, has room for the three that are meant.
    for (const person of [first, second]) await person.messenger?.changeSettings({ carriesFor: "nobody" });
  }
  await waitFor(world, async () => {
    const threads = await Promise.all(people.slice(1).map((other) => directThreadOf(first, other)));
    return threads.every((thread) => thread?.kind === "direct" && thread.contact.isConfirmed);
  });
  if (circle.kind === "two") {
    await waitFor(world, async () => {
      const tokens = await Promise.all([tokensHeld(first, second), tokensHeld(second, first)]);
      return tokens.every((count) => count === circle.couriers);
    });
    return;
  }
  const accounts = people.slice(1).flatMap(({ profile }) => profile.account ?? []);
  const made = await first.messenger?.groups.create("measured", accounts);
  if (made?.kind !== "created") throw new Error(`no group was made: ${made?.kind}`);
  await waitFor(world, async () => {
    const threads = await Promise.all(people.map((person) => threadFor(circle, world, person)));
    return threads.every((thread) => thread?.kind === "group" && thread.group.members.length === people.length);
  });
  // Everybody publishes keys for everybody.
  await world.clock.advance(10 * MINUTE_MS);
}

/** Where this person writes. */
export async function threadFor(
  circle: Circle,
  world: MeasuredWorld,
  person: SimPerson,
): Promise<ThreadView | undefined> {
  if (circle.kind === "two") return directThreadOf(person, personAt(world, 1 - person.index));
  return (await person.messenger?.threads())?.find(({ kind }) => kind === "group");
}

export function personAt(world: MeasuredWorld, index: number): SimPerson {
  const person = world.people[index];
  if (person === undefined) throw new Error(`there is no person ${index}`);
  return person;
}

async function befriend(inviter: SimPerson, other: SimPerson): Promise<void> {
  const invite = await inviter.messenger?.createInvite({ uses: 1, days: 30 });
  await other.messenger?.acceptInvite(invite?.link ?? "");
}

async function directThreadOf(person: SimPerson, other: SimPerson): Promise<ThreadView | undefined> {
  const threads = (await person.messenger?.threads()) ?? [];
  return threads.find((thread) => thread.kind === "direct" && thread.contact.account === other.profile.account);
}

/** How many couriers the other's card names. */
async function tokensHeld(person: SimPerson, other: SimPerson): Promise<number> {
  const card = await person.profile.store.read(["cards"], (tx) => tx.get("cards", [other.profile.account ?? ""]));
  return card?.tokens.length ?? 0;
}

async function waitFor(world: MeasuredWorld, isReady: () => Promise<boolean>): Promise<void> {
  for (let step = 0; step < SETUP_STEPS; step += 1) {
    if (await isReady()) return;
    await world.clock.advance(MINUTE_MS);
  }
  throw new Error("they did not come together");
}
