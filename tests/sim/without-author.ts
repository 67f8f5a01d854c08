/**
 * In the end, before everybody is there: somebody whose messages have not reached all stays away, and all others meet. Whoever holds such
 * a message gives it to those it is for.
 */
import { MESSAGE_CHANNEL } from "../../src/core/codec/entry.ts";
import type { AccountId } from "../../src/core/codec/ids.ts";
import { unsettledParcels } from "./courier-checks.ts";
import { isForked } from "./forks.ts";
import { knowsDevices, membersInside } from "./group-checks.ts";
import { markIn } from "./ledger.ts";
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
async function lacks(world: SimWorld, heldBy: ReadonlyMap<SimPerson, Held>): Promise<readonly Lack[]> {
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
      for (const reader of others) {
        if (!isOf(reader.profile.account, entitled) || heldBy.get(reader)?.placeByIndex.has(index) === true) continue;
        const hasStayed = isOf(reader.profile.account, group.steady);
        // Whose joining is void, or who is no member any more as the holder knows, gets nothing from there; nor is it passed on for them.
        if (!isOf(account, heldBy.get(reader)?.groups.get(group.thread)?.writers)) continue;
        const holder = others.find(
          (person) =>
            isOf(reader.profile.account, heldBy.get(person)?.groups.get(group.thread)?.members) &&
            couldGive(heldBy.get(person), heldBy.get(reader), group.thread, index, hasStayed),
        );
        if (holder === undefined) continue;
        const givers = others.filter((person) => person !== reader).flatMap((person) => heldBy.get(person) ?? []);
        const [given, own] = [heldBy.get(reader), heldBy.get(author)];
        const place = heldBy.get(holder)?.placeByIndex.get(index);
        const log = `${group.thread} ${place?.device}`;
        const isGiven = (given?.logs.get(log)?.height ?? 0) >= (place?.seq ?? 0);
        if (isGiven && hasAlone(own, given, givers, group.thread)) continue;
        found.push({ index, author, holder, reader });
      }
    }
  }
  return found;
}

interface Held {
  /** Where each message that stands in a timeline here was written. */
  readonly placeByIndex: ReadonlyMap<number, { readonly device: string; readonly seq: number }>;
  /** By conversation: members, and whoever may have written: they, and former ones. */
  readonly groups: ReadonlyMap<
    string,
    { readonly members: ReadonlySet<AccountId>; readonly writers: ReadonlySet<AccountId> }
  >;
  /** By conversation and device. */
  readonly logs: ReadonlyMap<string, { readonly base: number; readonly height: number }>;
}

/**
 * Whether what somebody has follows on what somebody else has: a newcomer's history may begin later. Who left or was removed before a
 * message reached them, and was added again, is such a newcomer: what they had not got by then is older than their new history.
 */
function couldGive(
  from: Held | undefined,
  to: Held | undefined,
  group: string,
  index: number,
  hasStayed: boolean,
): boolean {
  const place = from?.placeByIndex.get(index);
  if (place === undefined) return false;
  const log = `${group} ${place.device}`;
  const theirs = to?.logs.get(log);
  if (!hasStayed && place.seq <= (theirs?.base ?? 0)) return false;
  return (from?.logs.get(log)?.base ?? 0) <= (theirs?.height ?? 0);
}

/** Whether the author has something of the group that a reader lacks and nobody else can give: what rests on it waits for the author. */
function hasAlone(author: Held | undefined, reader: Held | undefined, givers: readonly Held[], group: string): boolean {
  return [...(author?.logs ?? [])].some(([log, { height }]) => {
    const reached = reader?.logs.get(log)?.height ?? 0;
    if (!log.startsWith(group) || height <= reached) return false;
    return !givers.some(({ logs }) => (logs.get(log)?.height ?? 0) > reached && (logs.get(log)?.base ?? 0) <= reached);
  });
}

async function held(world: SimWorld): Promise<ReadonlyMap<SimPerson, Held>> {
  const all = new Map<SimPerson, Held>();
  for (const person of world.people) {
    const { timeline, rows, logs } = await person.profile.store.read(
      ["timeline", "conversations", "logs"],
      async (tx) => ({
        timeline: await tx.range("timeline", {}),
        rows: await tx.range("conversations", {}),
        logs: await tx.range("logs", {}),
      }),
    );
    const marked = timeline.flatMap(({ value }) => {
      const index = markIn(value.text)?.index;
      return index === undefined ? [] : [[index, { device: value.device, seq: value.seq }] as const];
    });
    const messages = logs.filter(({ key }) => key[2] === MESSAGE_CHANNEL);
    all.set(person, {
      placeByIndex: new Map(marked),
      groups: new Map(
        rows.map(({ value: { thread, members, former = [] } }) => [
          thread,
          { members: new Set(members), writers: new Set([...members, ...former]) },
        ]),
      ),
      logs: new Map(messages.map(({ key, value }) => [`${key[0]} ${key[1]}`, value])),
    });
  }
  return all;
}

function isOf(account: AccountId | undefined, accounts: ReadonlySet<AccountId> | undefined): boolean {
  return account !== undefined && accounts?.has(account) === true;
}
