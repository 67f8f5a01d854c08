import fc from "fast-check";
import { beforeEach, expect, test } from "vitest";
import type { SealedEntry } from "../../../../src/core/log/append.ts";
import { seededRandom } from "../../../support/seeded-random.ts";
import { type LogDevice, LogWorld } from "../../../support/log-world.ts";

const YEAR_MS = 365 * 24 * 60 * 60_000;
let world: LogWorld;

beforeEach(() => {
  world = new LogWorld();
});

test("a missing dependency lets entries be stored and keeps them from opening until it comes", async () => {
  const [alice, bob, carol] = [world.device(), world.device(), world.device()];
  const question = await alice.append("question");
  await bob.accept(question.parts);
  const answer = await bob.append("answer");
  const more = await bob.append("more");

  expect(await carol.accept(answer.parts)).toMatchObject({ kind: "accepted", count: 1 });
  expect(await carol.accept(more.parts)).toMatchObject({ kind: "accepted", count: 1 });
  expect(carol.texts()).toEqual([]);
  expect(await carol.log(bob)).toMatchObject({ height: 2, opened: 0 });

  await carol.accept(question.parts);
  expect(carol.texts()).toEqual(["question", "answer", "more"]);
  expect(await carol.log(bob)).toMatchObject({ height: 2, opened: 2 });
});

test("what an old copy writes behind own entries that came back and wait is opened after them", async () => {
  const [alice, bob, carol] = [world.device(), world.device(), world.device()];
  const copy = bob.store.snapshot();
  const question = await alice.append("question");
  await bob.accept(question.parts);
  const answer = await bob.append("answer");
  const more = await bob.append("more");
  await carol.accept(question.parts, answer.parts, more.parts);
  world.nowMs += 1_000;
  const reply = await carol.append("reply");

  bob.store.restore(copy);
  bob.opened.length = 0;
  await bob.accept(answer.parts, more.parts);
  world.nowMs += 1_000;
  await bob.append("from the copy");
  expect(await bob.log(bob)).toMatchObject({ height: 3, opened: 0 });
  bob.opened.length = 0;
  await bob.accept(reply.parts);
  expect(bob.texts()).toEqual([]);
  await bob.accept(question.parts);
  expect(bob.texts()).toEqual(["question", "answer", "more", "reply", "from the copy"]);
  expect(await bob.log(bob)).toMatchObject({ height: 3, opened: 3 });
});

test("what rests on an entry of somebody who was removed stands behind it, though that could be read only later", async () => {
  const [bob, carol, dave] = [world.device(), world.device(), world.device()];
  const farewell = await dave.append("farewell");
  bob.skewMs = -YEAR_MS;
  await bob.accept(farewell.parts);
  const answer = await bob.append("answer");

  carol.outside = new Set([dave.device]);
  carol.unreadable.add(dave.device);
  await carol.accept(farewell.parts, answer.parts);
  expect(carol.texts()).toEqual([]);
  carol.unreadable.clear();
  await carol.resume();
  expect(carol.texts()).toEqual(["farewell", "answer"]);
  expect((await carol.log(bob))?.headRank).toBe(answer.rank);
});

test("what rests on an entry that only somebody who was removed has does not wait for it", async () => {
  const [bob, carol, dave] = [world.device(), world.device(), world.device()];
  const unseen = await dave.append("unseen");
  await bob.accept(unseen.parts);
  const answer = await bob.append("answer");
  carol.outside = new Set([dave.device]);
  await carol.accept(answer.parts);
  expect(carol.texts()).toEqual(["answer"]);
});

test("entries that wait do not keep other logs from opening", async () => {
  const [alice, bob, carol] = [world.device(), world.device(), world.device()];
  const unseen = await alice.append("unseen");
  await bob.accept(unseen.parts);
  const waiting = await bob.append("waiting");
  const dave = world.device();
  const free = await dave.append("free");
  await carol.accept(waiting.parts, free.parts);
  expect(carol.texts()).toEqual(["free"]);
});

test("a dependency on another entry than the one held keeps an entry closed", async () => {
  const [alice, bob, carol] = [world.device(), world.device(), world.device()];
  const before = alice.store.snapshot();
  const original = await alice.append("original");
  alice.store.restore(before);
  const forked = await alice.append("forked");
  await bob.accept(forked.parts);
  const reply = await bob.append("reply to the fork");
  await carol.accept(original.parts);
  await carol.accept(reply.parts);
  expect(carol.texts()).toEqual(["original"]);
  expect(await carol.log(bob)).toMatchObject({ height: 1, opened: 0 });
});

