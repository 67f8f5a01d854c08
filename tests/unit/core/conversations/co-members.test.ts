import { expect, test } from "vitest";
import type { AccountId } from "../../../../src/core/codec/ids.ts";
import { neighbours } from "../../../../src/core/conversations/co-members.ts";
import { CoreWorld } from "../../../support/core-world.ts";
import { createModelSuite } from "../../../support/model-suite.ts";
import { seededRandom } from "../../../support/seeded-random.ts";
import { befriend } from "../../../support/three-contacts.ts";

function membersOf(size: number): readonly AccountId[] {
  return Array.from({ length: size }, (_, index) => String(index).padStart(3, "0") as AccountId);
}

test("in a small group everybody looks for everybody", () => {
  const members = membersOf(8);
  for (const own of members) expect(neighbours(members, own)).toEqual(members.filter((member) => member !== own));
});

test.each([9, 10, 33, 100, 500])(
  "in a group of %i few are looked for, by both sides, and all are reached in few hops",
  (size) => {
    const members = membersOf(size);
    const byMember = new Map(members.map((member) => [member, neighbours(members, member)] as const));
    const most = 2 * Math.ceil(Math.log2(size));
    for (const [member, found] of byMember) {
      expect(found.length).toBeLessThanOrEqual(most);
      for (const other of found) expect(byMember.get(other)).toContain(member);
    }
    const [first] = members;
    if (first === undefined) throw new Error("nobody");
    const reached = new Set([first]);
    for (let hop = 0; hop < Math.ceil(Math.log2(size)); hop += 1) {
      const next = [...reached].flatMap((member) => byMember.get(member) ?? []);
      for (const member of next) reached.add(member);
    }
    expect(reached.size).toBe(size);
  },
);

test.each([9, 10, 33, 100, 500].flatMap((size) => [0.1, 0.3, 0.6].map((share) => [size, share] as const)))(
  "of %i members those who are there, a share of %d, hang together by few links and few hops",
  (size, share) => {
    const random = seededRandom(size);
    const members = membersOf(size);
    const here = new Set(members.filter((_, index) => index === 0 || random() < share));
    const links = new Map([...here].map((member) => [member, new Set<AccountId>()] as const));
    for (const member of here) {
      const sought = neighbours(members, member, (other) => !here.has(other));
      expect(new Set(sought).size).toBe(sought.length);
      for (const other of sought) {
        links.get(other)?.add(member);
        if (here.has(other)) links.get(member)?.add(other);
      }
    }
    const mean = [...links.values()].reduce((sum, { size: count }) => sum + count, 0) / here.size;
    // Who looks for whom is no longer the same both ways.
    expect(mean).toBeLessThanOrEqual(3 * Math.ceil(Math.log2(size)));
    const [first] = here;
    if (first === undefined) throw new Error("nobody");
    const reached = new Set([first]);
    for (let hop = 0; hop <= Math.ceil(Math.log2(here.size)); hop += 1) {
      const next = [...reached].flatMap((member) => [...(links.get(member) ?? [])]);
      for (const member of next) reached.add(member);
    }
    expect(reached).toEqual(here);
  },
);

test("of ten members two who are alone there find each other, wherever they stand on the ring", async () => {
  const world = new CoreWorld({ suite: createModelSuite(1) });
  const [alice, bob] = await world.pair();
  const people = [alice, bob];
  for (const name of ["Carol", "Dan", "Erin", "Frank", "Grace", "Heidi", "Ivan", "Judy"]) {
    const person = await world.person(name);
    await befriend(world, alice, person);
    people.push(person);
  }
  const accounts = await Promise.all(people.map(async (person) => (await person.identity()).account));
  await alice.messenger.groups.create("Trip", accounts.slice(1));
  await world.clock.advance(60_000);
  const ring = accounts.toSorted();
  const [one, other] = pairAt(ring, 3, accounts[0]).map((account) => people[accounts.indexOf(account)]);
  if (one === undefined || other === undefined) throw new Error("nobody");
  for (const person of people) if (person !== one) await person.messenger.stop();
  await one.send("Trip", "anybody here?");
  await world.clock.advance(60_000);
  await other.open();
  await other.messenger.connect();
  await world.clock.advance(120_000);
  expect(await other.texts("Trip")).toContain("anybody here?");
  expect(world.bugs).toEqual([]);
});

/** Two accounts at this distance on the ring, none of them the one that everybody has as a contact. */
function pairAt(ring: readonly AccountId[], distance: number, known: AccountId | undefined): readonly AccountId[] {
  for (const [index, account] of ring.entries()) {
    const other = ring[(index + distance) % ring.length];
    if (other !== undefined && account !== known && other !== known) return [account, other];
  }
  return [];
}
