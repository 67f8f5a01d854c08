/** A member who says again what was said before, by whomever: nothing comes twice, and nothing that is over comes back. */
import { afterEach, beforeEach, expect, test } from "vitest";
import type { AccountId, ConversationId } from "../../../../src/core/codec/ids.ts";
import type { TableName } from "../../../../src/core/store/tables.ts";
import { encodeFrame, FRAME, type Frame } from "../../../../src/core/sync/frames.ts";
import { type CorePerson, CoreWorld } from "../../../support/core-world.ts";
import { onlyGroup } from "../../../support/forged-operation.ts";
import { createModelSuite } from "../../../support/model-suite.ts";
import { RawPeer } from "../../../support/raw-peer.ts";
import { befriend } from "../../../support/three-contacts.ts";
import { overheard } from "../../../support/wire-tap.ts";

const TABLES: readonly TableName[] = ["entries", "logs", "timeline", "operations", "clocks", "reads"];
const REPLAYED = [FRAME.entry, FRAME.clock, FRAME.sealedRead];
const TIMES = 3;

let world: CoreWorld;
let alice: CorePerson;
let bob: CorePerson;
let mallory: CorePerson;
let raw: RawPeer | undefined;
/** Frames of the group, as they were said at its beginning. */
let heard: Frame[];

/** Alice's group with Bob and Mallory, in which Bob was an admin for a while, and everything was read. */
beforeEach(async () => {
  world = new CoreWorld({ suite: createModelSuite(1) });
  const all = overheard(world);
  [alice, bob] = await world.pair();
  mallory = await world.person("Mallory");
  await befriend(world, alice, mallory);
  await world.clock.advance(20_000);
  all.length = 0;
  await alice.messenger.groups.create("Trip", [await accountOf(bob), await accountOf(mallory)]);
  await world.clock.advance(20_000);
  const { id } = await alice.threadWith("Trip");
  await alice.messenger.groups.setRole(id, await accountOf(bob), "admin");
  await alice.messenger.groups.rename(id, "Voyage");
  await world.clock.advance(10_000);
  await say("Voyage", "early");
  heard = [...all];
  await alice.messenger.groups.setRole(id, await accountOf(bob), "member");
  await alice.messenger.groups.rename(id, "Trip");
  await world.clock.advance(10_000);
  await say("Trip", "late");
});

afterEach(async () => {
  await raw?.stop();
  raw = undefined;
  expect(world.bugs).toEqual([]);
});

const accountOf = async (person: CorePerson): Promise<AccountId> => (await person.identity()).account;

async function say(group: string, word: string): Promise<void> {
  for (const person of [alice, bob]) {
    await person.send(group, `${person.name} ${word}`);
    await world.clock.advance(5_000);
  }
  for (const person of [alice, bob, mallory]) await person.readAll(group);
  await world.clock.advance(10_000);
}

/** What Alice has, and what she sees. */
async function stateOf(person: CorePerson, conversation: ConversationId): Promise<unknown> {
  const thread = await person.threadWith("Trip");
  const counts = await person.store.read(TABLES, (tx) => Promise.all(TABLES.map((table) => tx.count(table, {}))));
  const clocks = await person.store.read(["clocks"], (tx) => tx.range("clocks", { prefix: [conversation] }));
  return {
    counts,
    numbers: clocks.map(({ value }) => value.number),
    lines: await person.lines("Trip"),
    members: thread.kind === "group" ? thread.group.members.map(({ name, role }) => `${name} ${role}`) : [],
    unread: thread.unread,
  };
}

test.each(REPLAYED)("frames of type %i that are said again, three times over, change nothing", async (type) => {
  const { id: conversation } = await onlyGroup(mallory);
  const frames = heard.filter((frame) => frame.type === type);
  expect(frames.length).toBeGreaterThan(0);
  const before = await stateOf(alice, conversation);
  raw = await RawPeer.inPlaceOf(world, mallory, alice);
  const session = raw.isOpener ? 101 : 102;
  // Both may have dialled.
  const { links } = raw;
  await raw.send(FRAME.hello, session, raw.hello(conversation, new Uint8Array(32)));
  for (let time = 0; time < TIMES; time += 1) {
    for (const { payload } of frames) raw.queue(encodeFrame({ type, session, payload }));
    await world.clock.advance(1_000);
  }
  // All of it was read: honest links lose and repeat things, too.
  expect([raw.links, raw.closes, raw.isConnected]).toEqual([links, 0, true]);
  expect(await stateOf(alice, conversation)).toEqual(before);
  await alice.send("Trip", "after it");
  await world.clock.advance(10_000);
  expect((await bob.texts("Trip")).filter((text) => text.endsWith("after it"))).toEqual(["after it"]);
});
