import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { concatBytes } from "../../../../src/core/codec/bytes.ts";
import { DecodeError } from "../../../../src/core/codec/decode-error.ts";
import { decodeRelease, encodeRelease } from "../../../../src/core/codec/release.ts";
import { FRAME } from "../../../../src/core/sync/frames.ts";
import type { Release } from "../../../../src/core/views.ts";
import { type CorePerson, CoreWorld } from "../../../support/core-world.ts";
import { RawPeer } from "../../../support/raw-peer.ts";

const PUBLISHED: Release = { version: "0.1.0", fingerprint: "0a".repeat(32) };
const CHANGED: Release = { version: "0.1.0", fingerprint: "0b".repeat(32) };
const NEWER: Release = { version: "0.2.0", fingerprint: "0c".repeat(32) };

let world: CoreWorld;
let alice: CorePerson;
let bob: CorePerson;

afterEach(() => {
  expect(world.bugs).toEqual([]);
});

/** Alice and Bob become contacts, running these. */
async function meet(ofAlice: Release | undefined, ofBob: Release | undefined): Promise<void> {
  world = new CoreWorld();
  [alice, bob] = [await world.person("Alice"), await world.person("Bob")];
  alice.release = ofAlice;
  bob.release = ofBob;
  const invite = await alice.messenger.createInvite({ uses: 1, days: 7 });
  await bob.messenger.acceptInvite(invite.link);
  await world.clock.advance(2_000);
}

const whatAliceSees = async (): Promise<Release | undefined> => (await alice.threadWith("Bob")).differingCopy;
const whatBobSees = async (): Promise<Release | undefined> => (await bob.threadWith("Alice")).differingCopy;

describe("two who meet", () => {
  test("are both told when their copies of one version differ, as soon as they are contacts", async () => {
    await meet(PUBLISHED, CHANGED);
    expect(await whatAliceSees()).toEqual(CHANGED);
    expect(await whatBobSees()).toEqual(PUBLISHED);
    expect(alice.events.some((event) => event.type === "thread" && event.thread.differingCopy !== undefined)).toBe(
      true,
    );
  });

  test("hear nothing when the copies are the same, when the versions differ, or when one does not know its own", async () => {
    for (const [ofAlice, ofBob] of [
      [PUBLISHED, PUBLISHED],
      [PUBLISHED, NEWER],
      [undefined, CHANGED],
      [PUBLISHED, undefined],
    ]) {
      await meet(ofAlice, ofBob);
      expect([await whatAliceSees(), await whatBobSees()]).toEqual([undefined, undefined]);
    }
  });

  test("are told when a later meeting shows a difference, and no more when it is mended", async () => {
    await meet(PUBLISHED, PUBLISHED);
    bob.release = CHANGED;
    await bob.restart();
    expect(await whatAliceSees()).toEqual(CHANGED);
    bob.release = PUBLISHED;
    await bob.restart();
    expect(await whatAliceSees()).toBeUndefined();
    expect(await whatBobSees()).toBeUndefined();
  });

  test("go on writing to each other whatever they run", async () => {
    await meet(PUBLISHED, CHANGED);
    await alice.send("Bob", "does yours say 0b0b?");
    await world.clock.advance(2_000);
    expect(await bob.texts("Alice")).toEqual(["does yours say 0b0b?"]);
  });
});

describe("a stranger", () => {
  test("is told nothing, and what it tells is passed over", async () => {
    world = new CoreWorld();
    alice = await world.person("Alice");
    alice.release = PUBLISHED;
    const mallory = await RawPeer.start(world);
    await mallory.reach((await alice.identity()).peerKey);
    await mallory.greet();
    expect(mallory.takeTypes()).toEqual([FRAME.greet]);
    await mallory.send(FRAME.release, 0, encodeRelease(CHANGED));
    await mallory.send(FRAME.release, 0, new Uint8Array(1000));
    expect(mallory.isConnected).toBe(true);
    expect(mallory.takeTypes()).toEqual([]);
  });
});

describe("of a contact", () => {
  let mallory: RawPeer;

  /** Mallory sits at Bob's keys. */
  beforeEach(async () => {
    await meet(PUBLISHED, PUBLISHED);
    mallory = await RawPeer.inPlaceOf(world, bob, alice);
  });

  test("one release is taken, and a second ends the link", async () => {
    expect(decodeRelease(mallory.lastOf(FRAME.release).payload)).toEqual(PUBLISHED);
    await mallory.send(FRAME.release, 0, encodeRelease(CHANGED));
    expect(mallory.isConnected).toBe(true);
    expect(await whatAliceSees()).toEqual(CHANGED);
    await mallory.send(FRAME.release, 0, encodeRelease(PUBLISHED));
    expect(mallory.isConnected).toBe(false);
    expect(await whatAliceSees()).toEqual(CHANGED);
  });

  const told = encodeRelease(CHANGED);
  test.each([
    ["nothing at all", new Uint8Array(0)],
    ["a length without a version", Uint8Array.of(5)],
    ["no version", concatBytes(Uint8Array.of(0), new Uint8Array(32))],
    ["a version that is too long", concatBytes(Uint8Array.of(33), new Uint8Array(33).fill(0x30), new Uint8Array(32))],
    ["a version that is no text", concatBytes(Uint8Array.of(2, 0xc3, 0x28), new Uint8Array(32))],
    ["a length beyond the frame", Uint8Array.from(told, (byte, index) => (index === 0 ? 32 : byte))],
    ["a fingerprint that is too short", told.subarray(0, -1)],
    ["a fingerprint that is too long", concatBytes(told, new Uint8Array(1))],
    ["the largest frame", new Uint8Array(16_000)],
  ])("%s ends the link and changes nothing", async (_name, payload) => {
    expect(() => decodeRelease(payload)).toThrow(DecodeError);
    await mallory.send(FRAME.release, 0, payload);
    expect(mallory.isConnected).toBe(false);
    expect(await whatAliceSees()).toBeUndefined();
  });
});

test("a release that could not be told is not encoded", () => {
  for (const version of ["", "0".repeat(33)]) {
    expect(() => encodeRelease({ ...PUBLISHED, version })).toThrow(DecodeError);
  }
  const longest = { ...PUBLISHED, version: "0".repeat(32) };
  expect(decodeRelease(encodeRelease(longest))).toEqual(longest);
});
