/** Somebody who tells of groups without end: few are looked at, fewer kept, none is shown, and nobody else is kept waiting. */
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Suite } from "../../../../src/core/crypto/suite.ts";
import type { PeerKey } from "../../../../src/core/codec/ids.ts";
import { encodeFrame, FRAME } from "../../../../src/core/sync/frames.ts";
import { type CorePerson, CoreWorld } from "../../../support/core-world.ts";
import { forgeOffers } from "../../../support/forged-offer.ts";
import { createModelSuite } from "../../../support/model-suite.ts";
import { RawPeer } from "../../../support/raw-peer.ts";
import { befriend } from "../../../support/three-contacts.ts";
import { tapWire } from "../../../support/wire-tap.ts";

const FLOOD = 200;
/** Of one contact, and at once. */
const KEPT_OF_CONTACT = 64;
const VERIFIED_AT_ONCE = 64;
const VERIFIED_OF_STRANGERS = 10;
/** The founder's list with two consents and the entry, looked at up to three times. */
const CHECKS_OF_OFFER = 12;

let world: CoreWorld;
let alice: CorePerson;
let bob: CorePerson;
let mallory: CorePerson;
let raw: RawPeer;
let checks: number;
/** The newest one that each peer has sent. */
let bundles: Map<PeerKey, Uint8Array>;

beforeEach(async () => {
  const model = createModelSuite(1);
  checks = 0;
  const verify: Suite["verify"] = (...args) => {
    checks += 1;
    return model.verify(...args);
  };
  world = new CoreWorld({ suite: { ...model, verify } });
  bundles = new Map();
  tapWire(world, ({ type, payload }, from) => {
    if (type === FRAME.bundle) bundles.set(from, payload);
    return undefined;
  });
  [alice, bob] = await world.pair();
  mallory = await world.person("Mallory");
});

afterEach(async () => {
  await raw.stop();
  expect(world.bugs).toEqual([]);
});

const groups = (person: CorePerson): Promise<number> =>
  person.store.read(["conversations"], async (tx) => {
    const rows = await tx.range("conversations", {});
    return rows.filter(({ value }) => value.kind === "group").length;
  });

/** In one second. */
async function flood(): Promise<void> {
  const offers = await forgeOffers(world, mallory, FLOOD);
  checks = 0;
  for (const payload of offers) raw.queue(encodeFrame({ type: FRAME.groupOffer, session: 0, payload }));
  await world.clock.advance(1_000);
}

async function expectHonestUnharmed(): Promise<void> {
  await alice.send("Bob", "Alice after it");
  await bob.send("Alice", "Bob after it");
  await world.clock.advance(5_000);
  for (const [person, other] of [
    [alice, "Bob"],
    [bob, "Alice"],
  ] as const) {
    const texts = (await person.texts(other)).filter((text) => text.endsWith("after it"));
    expect(texts.toSorted()).toEqual(["Alice after it", "Bob after it"]);
  }
}

test("of a contact's flood a second's worth is looked at, and no more is kept than may be offered", async () => {
  await befriend(world, alice, mallory);
  raw = await RawPeer.inPlaceOf(world, mallory, alice);
  await flood();
  expect(checks).toBeLessThan((VERIFIED_AT_ONCE + 5) * CHECKS_OF_OFFER);
  await expectHonestUnharmed();
  await world.clock.advance(120_000);
  expect(await groups(alice)).toBe(KEPT_OF_CONTACT);
  // She is a member of none of them.
  expect((await alice.threads()).map(({ name }) => name).toSorted()).toEqual(["Bob", "Mallory"]);
  await alice.messenger.groups.create("Trip", [(await alice.contactWith("Bob")).account]);
  await world.clock.advance(20_000);
  expect((await bob.threads()).map(({ name }) => name)).toContain("Trip");
});

test("of a stranger's flood ten are looked at, and five are asked about", async () => {
  // Somebody else's contact, so that there is a bundle.
  await befriend(world, bob, mallory);
  const bundle = bundles.get((await mallory.identity()).peerKey);
  if (bundle === undefined) throw new Error("no bundle was heard");
  raw = await RawPeer.inPlaceOf(world, mallory, alice);
  await raw.send(FRAME.bundle, 0, bundle);
  await flood();
  expect(checks).toBeLessThan((VERIFIED_OF_STRANGERS + 5) * CHECKS_OF_OFFER);
  await expectHonestUnharmed();
  await world.clock.advance(60_000);
  expect(await groups(alice)).toBe(0);
  expect(alice.messenger.people.requests().map(({ name }) => name)).toEqual(Array(5).fill("Mallory"));
});
