import { afterEach, beforeEach, expect, test } from "vitest";
import { hexToBytes } from "../../../../src/core/codec/bytes.ts";
import { MESSAGE_CHANNEL } from "../../../../src/core/codec/entry.ts";
import { FRAME, type Frame } from "../../../../src/core/sync/frames.ts";
import { type CorePerson, CoreWorld } from "../../../support/core-world.ts";
import { storeSignedRead } from "../../../support/signed-read.ts";
import { overheard } from "../../../support/wire-tap.ts";

let world: CoreWorld;
let alice: CorePerson;
let bob: CorePerson;
let frames: Frame[];

beforeEach(async () => {
  world = new CoreWorld();
  frames = overheard(world);
  [alice, bob] = await world.pair();
});

afterEach(() => {
  expect(world.bugs).toEqual([]);
});

async function readAll(): Promise<void> {
  await bob.readAll("Alice");
  await world.clock.advance(1_000);
}

async function say(...texts: readonly string[]): Promise<void> {
  for (const text of texts) await alice.send("Bob", text);
  await world.clock.advance(1_000);
}

test("how far somebody has read crosses the wire sealed: to be seen is the newest message they have, and no more", async () => {
  await say("one", "two");
  const { id } = await bob.threadWith("Alice");
  const [first] = (await bob.page(id)).messages;
  await bob.messenger.markRead(id, first?.order ?? "");
  await world.clock.advance(1_000);
  expect(await alice.lines("Bob")).toEqual(["one (read)", "two (delivered)"]);
  const told = frames.filter(({ type }) => type === FRAME.sealedRead).map(({ payload }) => Buffer.from(payload));
  expect(told).toHaveLength(1);
  expect(frames.some(({ type }) => type === FRAME.read)).toBe(false);
  const place = async (seq: number) =>
    Buffer.concat([hexToBytes((await alice.identity()).device, 16), Buffer.of(0, 0, 0, seq)]);
  expect(told[0]?.includes(await place(1))).toBe(false);
  expect(told[0]?.includes(await place(2))).toBe(true);
});

test("a read statement whose message is not here yet is kept, handed on, and opened when it is", async () => {
  await say("one", "two");
  const { device } = await alice.identity();
  const entries = await alice.store.read(["entries"], (tx) => tx.range("entries", {}));
  const newest = entries.findLast(({ key }) => key[1] === device && key[2] === MESSAGE_CHANNEL);
  if (newest === undefined) throw new Error("nothing was sent");
  const { opening, ...unread } = newest.value;
  expect(opening).toBeDefined();
  await alice.store.write(["entries"], "strict", async (tx) => tx.put("entries", newest.key, unread));
  await readAll();
  expect(await alice.lines("Bob")).toEqual(["one (delivered)", "two (delivered)"]);
  const [held] = await alice.store.read(["reads"], (tx) => tx.range("reads", {}));
  expect(held?.value).toMatchObject({ seal: "unopened", marks: [] });

  await alice.store.write(["entries"], "strict", async (tx) => tx.put("entries", newest.key, newest.value));
  await alice.restart();
  await bob.send("Alice", "three");
  await world.clock.advance(1_000);
  expect(await alice.lines("Bob")).toEqual(["one (read)", "two (read)", "three"]);
  const [opened] = await alice.store.read(["reads"], (tx) => tx.range("reads", {}));
  expect(opened?.value).toMatchObject({ seal: "opened", bytes: held?.value.bytes });
});

test("where the newest entry is of a kind that cannot be read here, what was read is told with the one before", async () => {
  await say("one", "of tomorrow");
  const { device } = await alice.identity();
  const entries = await bob.store.read(["entries"], (tx) => tx.range("entries", {}));
  const newest = entries.findLast(({ key }) => key[1] === device && key[2] === MESSAGE_CHANNEL);
  if (newest === undefined) throw new Error("nothing came");
  const { opening, ...unread } = newest.value;
  expect(opening).toBeDefined();
  await bob.store.write(["entries"], "strict", async (tx) => tx.put("entries", newest.key, unread));
  await readAll();
  expect(await alice.lines("Bob")).toEqual(["one (read)", "of tomorrow (read)"]);
});

test("what an earlier version read and only signed still counts, until the next one takes its place", async () => {
  await say("one");
  await bob.messenger.stop();
  await storeSignedRead(world.suite, bob);
  await bob.open();
  await bob.messenger.connect();
  await world.clock.advance(5_000);
  expect(await alice.lines("Bob")).toEqual(["one (read)"]);
  expect(frames.some(({ type }) => type === FRAME.read)).toBe(true);
  await say("two");
  frames.length = 0;
  await readAll();
  await bob.restart();
  await alice.restart();
  expect(await alice.lines("Bob")).toEqual(["one (read)", "two (read)"]);
  expect(frames.some(({ type }) => type === FRAME.read)).toBe(false);
});
