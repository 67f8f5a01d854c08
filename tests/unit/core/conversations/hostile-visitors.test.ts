/** Somebody who knows a group and is none of its members says that they are one: they may bring the proof, and get nothing. */
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ConversationId, PeerKey } from "../../../../src/core/codec/ids.ts";
import { encodeIntroduction } from "../../../../src/core/conversations/introduction.ts";
import { encodeOperation } from "../../../../src/core/membership/operation.ts";
import { FRAME } from "../../../../src/core/sync/frames.ts";
import { decodeHave, encodeEntryFrame, encodeHave, encodeWant } from "../../../../src/core/sync/payloads.ts";
import { type CorePerson, CoreWorld } from "../../../support/core-world.ts";
import { looseOperation, onlyGroup } from "../../../support/forged-operation.ts";
import { createModelSuite } from "../../../support/model-suite.ts";
import { RawPeer } from "../../../support/raw-peer.ts";
import { befriend } from "../../../support/three-contacts.ts";
import { tapWire } from "../../../support/wire-tap.ts";

/** Of a guest who proves nothing. */
const PATIENCE_MS = 10_000;

let world: CoreWorld;
let alice: CorePerson;
let bob: CorePerson;
let mallory: CorePerson;
let raw: RawPeer;
let conversation: ConversationId;
let session: number;

/** Mallory, a stranger to Alice and Bob, has got hold of what Bob was told of their group, and tells it to him. */
beforeEach(async () => {
  world = new CoreWorld({ suite: createModelSuite(1) });
  const bundles = new Map<PeerKey, Uint8Array>();
  let offer = new Uint8Array(0);
  tapWire(world, ({ type, payload }, from) => {
    if (type === FRAME.bundle) bundles.set(from, payload);
    if (type === FRAME.groupOffer) offer = payload.slice();
    return undefined;
  });
  [alice, bob] = await world.pair();
  mallory = await world.person("Mallory");
  const carol = await world.person("Carol");
  await befriend(world, carol, mallory);
  await carol.messenger.stop();
  await alice.messenger.groups.create("Trip", [(await alice.contactWith("Bob")).account]);
  await world.clock.advance(20_000);
  await alice.send("Trip", "between us");
  await bob.readAll("Trip");
  await world.clock.advance(10_000);
  const bundle = bundles.get((await mallory.identity()).peerKey);
  if (bundle === undefined) throw new Error("no bundle was heard");
  conversation = (await onlyGroup(bob)).id;
  raw = await RawPeer.inPlaceOf(world, mallory, bob);
  await raw.send(FRAME.bundle, 0, bundle);
  await raw.send(FRAME.groupOffer, 0, offer);
  ({ session } = raw.lastOf(FRAME.hello));
  await raw.send(FRAME.hello, session, raw.hello(conversation, new Uint8Array(32)));
});

afterEach(async () => {
  await raw.stop();
  expect(world.bugs).toEqual([]);
});

test("who wants everything of the group gets no entry and no statement, and is sent away", async () => {
  const { rows } = decodeHave(raw.lastOf(FRAME.have).payload);
  expect(rows.length).toBeGreaterThan(0);
  await raw.send(FRAME.have, session, encodeHave([]));
  await raw.send(FRAME.want, session, encodeWant(rows.map((row) => ({ ...row, from: 1, to: row.height }))));
  await bob.send("Trip", "and this");
  await world.clock.advance(1_000);
  expect([raw.links, raw.isConnected]).toEqual([1, true]);
  const told = new Set(raw.received.map(({ type }) => type));
  for (const type of [FRAME.entry, FRAME.clock, FRAME.sealedRead, FRAME.deviceList, FRAME.envelopes])
    expect(told).not.toContain(type);
  await world.clock.advance(PATIENCE_MS);
  expect(raw.isConnected).toBe(false);
  expect((await alice.texts("Trip")).at(-1)).toBe("and this");
});

test("what they sign themselves makes them no member", async () => {
  const { account, device, logSeed } = await mallory.identity();
  const list = await mallory.store.read(["devices"], (tx) => tx.get("devices", [account]));
  const { genesis } = await onlyGroup(bob);
  const bundle = encodeIntroduction(list?.bytes ?? new Uint8Array(0), "Mallory");
  const content = encodeOperation({
    parents: [genesis],
    change: { kind: "add", account, bundle, relays: [], starts: [] },
  });
  const parts = looseOperation(world.suite, logSeed, { conversation, device, seq: 1 }, content);
  await raw.send(FRAME.have, session, encodeHave([]));
  await raw.send(FRAME.want, session, encodeWant([]));
  await raw.send(FRAME.entry, session, encodeEntryFrame({ isLastOfBatch: true, parts }));
  await raw.send(FRAME.operation, session, encodeEntryFrame({ isLastOfBatch: true, parts }));
  await world.clock.advance(2 * PATIENCE_MS);
  expect(raw.isConnected).toBe(false);
  for (const person of [alice, bob]) {
    expect(await person.threadWith("Trip")).toMatchObject({ group: { size: 2 } });
    expect(await person.store.read(["operations"], (tx) => tx.count("operations", {}))).toBe(1);
  }
});
