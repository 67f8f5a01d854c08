/**
 * With a bit turned on the way, anywhere in a rekey's or a message's entry, nothing of its batch is stored; of a turned
 * envelope no chain.
 * KITH_LONG=1 turns one in every byte, and not only in some.
 */
import { expect, test } from "vitest";
import { bytesToHex, concatBytes } from "../../../../src/core/codec/bytes.ts";
import type { PeerKey } from "../../../../src/core/codec/ids.ts";
import type { EntryParts } from "../../../../src/core/log/entry.ts";
import { FRAME, type Frame } from "../../../../src/core/sync/frames.ts";
import { decodeEntryFrame } from "../../../../src/core/sync/payloads.ts";
import { CoreWorld } from "../../../support/core-world.ts";
import { tapWire } from "../../../support/wire-tap.ts";

const IS_LONG = process.env["KITH_LONG"] === "1";
const TEST_LIMIT_MS = IS_LONG ? 1_800_000 : 60_000;
const MEETING_MS = 3_000;
/** Headers have many short fields: more bytes of the front are turned. */
const FRONT = { bytes: 300, stride: 31 };
const STRIDE = 397;
const CARRIERS: ReadonlySet<number> = new Set([FRAME.entry, FRAME.envelope]);
/** What any meeting writes: who runs, who was heard of when, and the other's newest statement. */
const WRITTEN_AT_MEETINGS: ReadonlySet<string> = new Set(["fence", "contacts", "clocks"]);

/** The order in which they arrive; the third frame is the message. */
const [ENVELOPE, REKEY] = [0, 1];
/** What an envelope that is taken leaves. */
const OF_ENVELOPES: ReadonlySet<string> = new Set(["chains", "envelopes"]);

/** One bit. The lowest of an entry frame's first byte, which only says where a batch ends, stays. */
function turned(frame: Frame, at: number): Frame {
  const payload = frame.payload.slice();
  payload[at] = (payload[at] ?? 0) ^ (0x80 >> (at % 8));
  return { ...frame, payload };
}

function hexOf({ header, signature, body }: EntryParts): string {
  return bytesToHex(concatBytes(header, signature, body));
}

function placesOf({ payload }: Frame): readonly number[] {
  const isChosen = (at: number): boolean =>
    IS_LONG || at % (at < FRONT.bytes ? FRONT.stride : STRIDE) === 0 || at === payload.length - 1;
  return [...payload.keys()].filter(isChosen);
}

test("nothing of a batch with a turned bit is stored, and all of it unturned", { timeout: TEST_LIMIT_MS }, async () => {
  const world = new CoreWorld();
  let carried: Frame[] = [];
  let altered: { readonly index: number; readonly at: number } | undefined;
  const tapped = new Set<PeerKey>();
  tapWire(world, (frame, from) => {
    if (!tapped.has(from) || !CARRIERS.has(frame.type)) return undefined;
    carried.push(frame);
    return altered?.index === carried.length - 1 ? turned(frame, altered.at) : undefined;
  });
  const [alice, bob] = await world.pair();
  tapped.add((await alice.identity()).peerKey);
  await bob.messenger.stop();
  await world.clock.advance(10_000);
  await alice.send("Bob", "meet at the harbour at nine");
  await world.clock.advance(1_000);
  await alice.messenger.stop();
  const [aliceBefore, bobBefore] = [alice.store.snapshot(), bob.store.snapshot()];

  /** What Bob has that he did not have before: entries as they are, of everything else the tables that changed. */
  interface Gain {
    readonly entries: readonly string[];
    readonly tables: readonly string[];
  }

  async function entriesOfBob(): Promise<readonly string[]> {
    const rows = await bob.store.read(["entries"], (tx) => tx.range("entries", {}));
    return rows.map(({ value }) => hexOf(value));
  }

  const held = new Set(await entriesOfBob());

  /** Both as they were before, together for a while. */
  async function meet(change?: { readonly index: number; readonly at: number }): Promise<Gain> {
    carried = [];
    altered = change;
    alice.store.restore(aliceBefore);
    bob.store.restore(bobBefore);
    for (const person of [alice, bob]) {
      await person.open();
      await person.messenger.connect();
    }
    await world.clock.advance(MEETING_MS);
    for (const person of [alice, bob]) await person.messenger.stop();
    await world.clock.advance(1_000);
    const { trees } = bob.store.snapshot();
    const tables = [...trees.keys()].filter((table) => trees.get(table) !== bobBefore.trees.get(table));
    return {
      entries: (await entriesOfBob()).filter((entry) => !held.has(entry)),
      tables: tables.filter((table) => !WRITTEN_AT_MEETINGS.has(table)),
    };
  }

  /** As they were sent, one batch each. */
  function sentEntries(): readonly string[] {
    const frames = carried.filter(({ type }) => type === FRAME.entry).map(({ payload }) => decodeEntryFrame(payload));
    expect(frames.every(({ isLastOfBatch }) => isLastOfBatch)).toBe(true);
    return frames.map(({ parts }) => hexOf(parts));
  }

  const whole = await meet();
  const frames = carried;
  expect(frames.map(({ type }) => type)).toEqual([FRAME.envelope, FRAME.entry, FRAME.entry]);
  expect(whole.entries).toEqual(sentEntries());
  expect(whole.tables).toEqual(expect.arrayContaining(["entries", "logs", "timeline", "chains"]));
  for (const [index, frame] of frames.entries()) {
    for (const at of placesOf(frame)) {
      const { entries, tables } = await meet({ index, at });
      const where = `byte ${at} of frame ${index}`;
      if (index === ENVELOPE) {
        // It alone is refused: the batches behind it are whole, and the message waits for a chain.
        expect(
          tables.filter((table) => OF_ENVELOPES.has(table)),
          where,
        ).toEqual([]);
        expect(entries, where).toEqual(expect.arrayContaining([...sentEntries()]));
      } else if (index === REKEY) {
        expect(carried.length, where).toBeGreaterThan(REKEY);
        expect(tables, where).toEqual([]);
        expect(entries, where).toEqual([]);
      } else {
        expect(tables, where).not.toContain("timeline");
        // The batch before it, of the rekey, if it was committed before the link ended; nothing else.
        expect(entries.length, where).toBeLessThan(2);
        expect(entries, where).toEqual(sentEntries().slice(0, entries.length));
      }
    }
  }
  expect(world.bugs).toEqual([]);
});
