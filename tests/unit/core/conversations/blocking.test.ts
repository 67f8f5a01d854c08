import { afterEach, beforeEach, expect, test } from "vitest";
import type { PeerKey } from "../../../../src/core/codec/ids.ts";
import { FRAME } from "../../../../src/core/sync/frames.ts";
import { type CorePerson, CoreWorld } from "../../../support/core-world.ts";
import { RawAccount } from "../../../support/raw-account.ts";
import { RawPeer } from "../../../support/raw-peer.ts";

let world: CoreWorld;
let alice: CorePerson;
let bob: CorePerson;

beforeEach(async () => {
  world = new CoreWorld();
  [alice, bob] = await world.pair();
});

afterEach(() => {
  expect(world.bugs).toEqual([]);
});

const block = async (): Promise<void> => {
  await alice.messenger.people.block((await alice.threadWith("Bob")).id);
  await world.clock.advance(1_000);
};

test("blocking ends the link, and each is away to the other for as long as it holds", async () => {
  expect((await bob.threadWith("Alice")).path.kind).toBe("direct");
  await block();
  expect((await alice.threadWith("Bob")).path).toEqual({ kind: "away" });
  expect((await alice.contactWith("Bob")).isBlocked).toBe(true);
  await world.clock.advance(120_000);
  expect((await bob.threadWith("Alice")).path.kind).toBe("away");
});

test("what a blocked contact writes is neither stored nor acknowledged, and comes once they are unblocked", async () => {
  await block();
  await bob.send("Alice", "are you there?");
  await world.clock.advance(120_000);
  expect(await alice.lines("Bob")).toEqual([]);
  expect(await bob.lines("Alice")).toEqual(["are you there? (waiting)"]);
  await alice.messenger.people.unblock((await alice.contactWith("Bob")).account);
  await world.clock.advance(120_000);
  expect(await alice.lines("Bob")).toEqual(["are you there?"]);
  expect(await bob.lines("Alice")).toEqual(["are you there? (delivered)"]);
});

test("what is read while the author is blocked is not told to them", async () => {
  await bob.send("Alice", "read me");
  await world.clock.advance(2_000);
  await block();
  await alice.readAll("Bob");
  await world.clock.advance(60_000);
  expect(await bob.lines("Alice")).toEqual(["read me (delivered)"]);
});

test("a block outlives a restart, and deleting the conversation", async () => {
  await block();
  await alice.restart();
  await bob.restart();
  await world.clock.advance(60_000);
  expect((await bob.threadWith("Alice")).path.kind).toBe("away");
  await alice.messenger.deleteConversation((await alice.threadWith("Bob")).id);
  await bob.send("Alice", "hello?");
  await world.clock.advance(120_000);
  expect(await alice.threads()).toEqual([]);
  expect(alice.messenger.people.blocked().map(({ name }) => name)).toEqual(["Bob"]);
  expect((await bob.threadWith("Alice")).path.kind).toBe("away");
});

test("a blocked account that comes with a new peer key is recognised by its bundle and not let in", async () => {
  await block();
  await bob.messenger.stop();
  const { peerKey: alicePeer } = await alice.identity();
  const account = await RawAccount.of(bob);
  const device = account.withNewPeer();
  const raw = await RawPeer.start(world, device.peerSeed);
  await raw.reach(alicePeer);
  await raw.greet();
  await raw.send(FRAME.bundle, 0, device.bundle());
  expect(raw.isConnected).toBe(false);
  await world.clock.advance(300_000);
  expect(raw.isConnected).toBe(false);
  const [row] = await alice.store.read(["blocked"], (tx) => tx.range("blocked", {}));
  expect(row?.value.peers).toContain(raw.key satisfies PeerKey);
  await raw.stop();
});

test("accepting an invite of somebody who is blocked unblocks them", async () => {
  await block();
  await alice.messenger.deleteConversation((await alice.threadWith("Bob")).id);
  const invite = await bob.messenger.createInvite({ uses: 1, days: 7 });
  expect(await alice.messenger.acceptInvite(invite.link)).toMatchObject({ kind: "accepted" });
  await world.clock.advance(60_000);
  expect(alice.messenger.people.blocked()).toEqual([]);
  expect((await alice.contactWith("Bob")).isConfirmed).toBe(true);
});
