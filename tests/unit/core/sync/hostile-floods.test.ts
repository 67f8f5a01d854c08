import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DecodeError } from "../../../../src/core/codec/decode-error.ts";
import type { InviteId, PeerKey } from "../../../../src/core/codec/ids.ts";
import { encodeBundle } from "../../../../src/core/conversations/bundle.ts";
import { decodeRefusal, encodeClaim } from "../../../../src/core/conversations/first-contact-codec.ts";
import { consentingDevice, encodeDeviceList } from "../../../../src/core/crypto/identity.ts";
import { createSuite } from "../../../../src/core/crypto/real-suite.ts";
import type { DeviceListRow, IdentityRow } from "../../../../src/core/store/tables.ts";
import { encodeFrame, FRAME } from "../../../../src/core/sync/frames.ts";
import { encodeGreet } from "../../../../src/core/sync/payloads.ts";
import { PeerLink } from "../../../../src/core/sync/peer-link.ts";
import { type CorePerson, CoreWorld } from "../../../support/core-world.ts";
import { RawPeer } from "../../../support/raw-peer.ts";

const suite = createSuite();
const NOTHING = new Uint8Array(0);

let world: CoreWorld;
let alice: CorePerson;

beforeEach(() => {
  world = new CoreWorld();
});

afterEach(() => {
  expect(world.bugs).toEqual([]);
});

function times(count: number, bytes: Uint8Array): Uint8Array {
  const all = new Uint8Array(count * bytes.length);
  for (let index = 0; index < count; index += 1) all.set(bytes, index * bytes.length);
  return all;
}

describe("of strangers", () => {
  beforeEach(async () => {
    alice = await world.person("Alice");
  });

  async function stranger(): Promise<RawPeer> {
    const peer = await RawPeer.start(world);
    await peer.reach((await alice.identity()).peerKey);
    await peer.greet();
    return peer;
  }

  test("255 more frames are borne, then the link ends", async () => {
    const mallory = await stranger();
    const hello = encodeFrame({ type: FRAME.hello, session: 1, payload: new Uint8Array(72) });
    await mallory.sendBytes(times(255, hello));
    expect(mallory.isConnected).toBe(true);
    await mallory.sendBytes(hello);
    expect(mallory.isConnected).toBe(false);
  });

  test("sixteen are heard at once, the next is sent away", async () => {
    const { peerKey } = await alice.identity();
    const strangers: RawPeer[] = [];
    for (let index = 0; index < 17; index += 1) strangers.push(await RawPeer.start(world));
    const greeting = encodeFrame({
      type: FRAME.greet,
      session: 0,
      payload: encodeGreet({ nonce: new Uint8Array(32), relays: [] }),
    });
    for (const peer of strangers) {
      await peer.reach(peerKey);
      peer.queue(greeting);
    }
    await world.clock.advance(1_000);
    // Who was sent away dials again.
    expect(strangers.map((peer) => peer.links > 1)).toEqual([...Array.from({ length: 16 }, () => false), true]);
  });

  test("a claim of an invite that does not exist is refused before anything in it is verified", async () => {
    const mallory = await stranger();
    const genesis = { header: new Uint8Array(200), signature: new Uint8Array(64), body: new Uint8Array(10) };
    const claim = encodeClaim({ invite: "aa".repeat(16) as InviteId, bundle: new Uint8Array(300), genesis });
    await mallory.send(FRAME.claim, 0, claim);
    expect(decodeRefusal(mallory.lastOf(FRAME.refusal).payload)).toBe("unknown");
    await world.clock.advance(4_000);
    expect(mallory.isConnected).toBe(false);
  });
});

