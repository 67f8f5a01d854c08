/** How contacts are reached, as they say: what is believed of it, what is kept, and what hostile cards come to. */
import { beforeEach, expect, test } from "vitest";
import { concatBytes } from "../../../../src/core/codec/bytes.ts";
import { DecodeError } from "../../../../src/core/codec/decode-error.ts";
import type { AccountId, DeviceId, PeerKey } from "../../../../src/core/codec/ids.ts";
import {
  decodeReachCard,
  encodeReachCard,
  helperMark,
  type ReachCard,
} from "../../../../src/core/conversations/reach-card.ts";
import { createSuite } from "../../../../src/core/crypto/real-suite.ts";
import type { ReachRow } from "../../../../src/core/store/people-tables.ts";
import { encodeFrame, FRAME } from "../../../../src/core/sync/frames.ts";
import type { WantedPeer } from "../../../../src/core/transport/transport.ts";
import { RawPeer } from "../../../support/raw-peer.ts";
import { MEET_MS, ThreeContacts } from "../../../support/three-contacts.ts";
import { watchWants } from "../../../support/watch-wants.ts";

const suite = createSuite();
const seed = new Uint8Array(32).fill(7);
const hex = (digit: string, bytes: number): string => digit.repeat(bytes * 2);
const DEVICE = hex("a", 16) as DeviceId;
const HOLDER = hex("b", 32) as AccountId;
const BOB = hex("c", 32) as PeerKey;
const expected = { device: DEVICE, holder: HOLDER, logKey: suite.publicKey(seed) };
const card: ReachCard = {
  device: DEVICE,
  number: 5,
  holder: HOLDER,
  helps: true,
  relays: ["/dns4/relay.example/tcp/443/wss/p2p/relay"],
  helpers: [helperMark(suite, BOB, HOLDER)],
};
const SIGNATURE_BYTES = 64;

/** The card with other bytes under a good signature of its device. */
function signedAnew(change: (signed: Uint8Array) => Uint8Array): Uint8Array {
  const covered = change(encodeReachCard(suite, seed, card).slice(0, -SIGNATURE_BYTES));
  return concatBytes(covered, suite.sign(seed, "kith/reach/1", covered));
}
const decode = (bytes: Uint8Array): ReachCard => decodeReachCard(suite, expected, bytes);

test("a card says what was put into it, to whom it was made for", () => {
  expect(decode(encodeReachCard(suite, seed, card))).toEqual(card);
  const other = { ...expected, holder: hex("d", 32) as AccountId };
  expect(() => decodeReachCard(suite, other, encodeReachCard(suite, seed, card))).toThrow(DecodeError);
});

test("a mark names a helper to its holder alone", () => {
  expect(helperMark(suite, BOB, HOLDER)).not.toBe(helperMark(suite, BOB, hex("d", 32) as AccountId));
});

test("a forged card is refused, whichever byte of it was changed", () => {
  const bytes = encodeReachCard(suite, seed, card);
  for (const place of bytes.keys()) {
    expect(() => decode(bytes.with(place, (bytes[place] ?? 0) ^ 1))).toThrow(DecodeError);
  }
  const another = encodeReachCard(suite, new Uint8Array(32).fill(8), card);
  expect(() => decode(another)).toThrow("not signed");
});

test("a card that is cut, too long, or counts more than it may is refused before its signature is looked at", () => {
  const bytes = encodeReachCard(suite, seed, card);
  for (const length of bytes.keys()) expect(() => decode(bytes.subarray(0, length))).toThrow(DecodeError);
  expect(() => decode(signedAnew((signed) => concatBytes(signed, new Uint8Array(4_096))))).toThrow("too long");
  const relayCountAt = 1 + 16 + 6 + 32 + 1;
  expect(() => decode(signedAnew((signed) => signed.with(relayCountAt, 5)))).toThrow("out of range");
  expect(() => decode(signedAnew((signed) => signed.with(relayCountAt, 255)))).toThrow("out of range");
  const helperCountAt = relayCountAt + 1 + 1 + (card.relays[0]?.length ?? 0);
  expect(() => decode(signedAnew((signed) => signed.with(helperCountAt, 5)))).toThrow("out of range");
  expect(() => decode(signedAnew((signed) => signed.with(helperCountAt - 1, 0xff)))).toThrow(DecodeError);
});

