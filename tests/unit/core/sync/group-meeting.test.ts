import { afterEach, beforeEach, expect, test } from "vitest";
import { encodeFrame, FRAME, type Frame } from "../../../../src/core/sync/frames.ts";
import { decodeGreet, encodeGreet } from "../../../../src/core/sync/payloads.ts";
import { type CorePerson, CoreWorld } from "../../../support/core-world.ts";
import { createModelSuite } from "../../../support/model-suite.ts";
import { RawAccount } from "../../../support/raw-account.ts";
import { befriend } from "../../../support/three-contacts.ts";
import { tapWire } from "../../../support/wire-tap.ts";

let world: CoreWorld;
let alice: CorePerson;
let bob: CorePerson;
let frames: Frame[];
/** Whether everybody greets as of the version before. */
let isEarlier: boolean;

/** Alice and Bob have a group of the two, and nothing in it is new to either. */
beforeEach(async () => {
  world = new CoreWorld({ suite: createModelSuite(1) });
  frames = [];
  isEarlier = false;
  tapWire(world, (frame) => {
    frames.push(frame);
    if (!isEarlier || frame.type !== FRAME.greet) return undefined;
    return { ...frame, payload: encodeGreet({ ...decodeGreet(frame.payload), foldsLists: false }) };
  });
  [alice, bob] = await world.pair();
  await alice.messenger.groups.create("Trip", [(await bob.identity()).account]);
  await world.clock.advance(20_000);
  await alice.send("Trip", "hello");
  await world.clock.advance(20_000);
});

afterEach(() => {
  expect(world.bugs).toEqual([]);
});

/** What a link that is new to both is used for in the group; the conversation of the two is the shorter one. */
async function meetAnew(): Promise<readonly Frame[]> {
  frames.length = 0;
  world.network.drop((await alice.identity()).peerKey, (await bob.identity()).peerKey);
  await world.clock.advance(30_000);
  return frames.filter(({ session }) => session > 0);
}

test("two members who hold the same find it out for less than a hundred bytes, and one round trip", async () => {
  const compared = await meetAnew();
  expect(compared.map(({ type }) => type).toSorted((a, b) => a - b)).toEqual([
    FRAME.hello,
    FRAME.hello,
    FRAME.level,
    FRAME.level,
  ]);
  const bytes = compared.reduce((sum, frame) => sum + encodeFrame(frame).length, 0);
  expect(bytes / 2).toBeLessThan(100);
});

test("with a version before, both say which device lists they hold beside hello and level", async () => {
  isEarlier = true;
  const compared = await meetAnew();
  expect(compared.filter(({ type }) => type === FRAME.deviceListsHeld)).toHaveLength(2);
  expect(compared.filter(({ type }) => type === FRAME.level)).toHaveLength(2);
});

test("who holds the same messages, but a newer device list of somebody who is away, brings it", async () => {
  const carol = await world.person("Carol");
  await befriend(world, alice, carol);
  const { id } = await alice.threadWith("Trip");
  const { account } = await carol.identity();
  await alice.messenger.groups.add(id, [account]);
  await world.clock.advance(30_000);
  await carol.messenger.stop();
  await world.clock.advance(10_000);
  // Alice's store gets a list that no one told of yet.
  await alice.messenger.stop();
  const next = (await RawAccount.of(carol, world.suite)).withNewPeer();
  await next.moveInto(carol);
  const list = await carol.store.read(["devices"], (tx) => tx.get("devices", [account]));
  if (list === undefined) throw new Error("no list");
  await alice.store.write(["devices"], "strict", async (tx) => tx.put("devices", [account], list));
  frames.length = 0;
  await alice.open();
  await alice.messenger.connect();
  await world.clock.advance(30_000);
  const atBob = await bob.store.read(["devices"], (tx) => tx.get("devices", [account]));
  expect(atBob?.number).toBe(list.number);
  expect(frames.filter(({ type }) => type === FRAME.entry)).toEqual([]);
  expect(frames.filter(({ type }) => type === FRAME.deviceList)).not.toEqual([]);
});