describe("of a contact", () => {
  let bob: CorePerson;
  let identity: IdentityRow;
  let devices: DeviceListRow;
  let mallory: RawPeer;

  /** Mallory sits at Bob's keys. */
  beforeEach(async () => {
    [alice, bob] = await world.pair();
    identity = await bob.identity();
    const row = await bob.store.read(["devices"], (tx) => tx.get("devices", [identity.account]));
    if (row === undefined) throw new Error("no device list");
    devices = row;
    await bob.messenger.stop();
    await world.clock.advance(10_000);
    await connect();
  });

  async function connect(): Promise<void> {
    mallory = await RawPeer.start(world, identity.peerSeed);
    await mallory.reach((await alice.identity()).peerKey);
    await mallory.greet();
    mallory.takeTypes();
  }

  function hello(): Uint8Array {
    return encodeFrame({ type: FRAME.hello, session: mallory.isOpener ? 101 : 102, payload: new Uint8Array(72) });
  }

  function named(number: number): Uint8Array {
    const bundle = encodeBundle(suite, { ...identity, profileNumber: number, name: `Bob ${number}` }, devices);
    return encodeFrame({ type: FRAME.bundle, session: 0, payload: bundle });
  }

  const nameShown = async (): Promise<string> => (await alice.threads())[0]?.name ?? "";

  test("a session number in the thousands changes nothing: 1,024 hellos are answered, the next ends the link", async () => {
    for (let sent = 0; sent < 1_024; sent += 64) await mallory.sendBytes(times(64, hello()));
    await world.clock.advance(60_000);
    expect(mallory.takeTypes().filter((type) => type === FRAME.unknownConversation)).toHaveLength(1_024);
    await mallory.sendBytes(hello());
    expect(mallory.isConnected).toBe(false);
  });

  test("hellos on ever new links are answered five a second, and none is lost", async () => {
    await mallory.sendBytes(times(1_000, hello()));
    await mallory.stop();
    await world.clock.advance(1_000);
    await connect();
    await mallory.sendBytes(times(100, hello()));
    mallory.takeTypes();
    await world.clock.advance(10_000);
    const answered = mallory.takeTypes().length;
    expect(answered).toBeGreaterThanOrEqual(48);
    expect(answered).toBeLessThanOrEqual(52);
    await world.clock.advance(60_000);
    expect(mallory.isConnected).toBe(true);
  });

  test("a window of empty frames ends the link", async () => {
    await mallory.sendBytes(times(20_000, encodeFrame({ type: 99, session: 0, payload: NOTHING })));
    expect(mallory.isConnected).toBe(false);
  });

  test("new names come through twenty at once, then one in two seconds, the last one too", async () => {
    for (let number = 10; number < 40; number += 1) mallory.queue(named(number));
    await world.clock.advance(1_000);
    const early = Number((await nameShown()).slice(4));
    expect(early).toBeGreaterThanOrEqual(28);
    expect(early).toBeLessThanOrEqual(31);
    await world.clock.advance(30_000);
    expect(await nameShown()).toBe("Bob 39");
    expect(mallory.isConnected).toBe(true);
  });

  test("the bundle that is known already costs nothing", async () => {
    for (let index = 0; index < 300; index += 1) mallory.queue(named(10));
    mallory.queue(named(11));
    await world.clock.advance(500);
    expect(await nameShown()).toBe("Bob 11");
  });

  test("ever new devices are taken up to 64, then the link ends", async () => {
    let sent = 0;
    for (; mallory.isConnected && sent < 10; sent += 1) {
      const number = devices.number + 1 + sent;
      const own = consentingDevice(suite, identity.rootKey, identity, 1);
      const others = Array.from({ length: 15 }, () =>
        consentingDevice(suite, identity.rootKey, { logSeed: suite.random(32), peerSeed: suite.random(32) }, 1),
      );
      const list = { rootKey: identity.rootKey, number, devices: [own, ...others] };
      const bytes = encodeDeviceList(suite, identity.rootSeed, list);
      await mallory.send(FRAME.bundle, 0, encodeBundle(suite, identity, { ...list, bytes }));
    }
    expect(sent).toBe(5);
  });
});

test("frames that a peer never takes do not pile up without end", () => {
  let fault: Error | undefined;
  const link = new PeerLink(
    {
      peer: "ab".repeat(32) as PeerKey,
      path: { kind: "direct" },
      isOpener: true,
      send: async () => undefined,
      close: async () => undefined,
    },
    {
      onFrames: async () => undefined,
      onClose: (reason) => {
        fault = reason;
      },
    },
  );
  let sent = 0;
  for (; !link.isClosed && sent < 1_000; sent += 1) link.send(FRAME.clock, 1, new Uint8Array(16_000));
  expect(fault).toBeInstanceOf(DecodeError);
  expect(sent).toBeGreaterThan(250);
  expect(sent).toBeLessThan(350);
});