test("what the own card cannot hold is left out of it", () => {
  const many = Array.from({ length: 2_000 }, (_, index) => `/dns4/r${index}.example/tcp/443/wss`);
  const marks = Array.from({ length: 50 }, (_, index) => hex((index % 10).toString(), 16));
  const made = decode(encodeReachCard(suite, seed, { ...card, relays: ["x".repeat(300), ...many], helpers: marks }));
  expect(made.relays).toEqual(many.slice(0, 4));
  expect(made.helpers).toEqual(marks.slice(0, 4));
});

let three: ThreeContacts;
beforeEach(async () => {
  three = await ThreeContacts.meet();
});

async function reachOfBob(): Promise<readonly ReachRow[]> {
  const rows = await three.alice.store.read(["contacts"], (tx) => tx.range("contacts", {}));
  return rows.find(({ value }) => value.name === "Bob")?.value.reach ?? [];
}

test("contacts hear whether a device relays, at once when that changes, and remember it over a restart", async () => {
  const { alice, bob, world } = three;
  expect((await reachOfBob()).map(({ helps }) => helps)).toEqual([true]);
  await bob.messenger.changeSettings({ relaysFor: "nobody" });
  await world.clock.advance(1_000);
  expect((await reachOfBob()).map(({ helps }) => helps)).toEqual([false]);
  await bob.messenger.stop();
  const wanted = await watchWants(three.world, three.alice);
  const bobKey = (await bob.identity()).peerKey;
  expect(wanted().find(({ peer }) => peer === bobKey)?.canHelp).toBe(false);
  await bob.open();
  await bob.messenger.changeSettings({ relaysFor: "contacts" });
  await bob.messenger.connect();
  await world.clock.advance(MEET_MS);
  expect(wanted().find(({ peer }) => peer === bobKey)?.canHelp).toBe(true);
  expect(await alice.messenger.threads()).toHaveLength(2);
});

test("of the helpers on a card only contacts are used: not oneself, nobody unknown, nobody blocked", async () => {
  const { alice, bob, carol, world } = three;
  const wanted = await watchWants(three.world, three.alice);
  const [own, helper] = [await alice.identity(), await carol.identity()];
  const { device, logSeed, peerKey } = await bob.identity();
  await three.carol.messenger.stop();
  const mallory = await RawPeer.inPlaceOf(world, bob, alice);
  const mark = (peer: PeerKey): string => helperMark(suite, peer, own.account);
  const relays = ["/ip4/10.0.0.1/tcp/1/ws/p2p/nobody"];
  const said = {
    device,
    number: world.clock.now() + 1,
    holder: own.account,
    helps: true,
    relays,
    helpers: [mark(own.peerKey), mark(BOB), mark(helper.peerKey), mark(peerKey)],
  };
  await mallory.send(FRAME.reachCard, 0, encodeReachCard(suite, logSeed, said));
  const toBob = (): WantedPeer | undefined => wanted().find(({ peer }) => peer === peerKey);
  // Relays are told as they came: the adapter dials public, secure ones alone.
  expect(toBob()).toMatchObject({
    peer: peerKey,
    relays,
    helpers: [helper.peerKey, peerKey],
    canHelp: true,
    allowDirect: true,
    relayedAs: "contact",
  });
  await alice.messenger.people.block((await alice.threadWith("Carol")).id);
  await world.clock.advance(1_000);
  expect(toBob()?.helpers).toEqual([peerKey]);
});

