import { afterEach, beforeEach, expect, test } from "vitest";
import type { PeerKey, ThreadId } from "../../../../src/core/codec/ids.ts";
import { FRAME } from "../../../../src/core/sync/frames.ts";
import { type CorePerson, CoreWorld } from "../../../support/core-world.ts";
import { RawAccount } from "../../../support/raw-account.ts";
import { RawPeer } from "../../../support/raw-peer.ts";

let world: CoreWorld;
let alice: CorePerson;
let bob: CorePerson;
let withBob: ThreadId;
let alicePeer: PeerKey;
const open: RawPeer[] = [];

beforeEach(async () => {
  world = new CoreWorld();
  [alice, bob] = await world.pair();
  withBob = (await alice.threadWith("Bob")).id;
  alicePeer = (await alice.identity()).peerKey;
  await alice.messenger.people.setVerified(withBob, true);
});

afterEach(async () => {
  for (const peer of open.splice(0)) await peer.stop();
  expect(world.bugs).toEqual([]);
});

/** Comes to Alice with this device of the account and says so. */
async function comes(account: RawAccount): Promise<RawPeer> {
  const peer = await RawPeer.start(world, account.peerSeed);
  open.push(peer);
  // Who is known is dialled; a second link would have to greet anew.
  if (!peer.isConnected) await peer.reach(alicePeer);
  await peer.greet();
  await peer.send(FRAME.bundle, 0, account.bundle());
  await world.clock.advance(1_000);
  return peer;
}

const contact = async () => alice.contactWith("Bob");

test("a new device of a contact is let in, told, and takes the verified mark away", async () => {
  await bob.messenger.stop();
  const peer = await comes((await RawAccount.of(bob)).withNewPeer());
  expect(peer.isConnected).toBe(true);
  expect(await contact()).toMatchObject({
    isVerified: false,
    listChange: { kind: "new-device", wasVerified: true },
  });
  expect((await alice.threadWith("Bob")).path.kind).not.toBe("away");
  await alice.messenger.people.settleListChange(withBob);
  expect((await contact()).listChange).toBeUndefined();
  expect((await contact()).isVerified).toBe(false);
});

test("comparing again after a new device settles it and gives the mark back", async () => {
  await bob.messenger.stop();
  await comes((await RawAccount.of(bob)).withNewPeer());
  await alice.messenger.people.setVerified(withBob, true);
  expect(await contact()).toMatchObject({ isVerified: true });
  expect((await contact()).listChange).toBeUndefined();
});

test("a new device that comes by an invite instead takes the verified mark away as well", async () => {
  const { link } = await alice.messenger.createInvite({ uses: 1, days: 7 });
  await bob.messenger.deleteConversation((await bob.threadWith("Alice")).id);
  await bob.messenger.stop();
  const next = (await RawAccount.of(bob)).withNewPeer();
  await next.moveInto(bob);
  await bob.open();
  await bob.messenger.connect();
  await bob.messenger.acceptInvite(link);
  await world.clock.advance(10_000);
  expect(await contact()).toMatchObject({ isVerified: false, listChange: { kind: "new-device" } });
});

test("a device that was taken off the list is a stranger, and nothing leaves for it or comes from it", async () => {
  const lost = await RawAccount.of(bob);
  await bob.messenger.stop();
  await comes(lost.onNewDeviceOnly());
  await bob.open();
  await bob.messenger.connect();
  await bob.send("Alice", "from the lost device");
  await alice.send("Bob", "for the new one");
  await world.clock.advance(120_000);
  expect(await alice.lines("Bob")).toEqual(["for the new one (waiting)"]);
  expect(await bob.lines("Alice")).toEqual(["from the lost device (waiting)"]);
});

test("a device that the account did not list is a stranger", async () => {
  await bob.messenger.stop();
  const account = (await RawAccount.of(bob)).withNewPeer();
  const peer = await RawPeer.start(world);
  open.push(peer);
  await peer.reach(alicePeer);
  await peer.greet();
  await peer.send(FRAME.bundle, 0, account.bundle());
  expect(peer.isConnected).toBe(false);
  expect((await contact()).listChange).toBeUndefined();
});

test("a fork stops sending until the person decides, also after a restart, and loses nothing", async () => {
  const honest = await RawAccount.of(bob);
  await bob.messenger.stop();
  const forked = honest.fork();
  const mallory = await comes(forked);
  expect(await contact()).toMatchObject({ isVerified: false, listChange: { kind: "fork", wasVerified: true } });
  await mallory.stop();
  await alice.restart();
  await bob.open();
  await bob.messenger.connect();
  await alice.send("Bob", "is it you?");
  await world.clock.advance(60_000);
  expect(await alice.lines("Bob")).toEqual(["is it you? (waiting)"]);
  expect(await bob.lines("Alice")).toEqual([]);

  await alice.messenger.people.settleListChange(withBob);
  await world.clock.advance(5_000);
  expect(await bob.lines("Alice")).toEqual(["is it you?"]);
  expect(await alice.lines("Bob")).toEqual(["is it you? (delivered)"]);
});

test("a fork that was settled is not told again, another one is", async () => {
  await bob.messenger.stop();
  const honest = await RawAccount.of(bob);
  const forked = honest.fork();
  const peer = await comes(forked);
  await alice.messenger.people.settleListChange(withBob);
  await peer.stop();
  const again = await comes(forked);
  expect(again.isConnected).toBe(true);
  expect((await contact()).listChange).toBeUndefined();
  await again.stop();
  await comes(honest.fork());
  expect((await contact()).listChange?.kind).toBe("fork");
});

test("marking as verified does not settle a fork, since both lists are of the same account", async () => {
  await bob.messenger.stop();
  await comes((await RawAccount.of(bob)).fork());
  await alice.messenger.people.setVerified(withBob, true);
  expect(await contact()).toMatchObject({ isVerified: false, listChange: { kind: "fork" } });
});
