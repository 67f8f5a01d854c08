import { beforeEach, expect, test } from "vitest";
import type { AccountId } from "../../../../src/core/codec/ids.ts";
import { encodeIntroduction } from "../../../../src/core/conversations/introduction.ts";
import { accountIdOf, consentingDevice, encodeDeviceList } from "../../../../src/core/crypto/identity.ts";
import type { AddChange } from "../../../../src/core/membership/operation.ts";
import { type CorePerson, CoreWorld } from "../../../support/core-world.ts";
import { forge, knownOperations } from "../../../support/forged-operation.ts";
import { createModelSuite } from "../../../support/model-suite.ts";

let world: CoreWorld;
let mallory: CorePerson;
let bob: CorePerson;

/** Mallory founded a group, and Bob is in it. */
beforeEach(async () => {
  world = new CoreWorld({ suite: createModelSuite(1) });
  mallory = await world.person("Mallory");
  bob = await world.person("Bob");
  const { link } = await mallory.messenger.createInvite({ uses: 1, days: 7 });
  await bob.messenger.acceptInvite(link);
  await world.clock.advance(2_000);
  await mallory.messenger.groups.create("Trip", [(await bob.identity()).account]);
  await world.clock.advance(20_000);
});

/** Adds an account of Mallory's making, whose one device has these keys. */
function addition(
  rootSeed: Uint8Array,
  seeds: { readonly logSeed: Uint8Array; readonly peerSeed: Uint8Array },
): AddChange {
  const { suite } = world;
  const rootKey = suite.publicKey(rootSeed);
  const list = { rootKey, number: 1, devices: [consentingDevice(suite, rootKey, seeds, 1)] };
  const bundle = encodeIntroduction(encodeDeviceList(suite, rootSeed, list), "Somebody");
  return { kind: "add", account: accountIdOf(suite, rootKey), bundle, relays: [], starts: [] };
}

/** Lets Mallory's app add these in a row while nobody sees it, and Bob hear of all at once. */
async function addInARow(changes: readonly AddChange[]): Promise<void> {
  await mallory.messenger.stop();
  for (const change of changes) await forge(world, mallory, await knownOperations(mallory), change);
  await mallory.restart();
  await world.clock.advance(20_000);
}

const isKnownToBob = async (account: AccountId): Promise<boolean> =>
  (await bob.store.read(["devices"], (tx) => tx.get("devices", [account]))) !== undefined;

test("all who are added in a row are known by their devices", async () => {
  const keys = (): Uint8Array => world.suite.random(32);
  const changes = [1, 2, 3].map(() => addition(keys(), { logSeed: keys(), peerSeed: keys() }));
  await addInARow(changes);
  for (const { account } of changes) expect(await isKnownToBob(account)).toBe(true);
  const thread = await bob.threadWith("Trip");
  expect(thread.kind === "group" && thread.group.members).toHaveLength(5);
});

test("a device that two of those added in a row are said to have is the first one's", async () => {
  const random = (): Uint8Array => world.suite.random(32);
  const [logSeed, peerSeed] = [random(), random()];
  const [first, sameLog, samePeer] = [
    addition(random(), { logSeed, peerSeed }),
    addition(random(), { logSeed, peerSeed: random() }),
    addition(random(), { logSeed: random(), peerSeed }),
  ];
  await addInARow([first, sameLog, samePeer]);
  expect(await isKnownToBob(first.account)).toBe(true);
  expect(await isKnownToBob(sameLog.account)).toBe(false);
  expect(await isKnownToBob(samePeer.account)).toBe(false);
  expect(world.bugs).toEqual([]);
});
