import { beforeEach, expect, test } from "vitest";
import type { DeviceId } from "../../../../src/core/codec/ids.ts";
import { createSuite } from "../../../../src/core/crypto/real-suite.ts";
import type { SealedEntry } from "../../../../src/core/log/append.ts";
import { cutWhereSigned } from "../../../../src/core/log/cut-batch.ts";
import { sizeOf } from "../../../../src/core/log/entry.ts";
import type { ServedEntry } from "../../../../src/core/log/serve.ts";
import { type LogDevice, LogWorld } from "../../../support/log-world.ts";

const suite = createSuite();
const TEXT = "x".repeat(200);

let world: LogWorld;
let alice: LogDevice;
let bob: LogDevice;
const logKeyOf = (device: DeviceId): Uint8Array =>
  suite.publicKey(device === alice.device ? alice.logSeed : bob.logSeed);

beforeEach(() => {
  world = new LogWorld();
  [alice, bob] = [world.device(), world.device()];
});

async function written(...authors: readonly LogDevice[]): Promise<ServedEntry[]> {
  const entries: ServedEntry[] = [];
  for (const author of authors) entries.push(served(author, await author.append(TEXT)));
  return entries;
}

function served(author: LogDevice, { header, parts }: SealedEntry): ServedEntry {
  return { device: author.device, channel: header.channel, seq: header.seq, parts };
}

const cut = (entries: readonly ServedEntry[], maxBytes: number) =>
  cutWhereSigned(suite, world.clock, entries, maxBytes, logKeyOf);

const forged = (entry: ServedEntry): ServedEntry => ({
  ...entry,
  parts: { ...entry.parts, signature: new Uint8Array(64) },
});

/** Room for so many of them. */
const room = (entries: readonly ServedEntry[], count: number): number =>
  entries.slice(0, count).reduce((sum, { parts }) => sum + sizeOf(parts), 0) + 1;

test("what was read together is cut where it fills a batch, in order and without a gap", async () => {
  const entries = await written(alice, alice, alice, alice, alice);
  const batches = await cut(entries, room(entries, 2));
  expect(batches.map((batch) => batch.map(({ seq }) => seq))).toEqual([[1, 2], [3, 4], [5]]);
  expect(await cut([], 1_000)).toEqual([]);
});

test("each batch is one that a receiver takes by itself, though the logs of two authors are mixed in it", async () => {
  const entries = await written(alice, bob, bob, alice, alice, bob, alice, bob);
  const batches = await cut(entries, room(entries, 3));
  expect(batches.length).toBeGreaterThan(1);
  for (const batch of batches) {
    const checked = await world.check(batch.map(({ parts }) => parts));
    expect(checked.kind).toBe("checked");
  }
});

test("a batch goes on beyond its size rather than end at a signature that does not hold", async () => {
  const entries = await written(alice, alice, alice, alice, alice, alice);
  const [first, second, third, ...others] = entries;
  if (first === undefined || second === undefined || third === undefined) throw new Error("too few");
  const batches = await cut([first, forged(second), third, ...others], room(entries, 2));
  expect(batches.map((batch) => batch.map(({ seq }) => seq))).toEqual([[1, 2, 3], [4, 5], [6]]);
});

test("nor at one of a log whose other entries in it came earlier", async () => {
  const [first, second, third, fourth] = await written(bob, alice, alice, alice);
  if (first === undefined || second === undefined || third === undefined || fourth === undefined)
    throw new Error("too few");
  const batches = await cut([forged(first), second, third, fourth], room([first, second], 2));
  expect(batches.map((batch) => batch.length)).toEqual([4]);
});

test("an entry that is longer than a batch is one by itself", async () => {
  const entries = await written(alice, alice, alice);
  expect((await cut(entries, 10)).map((batch) => batch.length)).toEqual([1, 1, 1]);
});

test("what was sealed to the receiver counts as well, since it goes along", async () => {
  const entries = await written(alice, alice, alice);
  const envelope = { recipient: bob.device, bytes: new Uint8Array(1_168) };
  const batches = await cut(
    entries.map((entry) => ({ ...entry, envelopes: [envelope] })),
    room(entries, 3),
  );
  expect(batches.map((batch) => batch.length)).toEqual([1, 1, 1]);
});
