/** What people write, and what they call each other, is found nowhere in the bytes that the transport port is given. */
import { expect, test } from "vitest";
import { textToBytes } from "../../../../src/core/codec/bytes.ts";
import { FRAME } from "../../../../src/core/sync/frames.ts";
import { CoreWorld } from "../../../support/core-world.ts";
import { RawPeer } from "../../../support/raw-peer.ts";
import { handedOver } from "../../../support/wire-tap.ts";

const FROM_ALICE = "the heron waits by the ninth lock";
const FROM_BOB = "bring the copper kettle to the ferry";
const CONTROL = "mallory shouts this across the square";

/** The frames that bring a bundle, in which an account says its own name to whom it gets to know. */
const FIRST_CONTACT: readonly number[] = [FRAME.claim, FRAME.bundle, FRAME.request, FRAME.answer];

test("texts sent both ways, offline as well, are nowhere on the wire, and what a test puts there itself is found", async () => {
  const world = new CoreWorld();
  const handed = handedOver(world);
  const [alice, bob] = await world.pair();
  await alice.send("Bob", FROM_ALICE);
  await world.clock.advance(1_000);
  await bob.messenger.stop();
  await alice.send("Bob", `${FROM_ALICE}, again`);
  await world.clock.advance(60_000);
  await bob.open();
  await bob.messenger.connect();
  await world.clock.advance(5_000);
  await bob.send("Alice", FROM_BOB);
  await world.clock.advance(2_000);
  expect(await alice.texts("Bob")).toEqual([FROM_ALICE, `${FROM_ALICE}, again`, FROM_BOB]);
  expect(await bob.texts("Alice")).toEqual([FROM_ALICE, `${FROM_ALICE}, again`, FROM_BOB]);

  const mallory = await RawPeer.start(world);
  await mallory.reach((await bob.identity()).peerKey);
  await mallory.send(FRAME.greet, 0, textToBytes(CONTROL));
  await world.clock.advance(1_000);

  expect(handed.holds(textToBytes(CONTROL))).toBe(true);
  for (const secret of [FROM_ALICE, FROM_BOB, "heron", "kettle"]) {
    expect(handed.holds(textToBytes(secret)), secret).toBe(false);
  }
  expect(world.bugs).toEqual([]);
});

test("a name is told in first contact and in no other frame, and a private name not at all", async () => {
  const world = new CoreWorld();
  const handed = handedOver(world);
  const alice = await world.person("Alice of the Marsh");
  const bob = await world.person("Bob at the Weir");
  const invite = await alice.messenger.createInvite({ uses: 1, days: 7 });
  await bob.messenger.acceptInvite(invite.link);
  await world.clock.advance(2_000);
  await alice.messenger.renameContact((await alice.threadWith("Bob at the Weir")).id, "the quiet ferryman");
  await alice.send("the quiet ferryman", "one");
  await world.clock.advance(1_000);
  await bob.send("Alice of the Marsh", "two");
  await world.clock.advance(2_000);
  expect(await bob.texts("Alice of the Marsh")).toEqual(["one", "two"]);

  expect(handed.holds(textToBytes("the quiet ferryman"))).toBe(false);
  for (const name of ["Alice of the Marsh", "Bob at the Weir"].map(textToBytes)) {
    const telling = handed.frames().filter(({ payload }) => Buffer.from(payload).includes(Buffer.from(name)));
    expect(telling.length).toBeGreaterThan(0);
    expect(telling.filter(({ type }) => !FIRST_CONTACT.includes(type))).toEqual([]);
  }
});
