/**
 * What grows with the members of a group: as in message-growth.ts. So that five hundred of them fit one process, the members come in waves, each
 * as many as are here at once; whoever has the group and whose keys everybody of the wave has goes, and is forgotten.
 */
import { CoreWorld, type CorePerson } from "../support/core-world.ts";
import { createModelSuite } from "../support/model-suite.ts";
import { storedBytes } from "../support/stored-bytes.ts";
import { FrameCounter } from "./frame-counter.ts";
import { heapMb, processorMs } from "./processor-time.ts";
import type { Figure } from "./statistics.ts";

const SETTLE_MS = 30_000;
const GROUP = "Growing";
/** Invites of a person are proved at no more than this pace. */
const NEXT_CONTACT_MS = 2_100;
/** Until everybody has the group. */
const FOUNDING_LIMIT_MS = 240_000;
/** So many write, one message each, and then one more each. */
const WRITERS = 3;

export interface GroupSize {
  readonly members: number;
  /** At once, the founder among them. */
  readonly here: number;
  /** So many were ever here; all if left out. The others were added and have not come yet. */
  readonly came?: number;
}

/** Of each message to each other member who is here, with the clocks that tell of it. */
export interface MessageCost {
  /** Of frames. */
  readonly bytes: number;
  /** Of those, what tells who has what: clocks, what changed in them, and which there are. */
  readonly clockBytes: number;
  /** Of the processor, all cores. */
  readonly ms: number;
}

export interface MemberGrowth extends GroupSize {
  /** From the founder's adding all of them until every one of those who came was here and had the group, its keys and its clocks: of each who came. */
  readonly foundingBytes: number;
  readonly foundingMs: number;
  /** Each begins its author's epoch. */
  readonly first: MessageCost;
  /** By the same authors, in the epochs that they have begun. */
  readonly later: MessageCost;
  /** Of the founder: rows for a group with nothing but its founding and these messages. */
  readonly storedBytes: number;
  /** Of the founder who opens the app, until it is ready; processor time. */
  readonly openMs: number;
  /** Heap of one core and its store, on average of those who are here. */
  readonly heapMb: number;
}

/** Each size in a world of its own. */
export async function measureMemberGrowth(sizes: readonly GroupSize[]): Promise<readonly MemberGrowth[]> {
  const results: MemberGrowth[] = [];
  for (const size of sizes) results.push(await growMembers(size));
  return results;
}

async function growMembers({ members, here, came = members }: GroupSize): Promise<MemberGrowth> {
  const world = new CoreWorld({ suite: createModelSuite(1) });
  const counter = new FrameCounter(world);
  const founder = await world.person("Founder");
  const waiting = await contactsOf(world, founder, members - 1);
  const accounts = await Promise.all(waiting.map(async (other) => (await other.identity()).account));
  await world.clock.advance(SETTLE_MS);
  const emptyBytes = await storedBytes(founder);

  counter.reset();
  let wave: readonly CorePerson[] = [];
  const foundingMs = await processorMs(async () => {
    const made = await founder.messenger.groups.create(GROUP, accounts);
    if (made.kind !== "created") throw new Error(made.kind);
    wave = await bringInWaves(world, waiting.slice(0, came - 1), here, GROUP);
  });
  const foundingBytes = counter.total / came;

  const all = [founder, ...wave];
  const first = await writeAll(world, counter, all, "first");
  const later = await writeAll(world, counter, all, "later");
  const heap = heapMb() / all.length;
  await founder.messenger.stop();
  return {
    members,
    here: all.length,
    came,
    foundingBytes,
    foundingMs: foundingMs / came,
    first,
    later,
    storedBytes: (await storedBytes(founder)) - emptyBytes,
    openMs: await processorMs(() => founder.open()),
    heapMb: heap,
  };
}

