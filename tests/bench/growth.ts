/**
 * What grows with the messages of a conversation and with the members of a group. Real cores over memory stores and a memory network, all in
 * this process, with the model suite: what cryptography costs is the same for every message (BENCHMARKS, Cryptography), and its bytes are
 * as many as the real one's. Bytes are counted at the transport port, storage in the rows that core writes.
 */
import { CoreWorld, type CorePerson } from "../support/core-world.ts";
import { createModelSuite } from "../support/model-suite.ts";
import { storedBytes } from "../support/stored-bytes.ts";
import { fill } from "./equal-histories.ts";
import { FrameCounter } from "./frame-counter.ts";
import type { Figure } from "./statistics.ts";

const SETTLE_MS = 30_000;
const SCREENFUL = 80;
const MB = 1_000_000;
const GROUP = "Growing";
/** Invites of a person are proved at no more than this pace. */
const NEXT_CONTACT_MS = 2_100;
/** Until everybody has the group, its keys, and the clocks of all. */
const FOUNDING_LIMIT_MS = 240_000;
const GROUP_MESSAGES = 5;
/** Of more members than this fewer messages are measured: each takes all of them a while in one process. */
const MANY_MEMBERS = 50;
const MANY_MEMBERS_MESSAGES = 1;

export interface MessageGrowth {
  readonly messages: number;
  /** Both cores, for each of the last tenth of the messages: written, sealed, sent, stored, opened, acknowledged. All times are of the processor. */
  readonly messageMs: number;
  /** The last tenth ÷ the first. */
  readonly slowing: number;
  /** In frames, both directions, of each message. */
  readonly wireBytes: number;
  /** Of the recipient's rows, each message. */
  readonly storedBytes: number;
  /** Of the recipient who opens the app: until it is ready, and until the newest messages are there. */
  readonly openMs: number;
  readonly pageMs: number;
  /** A meeting with nothing new: of both, and bytes of the conversation. */
  readonly meetingMs: number;
  readonly meetingBytes: number;
  /** Heap of both cores and their stores after a collection, where Node runs with --expose-gc. */
  readonly heapMb: number;
}

/** Each size in a world of its own. */
export async function measureMessageGrowth(sizes: readonly number[]): Promise<readonly MessageGrowth[]> {
  const results: MessageGrowth[] = [];
  for (const size of sizes) results.push(await growMessages(size));
  return results;
}

async function growMessages(messages: number): Promise<MessageGrowth> {
  const world = new CoreWorld({ suite: createModelSuite(1) });
  const counter = new FrameCounter(world);
  const [alice, bob] = await world.pair();
  await world.clock.advance(SETTLE_MS);
  const emptyBytes = await storedBytes(bob);
  counter.reset();
  const tenth = messages / 10;
  const earlyMs = await processorMs(() => fill(world, alice, "Bob", tenth));
  await fill(world, alice, "Bob", messages - 2 * tenth);
  const lateMs = await processorMs(() => fill(world, alice, "Bob", tenth));
  await world.clock.advance(SETTLE_MS);
  const wireBytes = counter.total / messages;
  if ((await alice.threadWith("Bob")).waiting > 0) throw new Error("not everything arrived");
  await bob.messenger.stop();
  await world.clock.advance(SETTLE_MS);

  const openMs = await processorMs(() => bob.open());
  const { id } = await bob.threadWith("Alice");
  const pageMs = await processorMs(() => bob.messenger.messages(id, { at: "newest", limit: SCREENFUL }));
  counter.reset();
  await bob.messenger.connect();
  const meetingMs = await processorMs(() => world.clock.until(() => counter.roundTrips === 1));
  await world.clock.advance(SETTLE_MS);
  return {
    messages,
    messageMs: lateMs / tenth,
    slowing: lateMs / earlyMs,
    wireBytes,
    storedBytes: ((await storedBytes(bob)) - emptyBytes) / messages,
    openMs,
    pageMs,
    meetingMs,
    meetingBytes: counter.ofSessions,
    heapMb: heapMb(),
  };
}

/** Of each message to each other member, with the clocks that tell of it. */
export interface MessageCost {
  /** Of frames. */
  readonly bytes: number;
  /** Of those, what tells who has what: clocks, what changed in them, and which there are. */
  readonly clockBytes: number;
  /** Of the processor, all cores. */
  readonly ms: number;
}

export interface MemberGrowth {
  readonly members: number;
  /** Of the founder who makes the group and adds all: bytes of frames and time of all cores, each member, until all have it and each other's keys. */
  readonly foundingBytes: number;
  readonly foundingMs: number;
  /** Each begins its author's epoch. */
  readonly first: MessageCost;
  /** By the same authors, in the epochs that they have begun. */
  readonly later: MessageCost;
  /** Of one member: rows for a group with nothing but its founding and these messages. */
  readonly storedBytes: number;
  /** Heap of all cores and stores, each member. */
  readonly heapMb: number;
}

