/**
 * What grows with the messages of a conversation. Real cores over memory stores and a memory network, all in this process, with the model
 * suite: what cryptography costs is the same for every message (BENCHMARKS, Cryptography), and its bytes are as many as the real one's.
 * Bytes are counted at the transport port, storage in the rows that core writes.
 */
import { CoreWorld } from "../support/core-world.ts";
import { createModelSuite } from "../support/model-suite.ts";
import { storedBytes } from "../support/stored-bytes.ts";
import { fill } from "./equal-histories.ts";
import { FrameCounter } from "./frame-counter.ts";
import { heapMb, processorMs } from "./processor-time.ts";
import type { Figure } from "./statistics.ts";

const SETTLE_MS = 30_000;
const SCREENFUL = 80;

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

export function messageGrowthRows(sizes: readonly MessageGrowth[]): readonly Figure[] {
  return [
    ...sizes.map((of): Figure => [
      `${of.messages} messages: each of the last tenth, ÷ the first; opening; the newest ${SCREENFUL}; a meeting without news`,
      `${of.messageMs.toFixed(2)} ms, ${of.slowing.toFixed(2)} ×; ${of.openMs.toFixed(0)} ms; ${of.pageMs.toFixed(0)} ms; ${of.meetingMs.toFixed(0)} ms and ${of.meetingBytes} bytes`,
    ]),
    ...sizes.map((of): Figure => [
      `${of.messages} messages: bytes of frames and of rows each; heap of both with their stores`,
      `${of.wireBytes.toFixed(0)}, ${of.storedBytes.toFixed(0)}; ${of.heapMb.toFixed(0)} MB`,
    ]),
  ];
}
