import { afterEach, beforeEach, expect, test } from "vitest";
import { CONTROL_CHANNEL } from "../../../../src/core/codec/entry.ts";
import type { AccountId } from "../../../../src/core/codec/ids.ts";
import { decodeBundle, deviceListRow } from "../../../../src/core/conversations/bundle.ts";
import type { DeviceListRow } from "../../../../src/core/store/tables.ts";
import { type CorePerson, CoreWorld } from "../../../support/core-world.ts";
import { createModelSuite } from "../../../support/model-suite.ts";
import { RawAccount } from "../../../support/raw-account.ts";
import { befriend } from "../../../support/three-contacts.ts";

let world: CoreWorld;
let alice: CorePerson;
let bob: CorePerson;
let carol: CorePerson;
let carolsAccount: AccountId;

/** Alice knows Bob and Carol, who do not know each other and are in a group of Alice's. */
beforeEach(async () => {
  world = new CoreWorld({ suite: createModelSuite(1) });
  [alice, bob] = await world.pair();
  carol = await world.person("Carol");
  await befriend(world, alice, carol);
  carolsAccount = (await carol.identity()).account;
  await alice.messenger.groups.create("Trip", [(await alice.contactWith("Bob")).account, carolsAccount]);
  await world.clock.advance(20_000);
});

afterEach(() => {
  expect(world.bugs).toEqual([]);
});

const carolAt = (person: CorePerson): Promise<DeviceListRow | undefined> =>
  person.store.read(["devices"], (tx) => tx.get("devices", [carolsAccount]));

async function leave(person: CorePerson): Promise<void> {
  await person.messenger.stop();
  await world.clock.advance(10_000);
}

async function comeBack(person: CorePerson): Promise<void> {
  await person.restart();
  await world.clock.advance(20_000);
}

/** Carol goes on with another device in the place of hers, as after a restore. */
async function moveCarol(next: RawAccount): Promise<void> {
  await carol.messenger.stop();
  await next.moveInto(carol);
  await comeBack(carol);
}

const nextCarol = async (): Promise<RawAccount> => (await RawAccount.of(carol, world.suite)).onNewDeviceOnly();

test("a new device of somebody who is no contact is learnt from another member, and what is written is sealed to it", async () => {
  await leave(bob);
  await moveCarol(await nextCarol());
  const { device } = await carol.identity();
  await leave(carol);
  await comeBack(bob);
  expect((await carolAt(bob))?.devices.map((listed) => listed.device)).toEqual([device]);
  await bob.send("Trip", "to the new device");
  await world.clock.advance(10_000);
  await leave(bob);
  await comeBack(carol);
  expect((await carol.texts("Trip")).at(-1)).toBe("to the new device");
});

test.each([
  { who: "a member", hasLeft: false },
  { who: "somebody who has left", hasLeft: true },
])("a member who is connected learns at once of a new device of $who", async ({ hasLeft }) => {
  if (hasLeft) await carol.messenger.groups.leave((await carol.threadWith("Trip")).id);
  await world.clock.advance(5_000);
  const next = await nextCarol();
  world.network.cut((await bob.identity()).peerKey, next.identity.peerKey);
  await moveCarol(next);
  const { device } = await carol.identity();
  expect((await carolAt(bob))?.devices.map((listed) => listed.device)).toEqual([device]);
});

test("a newcomer takes in what a device wrote that its account has replaced, and can write", async () => {
  // What the first one was, her introduction to the group says.
  await moveCarol(await nextCarol());
  await carol.send("Trip", "before");
  const earlier = (await carol.identity()).device;
  await world.clock.advance(5_000);
  await moveCarol(await nextCarol());
  await leave(carol);
  const dave = await world.person("Dave");
  await befriend(world, alice, dave);
  const { id } = await alice.threadWith("Trip");
  await alice.messenger.groups.add(id, [(await alice.contactWith("Dave")).account]);
  await world.clock.advance(30_000);
  const log = await dave.store.read(["logs"], (tx) => tx.get("logs", [id, earlier, CONTROL_CHANNEL]));
  expect(log?.height).toBeGreaterThan(1);
  await dave.send("Trip", "here I am");
  await world.clock.advance(20_000);
  expect((await bob.texts("Trip")).at(-1)).toBe("here I am");
  await comeBack(carol);
  await carol.send("Trip", "and I");
  await world.clock.advance(20_000);
  expect((await dave.texts("Trip")).filter((text) => text !== "")).toEqual(["here I am", "and I"]);
});

test("two lists of one number are a fork, which both who hold one are shown when they meet", async () => {
  await leave(carol);
  await leave(bob);
  const fork = decodeBundle(world.suite, (await RawAccount.of(carol, world.suite)).fork().bundle());
  await bob.store.write(["devices"], "strict", async (tx) => tx.put("devices", [carolsAccount], deviceListRow(fork)));
  await comeBack(bob);
  expect((await alice.contactWith("Carol")).listChange?.kind).toBe("fork");
  const met = await bob.store.read(["acquaintances"], (tx) => tx.get("acquaintances", [carolsAccount]));
  expect(met?.hasFork).toBe(true);
});