export async function measureMemberGrowth(sizes: readonly number[]): Promise<readonly MemberGrowth[]> {
  const results: MemberGrowth[] = [];
  for (const size of sizes) results.push(await growMembers(size));
  return results;
}

async function growMembers(members: number): Promise<MemberGrowth> {
  const world = new CoreWorld({ suite: createModelSuite(1) });
  const counter = new FrameCounter(world);
  const founder = await world.person("Founder");
  const others: CorePerson[] = [];
  while (others.length < members - 1) others.push(await contactOf(world, founder, `Member ${others.length}`));
  await world.clock.advance(SETTLE_MS);
  const emptyBytes = await storedBytes(founder);

  counter.reset();
  const accounts = await Promise.all(others.map(async (other) => (await other.identity()).account));
  const foundingMs = await processorMs(async () => {
    const made = await founder.messenger.groups.create(GROUP, accounts);
    if (made.kind !== "created") throw new Error(made.kind);
    await untilAll(world, others, (other) =>
      other.threadWith(GROUP).then(
        () => true,
        () => false,
      ),
    );
    await world.clock.advance(2 * SETTLE_MS);
  });
  const foundingBytes = counter.total / members;

  const all = [founder, ...others];
  const count = members > MANY_MEMBERS ? MANY_MEMBERS_MESSAGES : GROUP_MESSAGES;
  const first = await writeAll(world, counter, all, count, "first");
  const later = await writeAll(world, counter, all, count, "later");
  return {
    members,
    foundingBytes,
    foundingMs: foundingMs / members,
    first,
    later,
    storedBytes: (await storedBytes(founder)) - emptyBytes,
    heapMb: heapMb() / members,
  };
}

/** One message each of so many members; waits for the clocks that follow. */
async function writeAll(
  world: CoreWorld,
  counter: FrameCounter,
  members: readonly CorePerson[],
  count: number,
  what: string,
): Promise<MessageCost> {
  counter.reset();
  const ms = await processorMs(async () => {
    for (const [index, writer] of members.slice(1, count + 1).entries()) {
      const text = `${what} message ${index}`.padEnd(200, "x");
      await writer.send(GROUP, text);
      await untilAll(world, members, async (member) => (await member.texts(GROUP)).includes(text));
      await world.clock.advance(SETTLE_MS);
    }
  });
  const deliveries = count * (members.length - 1);
  const kinds = counter.byKind(deliveries);
  const clockBytes = ["clock", "clockChange", "statementNumbers", "statementsDigest"].map((kind) => kinds[kind] ?? 0);
  return {
    bytes: counter.total / deliveries,
    clockBytes: clockBytes.reduce((sum, bytes) => sum + bytes, 0),
    ms: ms / deliveries,
  };
}

export function growthRows(messages: readonly MessageGrowth[], members: readonly MemberGrowth[]): readonly Figure[] {
  return [
    ...messages.map((of): Figure => [
      `${of.messages} messages: each of the last tenth, ÷ the first; opening; the newest ${SCREENFUL}; a meeting without news`,
      `${of.messageMs.toFixed(2)} ms, ${of.slowing.toFixed(2)} ×; ${of.openMs.toFixed(0)} ms; ${of.pageMs.toFixed(0)} ms; ${of.meetingMs.toFixed(0)} ms and ${of.meetingBytes} bytes`,
    ]),
    ...messages.map((of): Figure => [
      `${of.messages} messages: bytes of frames and of rows each; heap of both with their stores`,
      `${of.wireBytes.toFixed(0)}, ${of.storedBytes.toFixed(0)}; ${of.heapMb.toFixed(0)} MB`,
    ]),
    ...members.map((of): Figure => [
      `${of.members} members: founding, of each; a message that begins an epoch, and one in it, to each, of which clocks`,
      `${(of.foundingBytes / 1_000).toFixed(1)} kB, ${of.foundingMs.toFixed(0)} ms; ${costOf(of.first)}; ${costOf(of.later)}`,
    ]),
    ...members.map((of): Figure => [
      `${of.members} members: rows of one; heap of one with its store`,
      `${(of.storedBytes / 1_000).toFixed(0)} kB; ${of.heapMb.toFixed(2)} MB`,
    ]),
  ];
}

function costOf({ bytes, clockBytes, ms }: MessageCost): string {
  return `${bytes.toFixed(0)} bytes (${clockBytes.toFixed(0)}), ${ms.toFixed(1)} ms`;
}

async function contactOf(world: CoreWorld, inviter: CorePerson, name: string): Promise<CorePerson> {
  const person = await world.person(name);
  const { link } = await inviter.messenger.createInvite({ uses: 1, days: 1 });
  await person.messenger.acceptInvite(link);
  await world.clock.advance(NEXT_CONTACT_MS);
  return person;
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

/** Processor time, which other programs of the machine hardly change. */
async function processorMs(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

function heapMb(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / MB;
}