/** Lets all of these come, fewer than `here` at once, get the group and its keys, and go. Resolves with the last, who stay. */
export async function bringInWaves(
  world: CoreWorld,
  people: readonly CorePerson[],
  here: number,
  group: string,
): Promise<readonly CorePerson[]> {
  const waiting = [...people];
  let wave: readonly CorePerson[] = [];
  while (waiting.length > 0) {
    for (const person of wave) await person.messenger.stop();
    // The last one is whole: its members write.
    wave = waiting.splice(0, waiting.length % (here - 1) || here - 1);
    for (const person of wave) {
      await person.open();
      await person.messenger.connect();
    }
    await untilAll(world, wave, async (person) => (await person.threads()).some(({ name }) => name === group));
    await world.clock.advance(2 * SETTLE_MS);
  }
  return wave;
}

/** Contacts of one person, who are away. */
export async function contactsOf(world: CoreWorld, inviter: CorePerson, count: number): Promise<CorePerson[]> {
  const others: CorePerson[] = [];
  while (others.length < count) {
    const person = await world.person(`Member ${others.length}`);
    const { link } = await inviter.messenger.createInvite({ uses: 1, days: 1 });
    await person.messenger.acceptInvite(link);
    await world.clock.advance(NEXT_CONTACT_MS);
    await person.messenger.stop();
    others.push(person);
  }
  return others;
}

/** One message each of some; waits for the clocks that follow. */
async function writeAll(
  world: CoreWorld,
  counter: FrameCounter,
  members: readonly CorePerson[],
  what: string,
): Promise<MessageCost> {
  counter.reset();
  const writers = members.slice(1, WRITERS + 1);
  const ms = await processorMs(async () => {
    for (const [index, writer] of writers.entries()) {
      const text = `${what} message ${index}`.padEnd(200, "x");
      await writer.send(GROUP, text);
      await untilAll(world, members, async (member) => (await member.texts(GROUP)).includes(text));
      await world.clock.advance(SETTLE_MS);
    }
  });
  const deliveries = writers.length * (members.length - 1);
  const kinds = counter.byKind(deliveries);
  const clockBytes = ["clock", "clockChange", "statementNumbers", "statementsDigest"].map((kind) => kinds[kind] ?? 0);
  return {
    bytes: counter.total / deliveries,
    clockBytes: clockBytes.reduce((sum, bytes) => sum + bytes, 0),
    ms: ms / deliveries,
  };
}

export function memberGrowthRows(sizes: readonly MemberGrowth[]): readonly Figure[] {
  return [
    ...sizes.map((of): Figure => [
      `${nameOf(of)}: founding, of each; a message that begins an epoch, and one in it, to each who is here, of which clocks`,
      `${(of.foundingBytes / 1_000).toFixed(1)} kB, ${of.foundingMs.toFixed(0)} ms; ${costOf(of.first)}; ${costOf(of.later)}`,
    ]),
    ...sizes.map((of): Figure => [
      `${nameOf(of)}: rows of one; opening the app; heap of one with its store`,
      `${(of.storedBytes / 1_000).toFixed(0)} kB; ${of.openMs.toFixed(0)} ms; ${of.heapMb.toFixed(2)} MB`,
    ]),
  ];
}

function nameOf({ members, here, came = members }: GroupSize): string {
  return `${members} members${came < members ? `, of whom ${came} came` : ""}${here < members ? `, ${here} here` : ""}`;
}

function costOf({ bytes, clockBytes, ms }: MessageCost): string {
  return `${bytes.toFixed(0)} bytes (${clockBytes.toFixed(0)}), ${ms.toFixed(1)} ms`;
}

/** Moves time on until it holds of all. @throws if that takes too long */
async function untilAll(
  world: CoreWorld,
  people: readonly CorePerson[],
  holds: (person: CorePerson) => Promise<boolean>,
): Promise<void> {
  const end = world.clock.monotonic() + FOUNDING_LIMIT_MS;
  for (const person of people) {
    while (!(await holds(person))) {
      if (world.clock.monotonic() > end) throw new Error(`${person.name} was not reached`);
      await world.clock.advance(1_000);
    }
  }
}
