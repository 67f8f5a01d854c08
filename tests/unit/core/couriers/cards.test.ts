import { beforeEach, expect, test, vi } from "vitest";
import type { AccountId } from "../../../../src/core/codec/ids.ts";
import { Directory } from "../../../../src/core/conversations/directory.ts";
import { Cards, PARCEL_LIFE_MS } from "../../../../src/core/couriers/cards.ts";
import { createModelSuite } from "../../../support/model-suite.ts";
import { MEET_MS, ThreeContacts } from "../../../support/three-contacts.ts";

let three: ThreeContacts;
let directory: Directory;
let cards: Cards;
let bob: AccountId;
let carol: AccountId;

/** Alice holds a card of Carol's that names Bob as a courier, and the other way round. */
beforeEach(async () => {
  three = await ThreeContacts.meet({ suite: createModelSuite(1) });
  const { world, alice } = three;
  await world.clock.advance(MEET_MS);
  [bob, carol] = [(await three.bob.identity()).account, (await three.carol.identity()).account];
  directory = new Directory();
  await directory.load(alice.store);
  cards = new Cards({ clock: world.clock, directory, store: alice.store, suite: world.suite }, () => undefined);
  await cards.load();
});

test("whether a contact is a courier for another is found out without a look at all contacts", () => {
  const all = [vi.spyOn(directory.contacts, "keys"), vi.spyOn(directory.contacts, "values")];
  expect(cards.isCourierFor(carol, bob)).toBe(true);
  expect(cards.isCourierFor(bob, carol)).toBe(true);
  for (const looks of all) expect(looks).not.toHaveBeenCalled();
  expect(cards.couriersFor(carol).map(({ courier }) => courier)).toEqual([bob]);
});

test("nobody is a courier for themselves, once the token is too old, or without being a contact", async () => {
  expect(cards.isCourierFor(carol, carol)).toBe(false);
  directory.contacts.delete(bob);
  expect(cards.isCourierFor(carol, bob)).toBe(false);
  expect(cards.isCourierFor(bob, carol)).toBe(true);
  await three.alice.messenger.stop();
  await three.bob.messenger.stop();
  await three.world.clock.advance(PARCEL_LIFE_MS);
  expect(cards.isCourierFor(bob, carol)).toBe(false);
});
