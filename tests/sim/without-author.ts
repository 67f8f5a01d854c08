/**
 * In the end, before everybody is there: somebody whose messages have not reached all stays away, and all others meet. Whoever holds such
 * a message gives it to those it is for.
 */
import type { AccountId } from "../../src/core/codec/ids.ts";
import { unsettledParcels } from "./courier-checks.ts";
import { isForked } from "./forks.ts";
import { knowsDevices, membersInside } from "./group-checks.ts";
import type { SimPerson } from "./person.ts";
import { HOUR_MS, MINUTE_MS, type SimWorld } from "./world.ts";

const MEET_MS = HOUR_MS;
const STEP_MS = 10 * MINUTE_MS;

export async function meetWithoutAuthor(world: SimWorld): Promise<void> {
  const before = await held(world);
  const byAuthor = new Map<SimPerson, number>();
  for (const lack of await lacks(world, before)) byAuthor.set(lack.author, (byAuthor.get(lack.author) ?? 0) + 1);
  const [most] = [...byAuthor].toSorted((a, b) => b[1] - a[1]);
  const absent = most?.[0] ?? world.people[0];
  if (absent === undefined) return;
  world.note(absent, "stays away while all others meet");
  absent.close("stopped");
  for (let passed = 0; passed < MEET_MS; passed += STEP_MS) {
    for (const person of world.people) if (person !== absent) world.after(0, () => person.open());
    await world.clock.advance(STEP_MS);
  }
  for (const { author, holder, reader, index } of await lacks(world, await held(world))) {
    if (author === absent && holder.isOpen && reader.isOpen)
      world.fail(
        `message ${index} of ${author.name}, who is away, is at ${holder.name} and did not reach ${reader.name}`,
      );
  }
  for (const left of await unsettledParcels(world)) world.fail(`${left}, with all but ${absent.name} there`);
}

interface Lack {
  readonly index: number;
  readonly author: SimPerson;
  readonly holder: SimPerson;
  readonly reader: SimPerson;
}

/** Messages of groups that somebody lacks and somebody else than their author has. */
async function lacks(world: SimWorld, heldBy: ReadonlyMap<SimPerson, ReadonlySet<number>>): Promise<readonly Lack[]> {
  const found: Lack[] = [];
  for (const group of world.groups.all) {
    if (await isForked(world, group.thread)) continue;
    const inside = await membersInside(world, group);
    const members = world.people.filter(({ profile }) => isOf(profile.account, inside));
    const able: SimPerson[] = [];
    for (const person of members) if (await knowsDevices(world, group, person)) able.push(person);
    for (const { index, author: account, room, fate, entitled } of world.ledger.all) {
      if (room !== group.thread || fate !== "certain") continue;
      const author = world.people.find(({ profile }) => profile.account === account);
      if (author === undefined) continue;
      const others = able.filter((person) => person !== author);
      const holder = others.find((person) => heldBy.get(person)?.has(index) === true);
      if (holder === undefined) continue;
      for (const reader of others) {
        if (isOf(reader.profile.account, entitled) && heldBy.get(reader)?.has(index) !== true)
          found.push({ index, author, holder, reader });
      }
    }
  }
  return found;
}

async function held(world: SimWorld): Promise<ReadonlyMap<SimPerson, ReadonlySet<number>>> {
  const all = new Map<SimPerson, ReadonlySet<number>>();
  for (const person of world.people) all.set(person, await person.profile.held());
  return all;
}

function isOf(account: AccountId | undefined, accounts: ReadonlySet<AccountId>): boolean {
  return account !== undefined && accounts.has(account);
}
