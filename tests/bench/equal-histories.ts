/**
 * Two who hold the same meet again: 100 conversations (groups of the two) of 1,000 messages each. Real cores over a memory network with the
 * model suite, whose keys, signatures and sealed bytes are as long as the real one's; frames are counted at the transport port.
 */
import { FRAME } from "../../src/core/sync/frames.ts";
import { CoreWorld, type CorePerson } from "../support/core-world.ts";
import { createModelSuite } from "../support/model-suite.ts";
import { FrameCounter } from "./frame-counter.ts";
import type { Figure } from "./statistics.ts";

const TEXT_BYTES = 200;
const WRITTEN_TOGETHER = 250;
const SETTLE_MS = 30_000;
/** Of groups that are not known yet, a device takes in 64 at a time. */
const NEXT_GROUP_MS = 5_000;

export interface EqualHistories {
  readonly conversations: number;
  readonly messages: number;
  /** Frames of the conversations' sessions, both directions together. */
  readonly bytesPerConversation: number;
  readonly byKind: Readonly<Record<string, number>>;
  /** Behind the greetings, of the conversation that took most. */
  readonly roundTrips: number;
  /** What both cores computed for it, elapsed time of this process. */
  readonly elapsedMs: number;
}

export async function measureEqualHistories(conversations: number, messages: number): Promise<EqualHistories> {
  const world = new CoreWorld({ suite: createModelSuite(1) });
  const counter = new FrameCounter(world);
  const [alice, bob] = await world.pair();
  await world.clock.advance(SETTLE_MS);
  for (let index = 0; index < conversations; index += 1) {
    await alice.messenger.groups.create(nameOf(index), [(await alice.contactWith("Bob")).account]);
    await world.clock.advance(NEXT_GROUP_MS);
  }
  await world.clock.advance(SETTLE_MS);
  const each = messages / conversations;
  for (let index = 0; index < conversations; index += 1) await fill(world, alice, nameOf(index), each);
  await world.clock.advance(SETTLE_MS);
  for (let index = 0; index < conversations; index += 1) {
    await bob.readAll(nameOf(index));
    const { waiting } = await alice.threadWith(nameOf(index));
    if (waiting > 0) throw new Error(`${waiting} messages did not arrive`);
  }
  await world.clock.advance(SETTLE_MS);
  await bob.messenger.stop();
  await world.clock.advance(SETTLE_MS);

  counter.reset();
  await bob.open();
  await bob.messenger.connect();
  await world.clock.until(() => counter.count(FRAME.greet) === 2);
  const startedAt = performance.now();
  await world.clock.until(() => counter.count(FRAME.hello) + counter.count(FRAME.level) >= 2 * (conversations + 1));
  const elapsedMs = performance.now() - startedAt;
  await world.clock.advance(SETTLE_MS);
  if (counter.count(FRAME.have) > 0) throw new Error("the histories were not equal");
  return {
    conversations,
    messages,
    // The two have a conversation without messages as well.
    bytesPerConversation: counter.ofSessions / (conversations + 1),
    byKind: counter.byKind(conversations + 1),
    roundTrips: counter.roundTrips,
    elapsedMs,
  };
}

export function equalHistoriesRows(result: EqualHistories): readonly Figure[] {
  const { conversations, messages, bytesPerConversation, byKind, roundTrips, elapsedMs } = result;
  const ofSessions = ["hello", "level", "statementsDigest", "clock", "read"].flatMap((kind) =>
    byKind[kind] === undefined ? [] : [`${kind} ${byKind[kind].toFixed(1)}`],
  );
  return [
    [
      `equal histories, ${conversations} conversations, ${messages} messages: bytes each, aim < 100`,
      `${bytesPerConversation.toFixed(1)} (${ofSessions.join(", ")})`,
    ],
    [
      "the same: round trips behind the greetings, aim 1; elapsed for all, both cores in one process",
      `${roundTrips.toFixed(1)}; ${elapsedMs.toFixed(0)} ms`,
    ],
  ];
}

/** Delivered as it is written. */
export async function fill(world: CoreWorld, person: CorePerson, thread: string, messages: number): Promise<void> {
  const { id } = await person.threadWith(thread);
  for (let from = 0; from < messages; from += WRITTEN_TOGETHER) {
    const count = Math.min(WRITTEN_TOGETHER, messages - from);
    await Promise.all(
      Array.from({ length: count }, (_, index) =>
        person.messenger.send(id, `message ${from + index} `.padEnd(TEXT_BYTES, "x")),
      ),
    );
    await world.clock.advance(2_000);
  }
}

function nameOf(index: number): string {
  return `Group ${index}`;
}
