import { afterEach, beforeEach, expect, test } from "vitest";
import { ByteWriter } from "../../../../src/core/codec/byte-writer.ts";
import { hexToBytes } from "../../../../src/core/codec/bytes.ts";
import type { ConversationId } from "../../../../src/core/codec/ids.ts";
import { consentingDevice, encodeDeviceList } from "../../../../src/core/crypto/identity.ts";
import { encodeOperation } from "../../../../src/core/membership/operation.ts";
import { encodeListsHeld } from "../../../../src/core/sync/device-list-frames.ts";
import { encodeEnvelopes, encodeEnvelopesWanted } from "../../../../src/core/sync/envelope-frames.ts";
import { encodeFrame, FRAME } from "../../../../src/core/sync/frames.ts";
import { encodeEntryFrame } from "../../../../src/core/sync/payloads.ts";
import { type CorePerson, CoreWorld } from "../../../support/core-world.ts";
import { looseOperation, onlyGroup } from "../../../support/forged-operation.ts";
import { createModelSuite } from "../../../support/model-suite.ts";
import { RawPeer } from "../../../support/raw-peer.ts";
import { befriend } from "../../../support/three-contacts.ts";

let world: CoreWorld;
let alice: CorePerson;
let bob: CorePerson;
let mallory: CorePerson;
let raw: RawPeer;
let session: number;
let conversation: ConversationId;

/** Alice's group with Bob and Mallory, who sits at her keys by hand, in a session of the group with Alice. */
beforeEach(async () => {
  world = new CoreWorld({ suite: createModelSuite(1) });
  [alice, bob] = await world.pair();
  mallory = await world.person("Mallory");
  await befriend(world, alice, mallory);
  const members = [(await alice.contactWith("Bob")).account, (await alice.contactWith("Mallory")).account];
  await alice.messenger.groups.create("Trip", members);
  await world.clock.advance(20_000);
  raw = await RawPeer.inPlaceOf(world, mallory, alice);
  conversation = (await onlyGroup(mallory)).id;
  session = raw.isOpener ? 101 : 102;
  await raw.send(FRAME.hello, session, raw.hello(conversation, new Uint8Array(32)));
  expect(raw.lastOf(FRAME.hello).session).toBe(session);
});

afterEach(async () => {
  await raw.stop();
  expect(world.bugs).toEqual([]);
});

/** Alice and Bob reach each other, and the group is as it was. */
async function expectHonestUnharmed(): Promise<void> {
  await alice.send("Trip", "Alice after it");
  await world.clock.advance(10_000);
  await bob.send("Trip", "Bob after it");
  await world.clock.advance(10_000);
  for (const person of [alice, bob]) {
    expect((await person.texts("Trip")).slice(-2)).toEqual(["Alice after it", "Bob after it"]);
    const thread = await person.threadWith("Trip");
    const members = thread.kind === "group" ? thread.group.members : [];
    expect(members.map(({ role }) => role).toSorted()).toEqual(["admin", "member", "member"]);
  }
}

async function flood(type: number, payloads: readonly Uint8Array[]): Promise<void> {
  for (const payload of payloads) raw.queue(encodeFrame({ type, session, payload }));
  await world.clock.advance(1_000);
}

const stored = (person: CorePerson, table: "envelopes" | "devices" | "operations"): Promise<number> =>
  person.store.read([table], (tx) => tx.count(table, {}));

test("of a flood of envelopes that no rekey names, and of wishes for what others were sealed, nothing is kept or answered", async () => {
  // Bob's rekey is sealed to Mallory, too, who has not said that she opened it.
  await bob.send("Trip", "hello");
  await world.clock.advance(5_000);
  const { device } = await bob.identity();
  const { device: recipient } = await mallory.identity();
  const before = await stored(alice, "envelopes");
  const envelopes = Array.from({ length: 300 }, (_, index) =>
    encodeEnvelopes({
      device,
      seq: (index % 20) + 1,
      envelopes: Array.from({ length: 10 }, () => ({ recipient, bytes: new Uint8Array(1_168).fill(index) })),
    }),
  );
  await flood(FRAME.envelopes, envelopes.slice(0, 80));
  await flood(
    FRAME.envelopesWanted,
    Array.from({ length: 300 }, (_, index) => encodeEnvelopesWanted([{ device, seq: 3 + (index % 20) }])),
  );
  expect(await stored(alice, "envelopes")).toBe(before);
  expect(raw.received.filter(({ type }) => type === FRAME.envelopes)).toEqual([]);
  await expectHonestUnharmed();
});

test("of a flood of device lists those of members alone are kept, and what is said to be held is answered once each time", async () => {
  const before = await stored(alice, "devices");
  const suite = world.suite;
  const lists = Array.from({ length: 50 }, () => {
    const [rootSeed, logSeed, peerSeed] = [suite.random(32), suite.random(32), suite.random(32)];
    const rootKey = suite.publicKey(rootSeed);
    const devices = [consentingDevice(suite, rootKey, { logSeed, peerSeed }, 1_000)];
    return encodeDeviceList(suite, rootSeed, { rootKey, number: 1, devices });
  });
  await flood(FRAME.deviceList, lists);
  const held = encodeListsHeld({ digest: new Uint8Array(8), rows: [] });
  raw.received = [];
  await flood(
    FRAME.deviceListsHeld,
    Array.from({ length: 40 }, () => held),
  );
  expect(await stored(alice, "devices")).toBe(before);
  // Each is answered with three lists of 320 bytes, as long as they are read.
  expect(raw.received.filter(({ type }) => type === FRAME.deviceList).length).toBeLessThanOrEqual(120);
  await expectHonestUnharmed();
});

test("a flood of operations in no log, of somebody who is no admin, changes nothing and keeps nobody waiting", async () => {
  const genesis = (await onlyGroup(mallory)).genesis;
  const { logSeed, device } = await mallory.identity();
  const suite = world.suite;
  const operations = Array.from({ length: 200 }, (_, index) => {
    const content = encodeOperation({ parents: [genesis], change: { kind: "rename", name: `Mine ${index}` } });
    const parts = looseOperation(suite, logSeed, { conversation, device, seq: index + 50 }, content);
    return encodeEntryFrame({ isLastOfBatch: true, parts });
  });
  await flood(FRAME.operation, operations);
  await flood(
    FRAME.operationsWanted,
    Array.from({ length: 100 }, () => new ByteWriter().uint(1, 1).fixed(hexToBytes(genesis, 32), 32).finish()),
  );
  await expectHonestUnharmed();
});