test("equal sets of entries are shown in equal order, whatever way they came", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), async (seed) => {
      const random = seededRandom(seed);
      const below = (limit: number): number => Math.floor(random() * limit);
      const lab = new LogWorld();
      const devices = Array.from({ length: 3 }, () => lab.device());
      for (const device of devices) device.skewMs = below(3) * 40_000 - 40_000;
      const written = await chat(lab, devices, below);

      const readers = Array.from({ length: 3 }, () => lab.device());
      for (const reader of readers) await deliver(reader, written, below);
      const [first] = readers;
      for (const reader of readers) expect(reader.texts()).toEqual(first?.texts());
      expect(first?.texts()).toHaveLength(written.length);
      for (const [index, entry] of written.entries()) {
        const place = first?.texts().indexOf(`message ${index}`) ?? -1;
        for (const cause of entry.causes) expect(first?.texts().indexOf(`message ${cause}`)).toBeLessThan(place);
      }
    }),
    { numRuns: 15 },
  );
});

interface Written extends SealedEntry {
  readonly index: number;
  /** Messages its author had seen. */
  readonly causes: readonly number[];
}

/** Devices write, and now and then hear from each other. */
async function chat(
  lab: LogWorld,
  devices: readonly LogDevice[],
  below: (limit: number) => number,
): Promise<Written[]> {
  const written: Written[] = [];
  for (let index = 0; index < 14; index += 1) {
    lab.nowMs += below(30_000);
    const author = devices[below(devices.length)];
    if (author === undefined) continue;
    if (below(2) === 0)
      await deliver(
        author,
        written.filter((_, at) => at < below(written.length + 1)),
        below,
      );
    const causes = author.opened.map(({ text }) => Number(text.split(" ")[1]));
    written.push({ ...(await author.append(`message ${index}`)), index, causes });
  }
  return written;
}

/** Hands over entries of each log in their order, and the logs in any interleaving and batches of any size. */
async function deliver(to: LogDevice, entries: readonly Written[], below: (limit: number) => number): Promise<void> {
  const queues = new Map<string, Written[]>();
  for (const entry of entries) {
    if (entry.header.device === to.device) continue;
    queues.set(entry.header.device, [...(queues.get(entry.header.device) ?? []), entry]);
  }
  while (queues.size > 0) {
    const batch: Written[] = [];
    for (let size = 1 + below(4); size > 0 && queues.size > 0; size -= 1) {
      const [device, queue] = [...queues][below(queues.size)] ?? ["", []];
      const next = queue.shift();
      if (queue.length === 0) queues.delete(device);
      if (next !== undefined) batch.push(next);
    }
    await to.accept(...batch.map((entry) => entry.parts));
  }
}

test("a clock a year ahead is not taken over, and what follows it still stands below it", async () => {
  const [alice, mallory] = [world.device(), world.device()];
  mallory.skewMs = YEAR_MS;
  const ahead = await mallory.append("from next year");
  await alice.accept(ahead.parts);
  const reply = await alice.append("reply");
  expect(reply.header.clock < ahead.header.clock).toBe(true);
  expect(Number.parseInt(reply.header.clock.slice(0, 12), 16)).toBe(world.nowMs);
  expect(reply.rank > ahead.rank).toBe(true);
  await mallory.accept(reply.parts);
  expect(alice.texts()).toEqual(["from next year", "reply"]);
  expect(mallory.texts()).toEqual(alice.texts());
});

test("a clock a little ahead is caught up with", async () => {
  const [alice, bob] = [world.device(), world.device()];
  bob.skewMs = 60_000;
  const ahead = await bob.append("a minute ahead");
  await alice.accept(ahead.parts);
  expect((await alice.append("reply")).header.clock > ahead.header.clock).toBe(true);
});

test("an own clock that is set back, by a minute or by a year, keeps the order of what is written", async () => {
  const alice = world.device();
  const bob = world.device();
  const written: SealedEntry[] = [];
  for (const skewMs of [0, -60_000, -YEAR_MS, -YEAR_MS, 0]) {
    alice.skewMs = skewMs;
    written.push(await alice.append(`message ${written.length}`));
  }
  await bob.accept(...written.map((entry) => entry.parts));
  const expected = written.map((_, index) => `message ${index}`);
  expect(alice.texts()).toEqual(expected);
  expect(bob.texts()).toEqual(expected);
});