test("a helper that a card names no more is asked after the relays, while it helps", async () => {
  const { alice, bob, carol, world } = three;
  const wanted = await watchWants(three.world, three.alice);
  const [own, helper] = [await alice.identity(), await carol.identity()];
  const { device, logSeed, peerKey } = await bob.identity();
  await carol.messenger.changeSettings({ relaysFor: "contacts" });
  await world.clock.advance(MEET_MS);
  await carol.messenger.stop();
  const mallory = await RawPeer.inPlaceOf(world, bob, alice);
  let number = world.clock.now();
  const say = async (...helpers: readonly PeerKey[]): Promise<WantedPeer | undefined> => {
    number += 1;
    const marks = helpers.map((peer) => helperMark(suite, peer, own.account));
    const told = { device, number, holder: own.account, helps: false, relays: [], helpers: marks };
    await mallory.send(FRAME.reachCard, 0, encodeReachCard(suite, logSeed, told));
    return wanted().find(({ peer }) => peer === peerKey);
  };
  expect(await say(helper.peerKey)).toMatchObject({ helpers: [helper.peerKey], mayHelp: [] });
  for (let time = 0; time < 2; time += 1) {
    expect(await say()).toMatchObject({ helpers: [], mayHelp: [helper.peerKey] });
    expect(await say(BOB)).toMatchObject({ helpers: [], mayHelp: [helper.peerKey] });
  }
  expect(await say(helper.peerKey)).toMatchObject({ helpers: [helper.peerKey], mayHelp: [] });
  await say();
  await carol.restart();
  await carol.messenger.changeSettings({ relaysFor: "nobody" });
  await world.clock.advance(MEET_MS);
  const toBob = (): WantedPeer | undefined => wanted().find(({ peer }) => peer === peerKey);
  expect(toBob()?.mayHelp).toEqual([]);
  await carol.messenger.changeSettings({ relaysFor: "contacts" });
  await world.clock.advance(MEET_MS);
  expect(toBob()?.mayHelp).toEqual([helper.peerKey]);
});

test("an older card is passed over, but not the first of a link: a clock may have been set back", async () => {
  const { alice, bob, world } = three;
  const { device, logSeed } = await bob.identity();
  const holder = (await alice.identity()).account;
  const [held] = await reachOfBob();
  const number = held?.number ?? 0;
  await three.carol.messenger.stop();
  const mallory = await RawPeer.inPlaceOf(world, bob, alice);
  const say = async (said: number, helps: boolean): Promise<boolean | undefined> => {
    const told = { device, number: said, holder, helps, relays: [], helpers: [] };
    await mallory.send(FRAME.reachCard, 0, encodeReachCard(suite, logSeed, told));
    await world.clock.advance(1_000);
    return (await reachOfBob())[0]?.helps;
  };
  expect(await say(number - 1_000, false)).toBe(false);
  expect(await say(number - 2_000, true)).toBe(false);
  expect(await say(number - 1_000, true)).toBe(false);
  expect(await say(number - 999, true)).toBe(true);
});

test("cards without end wait for their turn, and a forged one ends the link", async () => {
  const { alice, bob, world } = three;
  const { device, logSeed } = await bob.identity();
  const holder = (await alice.identity()).account;
  const first = world.clock.now() + 1_000;
  await three.carol.messenger.stop();
  const mallory = await RawPeer.inPlaceOf(world, bob, alice);
  const told = (number: number): ReachCard => ({ device, number, holder, helps: true, relays: [], helpers: [] });
  for (let number = first; number < first + 60; number += 1) {
    mallory.queue(
      encodeFrame({ type: FRAME.reachCard, session: 0, payload: encodeReachCard(suite, logSeed, told(number)) }),
    );
  }
  await world.clock.advance(500);
  expect((await reachOfBob())[0]?.number).toBeLessThanOrEqual(first + 30);
  expect(mallory.isConnected).toBe(true);
  await mallory.send(FRAME.reachCard, 0, encodeReachCard(suite, seed, told(first + 100)));
  await world.clock.advance(300_000);
  expect(mallory.isConnected).toBe(false);
  expect((await reachOfBob())[0]?.number).toBe(first + 59);
});

test("what a stranger says of how it is reached is passed over", async () => {
  const { alice, world } = three;
  const before = await reachOfBob();
  const mallory = await RawPeer.start(world);
  await mallory.reach((await alice.identity()).peerKey);
  await mallory.greet();
  await mallory.send(FRAME.reachCard, 0, encodeReachCard(suite, seed, card));
  expect(mallory.isConnected).toBe(true);
  expect(await reachOfBob()).toEqual(before);
});
