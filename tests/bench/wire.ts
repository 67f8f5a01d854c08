/**
 * Bytes on the wire, counted in frames as they cross the transport port of a memory network: exact, and the same in every run.
 * "Alone": one message, and everything that follows from it, before the next. "In a burst": many with no wait between.
 */
import { FRAME } from "../../src/core/sync/frames.ts";
import { CoreWorld } from "../support/core-world.ts";
import { FrameCounter } from "./frame-counter.ts";
import type { Figure } from "./statistics.ts";

const MESSAGE_BYTES = 200;
const ALONE = 50;
const BURST = 200;
/** Between two messages of a burst: about what one takes to be sealed and stored. */
const BURST_STEP_MS = 5;
const CONTACTS = 100;
const SETTLE_MS = 10_000;
const MEETING_MS = 1_000;
/** One way. */
const LATENCY_MS = 20;

export interface WireResult {
  readonly alone: PerMessage;
  readonly burst: PerMessage;
  /** A meeting with 100 contacts, one conversation and one link each, when nobody has anything new. */
  readonly nothingNew: NothingNew;
}

export interface NothingNew {
  /** Both directions and all conversations together, greetings and bundles included. */
  readonly bytes: number;
  readonly bytesPerConversation: number;
  readonly byKind: Readonly<Record<string, number>>;
  /** From the start of the app to the last hello or level, dialling included. */
  readonly roundTrips: number;
}

export interface PerMessage {
  /** Both directions together. */
  readonly bytes: number;
  /** Of them, by kind of frame. */
  readonly byKind: Readonly<Record<string, number>>;
}

export async function measureWire(): Promise<WireResult> {
  return {
    alone: await perMessage(ALONE, SETTLE_MS),
    burst: await perMessage(BURST, BURST_STEP_MS),
    nothingNew: await nothingNew(),
  };
}

export function wireRows({ alone, burst, nothingNew: meeting }: WireResult): readonly Figure[] {
  return [
    [
      "bytes in frames for a delivered message of 200 bytes, alone",
      `${alone.bytes.toFixed(0)} (${kinds(alone.byKind)})`,
    ],
    ["the same in a burst", `${burst.bytes.toFixed(0)} (${kinds(burst.byKind)})`],
    [
      `nothing new with ${CONTACTS} contacts: bytes in frames, each; round trips from the start`,
      `${meeting.bytes}, ${meeting.bytesPerConversation.toFixed(0)} (${kinds(meeting.byKind)}); ${meeting.roundTrips.toFixed(1)}`,
    ],
  ];
}

function kinds(byKind: Readonly<Record<string, number>>): string {
  return Object.entries(byKind)
    .map(([kind, bytes]) => `${kind} ${bytes.toFixed(0)}`)
    .join(", ");
}

async function perMessage(count: number, stepMs: number): Promise<PerMessage> {
  const world = new CoreWorld();
  const counter = new FrameCounter(world);
  const [alice, bob] = await world.pair();
  await alice.send("Bob", "the first, which is not counted");
  await world.clock.advance(SETTLE_MS);
  counter.reset();
  for (let index = 0; index < count; index += 1) {
    await alice.send("Bob", `message ${index} `.padEnd(MESSAGE_BYTES, "x"));
    await world.clock.advance(stepMs);
  }
  await world.clock.advance(SETTLE_MS);
  const last = (await bob.texts("Alice")).length;
  if (last !== count + 1) throw new Error(`${last - 1} of ${count} messages arrived`);
  return { bytes: counter.total / count, byKind: counter.byKind(count) };
}

async function nothingNew(): Promise<NothingNew> {
  const world = new CoreWorld();
  const counter = new FrameCounter(world);
  const alice = await world.person("Alice");
  for (let index = 0; index < CONTACTS; index += 1) {
    const { link } = await alice.messenger.createInvite({ uses: 1, days: 1 });
    const name = `Contact ${index}`;
    const contact = await world.person(name);
    await contact.messenger.acceptInvite(link);
    await world.clock.advance(MEETING_MS);
    await alice.send(name, "hello");
    await contact.send("Alice", "hello");
    await world.clock.advance(MEETING_MS);
    await alice.readAll(name);
    await contact.readAll("Alice");
    await world.clock.advance(MEETING_MS);
  }
  await alice.messenger.stop();
  await world.clock.advance(SETTLE_MS);
  counter.reset();
  await alice.open();
  await alice.messenger.connect();
  const start = world.clock.monotonic();
  await world.clock.advance(4 * SETTLE_MS);
  if (counter.count(FRAME.hello) + counter.count(FRAME.level) < 2 * CONTACTS)
    throw new Error("not all contacts were met");
  return {
    bytes: counter.total,
    bytesPerConversation: counter.total / CONTACTS,
    byKind: counter.byKind(CONTACTS),
    roundTrips: (counter.lastLevelAt - start) / (2 * LATENCY_MS),
  };
}
