import { afterEach, beforeEach, expect, test } from "vitest";
import { encodeFrame, FRAME } from "../../../../src/core/sync/frames.ts";
import { CoreWorld } from "../../../support/core-world.ts";
import { overheard } from "../../../support/wire-tap.ts";

let world: CoreWorld;

beforeEach(() => {
  world = new CoreWorld();
});

afterEach(() => {
  expect(world.bugs).toEqual([]);
});

test("two who hold the same compare in one hello each, of under 200 bytes together", async () => {
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
  expect(types).not.toContain(FRAME.have);
  expect(types).not.toContain(FRAME.want);
  expect(types).not.toContain(FRAME.entry);
  const hellos = frames.filter((frame) => frame.type === FRAME.hello);
  expect(hellos).toHaveLength(2);
  expect(hellos.reduce((sum, frame) => sum + encodeFrame(frame).length, 0)).toBeLessThan(200);
});

test("a live message crosses once, and costs its sender no more than its receiver's clock", async () => {
  const frames = overheard(world);
  const [alice] = await world.pair();
  await world.clock.advance(5_000);
  frames.length = 0;
  await alice.send("Bob", "hello");
  await world.clock.advance(2_000);
  const types = frames.map((frame) => frame.type).filter((type) => type !== FRAME.credit);
  expect(types).toEqual([FRAME.entry, FRAME.clock]);
});

test("what one link brought is not sent back over another", async () => {
  const frames = overheard(world);
  const [alice, bob] = await world.pair();
  const [a, b] = [(await alice.identity()).peerKey, (await bob.identity()).peerKey];
  world.network.renew(a, b);
  await world.clock.advance(30);
  for (let index = 0; index < 10; index += 1) await alice.send("Bob", `a${index}`);
  await world.clock.advance(5_000);
  const entriesAtAlice = frames.filter((frame) => frame.type === FRAME.entry).length;
  expect(entriesAtAlice).toBeLessThanOrEqual(20);
  expect(await bob.lines("Alice")).toEqual(Array.from({ length: 10 }, (_, index) => `a${index}`));
});
