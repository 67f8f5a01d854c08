import { afterEach, beforeEach, expect, test } from "vitest";
import { decodeHeader, type EntryHeader, MESSAGE_CHANNEL } from "../../../../src/core/codec/entry.ts";
import { encodeFrame, FRAME, type Frame } from "../../../../src/core/sync/frames.ts";
import { decodeEntryFrame, decodeGreet, encodeGreet } from "../../../../src/core/sync/payloads.ts";
import { CoreWorld } from "../../../support/core-world.ts";
import { overheard, tapWire } from "../../../support/wire-tap.ts";

let world: CoreWorld;

beforeEach(() => {
  world = new CoreWorld();
});

afterEach(() => {
  expect(world.bugs).toEqual([]);
});

test("two who hold the same compare in one round trip of under 100 bytes", async () => {
  const frames = overheard(world);
  const [alice, bob] = await world.pair();
  for (let index = 0; index < 30; index += 1) {
    await alice.send("Bob", `a${index}`);
    await bob.send("Alice", `b${index}`);
  }
  await world.clock.advance(5_000);
  world.network.drop((await alice.identity()).peerKey, (await bob.identity()).peerKey);
  await world.clock.advance(5_000);
  frames.length = 0;
  world.network.drop((await alice.identity()).peerKey, (await bob.identity()).peerKey);
  await world.clock.advance(20_000);

  const types = frames.map((frame) => frame.type);
  for (const type of [FRAME.have, FRAME.want, FRAME.entry, FRAME.clock, FRAME.read]) expect(types).not.toContain(type);
  const comparison = frames.filter((frame) => frame.session > 0);
  expect(comparison.map((frame) => frame.type)).toEqual([FRAME.hello, FRAME.level]);
  expect(comparison.reduce((sum, frame) => sum + encodeFrame(frame).length, 0)).toBeLessThan(100);
});

test("what was read while nobody was connected is told at the next meeting, though the messages are the same", async () => {
  const [alice, bob] = await world.pair();
  await alice.send("Bob", "hello");
  await world.clock.advance(5_000);
  const [a, b] = [(await alice.identity()).peerKey, (await bob.identity()).peerKey];
  world.network.cut(a, b);
  await world.clock.advance(10_000);
  await bob.readAll("Alice");
  await world.clock.advance(1_000);
  expect(await alice.lines("Bob")).toEqual(["hello (delivered)"]);
  world.network.heal(a, b);
  await world.clock.advance(20_000);
  expect(await alice.lines("Bob")).toEqual(["hello (read)"]);
});

test("a burst is answered with few clocks, the last of which covers all of it", async () => {
  const frames = overheard(world);
  const [alice] = await world.pair();
  await world.clock.advance(5_000);
  frames.length = 0;
  for (let index = 0; index < 200; index += 1) {
    await alice.send("Bob", `a${index}`);
    await world.clock.advance(5);
  }
  await world.clock.advance(2_000);
  // Every fifty messages begin an epoch, with an entry and an envelope of their own.
  expect(frames.filter((frame) => frame.type === FRAME.entry)).toHaveLength(204);
  expect(frames.filter((frame) => frame.type === FRAME.envelope)).toHaveLength(4);
  // Ten at once, then ten a second, and the last.
  expect(frames.filter((frame) => frame.type === FRAME.clock).length).toBeLessThanOrEqual(22);
  const states = await alice.lines("Bob");
  expect(states.filter((line) => line.endsWith("(delivered)"))).toHaveLength(200);
});

test("credit is given for a lot at a time, not for each frame", async () => {
  const frames = overheard(world);
  const [alice] = await world.pair();
  await world.clock.advance(5_000);
  frames.length = 0;
  for (let index = 0; index < 300; index += 1) await alice.send("Bob", `a${index} ${"x".repeat(500)}`);
  await world.clock.advance(5_000);
  const credits = frames.filter((frame) => frame.type === FRAME.credit);
  const bytes = frames.reduce((sum, frame) => sum + encodeFrame(frame).length, 0);
  expect(credits.length).toBeGreaterThan(0);
  expect(credits.length).toBeLessThanOrEqual(Math.ceil(bytes / (64 * 1024)));
});

test("a live message crosses once, and costs its sender no more than its receiver's clock", async () => {
  const frames = overheard(world);
  const [alice] = await world.pair();
  await alice.send("Bob", "the first begins an epoch");
  await world.clock.advance(5_000);
  frames.length = 0;
  await alice.send("Bob", "hello");
  await world.clock.advance(2_000);
  expect(frames.map((frame) => frame.type)).toEqual([FRAME.entry, FRAME.clock]);
});

test("what one link brought is not sent back over another", async () => {
  const fromBob: EntryHeader[] = [];
  let bobsPeer = "";
  tapWire(world, (frame, from) => {
    if (frame.type !== FRAME.entry || from !== bobsPeer) return undefined;
    fromBob.push(decodeHeader(decodeEntryFrame(frame.payload).parts.header));
    return undefined;
  });
  const [alice, bob] = await world.pair();
  const [a, b] = [await alice.identity(), await bob.identity()];
  bobsPeer = b.peerKey;
  world.network.renew(a.peerKey, b.peerKey);
  await world.clock.advance(30);
  for (let index = 0; index < 10; index += 1) await alice.send("Bob", `a${index}`);
  await bob.send("Alice", "b");
  await world.clock.advance(5_000);
  expect(fromBob.some(({ device }) => device === b.device)).toBe(true);
  const back = fromBob.filter(({ device, channel }) => device !== b.device && channel === MESSAGE_CHANNEL);
  expect(back).toEqual([]);
  expect(await alice.texts("Bob")).toHaveLength(11);
});

test("a peer of a build that takes no short answer is answered with a hello", async () => {
  const frames: Frame[] = [];
  tapWire(world, (frame) => {
    frames.push(frame);
    if (frame.type !== FRAME.greet) return undefined;
    const { nonce, relays } = decodeGreet(frame.payload);
    return { ...frame, payload: encodeGreet({ nonce, relays }) };
  });
  const [alice, bob] = await world.pair();
  await alice.send("Bob", "hello");
  await world.clock.advance(5_000);
  frames.length = 0;
  world.network.drop((await alice.identity()).peerKey, (await bob.identity()).peerKey);
  await world.clock.advance(20_000);
  const types = frames.filter((frame) => frame.session > 0).map((frame) => frame.type);
  expect(types).toEqual([FRAME.hello, FRAME.hello]);
  await alice.send("Bob", "hello again");
  await world.clock.advance(1_000);
  expect(await alice.lines("Bob")).toEqual(["hello (delivered)", "hello again (delivered)"]);
});
