/** Members of common groups who are no contacts: who relays for whom, who is asked, and so who learns whose addresses. */
import { afterEach, beforeEach, expect, test } from "vitest";
import type { PeerKey } from "../../../src/core/codec/ids.ts";
import type { Transport, TransportHandlers, WantedPeer } from "../../../src/core/transport/transport.ts";
import { type CorePerson, CoreWorld } from "../../support/core-world.ts";
import { AWAY_MS, befriend } from "../../support/three-contacts.ts";

const LINKED_MS = 60_000;
/** Longer than a member waits for a contact who helps. */
const PATIENCE_MS = 15_000;

let world: CoreWorld;
let wants: Map<Transport, readonly WantedPeer[]>;
let handlers: TransportHandlers[];
let alice: CorePerson;
let bob: CorePerson;
let carol: CorePerson;

/** Bob and Carol know each other by Alice's group alone. */
beforeEach(async () => {
  world = new CoreWorld({ startsOnRelay: true });
  wants = new Map();
  handlers = [];
  const make = world.network.transport.bind(world.network);
  world.network.transport = (): Transport => {
    const transport = make();
    const want = transport.want.bind(transport);
    transport.want = (peers) => {
      wants.set(transport, peers);
      want(peers);
    };
    wants.set(transport, []);
    const start = transport.start.bind(transport);
    transport.start = (seed, given) => {
      handlers.push(given);
      return start(seed, given);
    };
    return transport;
  };
  [alice, bob] = await world.pair();
  carol = await world.person("Carol");
  await befriend(world, alice, carol);
  const accounts = [(await alice.contactWith("Bob")).account, (await alice.contactWith("Carol")).account];
  await alice.messenger.groups.create("Trip", accounts);
  await world.clock.advance(LINKED_MS);
});

afterEach(() => {
  expect(world.bugs).toEqual([]);
});

/** How somebody who has not been opened again is to reach somebody else. */
async function wanted(who: CorePerson, whom: CorePerson): Promise<WantedPeer | undefined> {
  const { peerKey } = await whom.identity();
  return [...wants.values()][[alice, bob, carol].indexOf(who)]?.find(({ peer }) => peer === peerKey);
}

async function helpAnyone(person: CorePerson): Promise<void> {
  await person.messenger.changeSettings({ relaysFor: "anyone" });
  await world.clock.advance(2_000);
}

async function letAsk(person: CorePerson): Promise<void> {
  await person.messenger.changeSettings({ asksMembers: true });
  await world.clock.advance(2_000);
}

async function leave(person: CorePerson): Promise<void> {
  await person.messenger.stop();
  await world.clock.advance(AWAY_MS + PATIENCE_MS);
}

test("with My contacts a member who is no contact is not served, nor asked, and neither learns the other's addresses", async () => {
  await leave(alice);
  expect(await wanted(bob, alice)).toMatchObject({ allowDirect: true, relayedAs: "contact" });
  for (const [who, whom] of [
    [bob, carol],
    [carol, bob],
  ] as const) {
    const held = await wanted(who, whom);
    expect(held).toMatchObject({ allowDirect: false });
    expect([held?.relayedAs, held?.canHelp]).toEqual([undefined, undefined]);
  }
  expect((await carol.threadWith("Trip")).path.kind).toBe("relay");
});

test("with Anyone members are served as members, and answered rather than offered a direct link", async () => {
  await helpAnyone(bob);
  expect(await wanted(bob, carol)).toMatchObject({ allowDirect: true, answersOnly: true, relayedAs: "member" });
  expect(await wanted(bob, alice)).toMatchObject({ allowDirect: true, relayedAs: "contact" });
  await bob.messenger.changeSettings({ relaysFor: "contacts" });
  const after = await wanted(bob, carol);
  expect([after?.allowDirect, after?.relayedAs]).toEqual([false, undefined]);
});

test("nobody who is no contact is asked before the person chose it", async () => {
  await helpAnyone(bob);
  await leave(alice);
  expect(await wanted(carol, bob)).toMatchObject({ allowDirect: false });
  await letAsk(carol);
  await world.clock.advance(PATIENCE_MS);
  expect(await wanted(carol, bob)).toMatchObject({ allowDirect: true, canHelp: true });
});

test("a member is asked only when fewer than two contacts who help have been linked for a while", async () => {
  const dave = await world.person("Dave");
  await befriend(world, dave, carol);
  await world.clock.advance(LINKED_MS);
  await helpAnyone(bob);
  await letAsk(carol);
  await world.clock.advance(LINKED_MS);
  expect(await wanted(carol, bob)).toMatchObject({ allowDirect: false });
  await dave.messenger.stop();
  await world.clock.advance(5_000);
  expect(await wanted(carol, bob)).toMatchObject({ allowDirect: false });
  await world.clock.advance(AWAY_MS + PATIENCE_MS);
  const asked = await wanted(carol, bob);
  expect(asked).toMatchObject({ allowDirect: true, canHelp: true });
  expect([asked?.answersOnly, asked?.relayedAs]).toEqual([undefined, undefined]);
  await world.clock.advance(LINKED_MS);
  await leave(alice);
  expect((await carol.threadWith("Trip")).path.kind).toBe("direct");
});

test("a contact who helps nobody is no reason not to ask", async () => {
  await alice.messenger.changeSettings({ relaysFor: "nobody" });
  await helpAnyone(bob);
  await letAsk(carol);
  await world.clock.advance(PATIENCE_MS);
  expect(await wanted(carol, bob)).toMatchObject({ canHelp: true });
});

test("who was asked is let go at once when the help ends, and when the person does not want it", async () => {
  await helpAnyone(bob);
  await letAsk(carol);
  await leave(alice);
  expect(await wanted(carol, bob)).toMatchObject({ canHelp: true });
  await carol.messenger.changeSettings({ asksMembers: false });
  expect(await wanted(carol, bob)).toMatchObject({ allowDirect: false });
  await world.clock.advance(LINKED_MS);
  expect(await wanted(carol, bob)).toMatchObject({ allowDirect: false });
  await carol.messenger.changeSettings({ asksMembers: true });
  await world.clock.advance(PATIENCE_MS);
  expect(await wanted(carol, bob)).toMatchObject({ canHelp: true });
  await bob.messenger.changeSettings({ relaysFor: "contacts" });
  await world.clock.advance(2_000);
  expect(await wanted(carol, bob)).toMatchObject({ allowDirect: false });
});

test("two contacts who help make a member dispensable", async () => {
  await alice.messenger.changeSettings({ relaysFor: "nobody" });
  await helpAnyone(bob);
  await letAsk(carol);
  await world.clock.advance(PATIENCE_MS);
  expect(await wanted(carol, bob)).toMatchObject({ canHelp: true });
  await alice.messenger.changeSettings({ relaysFor: "contacts" });
  await world.clock.advance(PATIENCE_MS);
  // One may go again.
  expect(await wanted(carol, bob)).toMatchObject({ canHelp: true });
  const dave = await world.person("Dave");
  await befriend(world, dave, carol);
  await world.clock.advance(LINKED_MS);
  expect(await wanted(carol, bob)).toMatchObject({ allowDirect: false });
});

test("whoever is blocked, on either side, neither serves nor is served", async () => {
  const mallory = bob;
  await helpAnyone(mallory);
  await letAsk(carol);
  await leave(alice);
  expect(await wanted(carol, mallory)).toMatchObject({ canHelp: true });
  const { account } = await mallory.identity();
  await carol.messenger.people.befriend(account);
  await carol.messenger.people.block((await carol.threadWith("Bob")).id);
  expect(await wanted(carol, mallory)).toBeUndefined();
});

test("who helps anyone serves nobody whom its person has blocked", async () => {
  await helpAnyone(bob);
  await letAsk(carol);
  const mallory = carol;
  expect(await wanted(bob, mallory)).toMatchObject({ relayedAs: "member" });
  await bob.messenger.people.befriend((await mallory.identity()).account);
  await bob.messenger.people.block((await bob.threadWith("Carol")).id);
  expect(await wanted(bob, mallory)).toBeUndefined();
});

test("who was removed from the last common group is served no more", async () => {
  await helpAnyone(bob);
  await letAsk(carol);
  const thread = await alice.threadWith("Trip");
  await alice.messenger.groups.remove(thread.id, (await carol.identity()).account);
  await world.clock.advance(5_000);
  const held = await wanted(bob, carol);
  expect([held?.relayedAs, held?.allowDirect === true]).toEqual([undefined, false]);
});

test("to members a card names only helpers who are no contacts: the others would tell who knows whom", async () => {
  const dave = await world.person("Dave");
  await befriend(world, alice, dave);
  const accounts = await Promise.all(
    ["Bob", "Carol", "Dave"].map(async (name) => (await alice.contactWith(name)).account),
  );
  await alice.messenger.groups.create("Choir", accounts);
  await world.clock.advance(LINKED_MS);
  await helpAnyone(dave);
  const [aliceKey, daveKey] = [(await alice.identity()).peerKey, (await dave.identity()).peerKey];
  const carolIsHelpedBy = async (...helpers: readonly PeerKey[]): Promise<void> => {
    handlers[2]?.onHelpers?.(helpers);
    await world.clock.advance(2_000);
  };
  await carolIsHelpedBy(aliceKey);
  expect((await wanted(bob, carol))?.helpers).toBeUndefined();
  await carolIsHelpedBy(aliceKey, daveKey);
  expect((await wanted(bob, carol))?.helpers).toEqual([daveKey]);
  expect((await wanted(alice, carol))?.helpers).toEqual([daveKey]);
  await carolIsHelpedBy(aliceKey);
  expect((await wanted(bob, carol))?.helpers).toEqual([]);
});

test("Settings name the member who helps, and the group that both are in", async () => {
  const { peerKey } = await bob.identity();
  const { peerKey: contact } = await alice.identity();
  handlers[2]?.onHelpers?.([contact, peerKey]);
  await world.clock.advance(1_000);
  expect(carol.messenger.network().relaying?.helpedBy).toEqual([{ name: "Bob", group: "Trip" }]);
  handlers[2]?.onHelpers?.([contact]);
  await world.clock.advance(1_000);
  expect(carol.messenger.network().relaying?.helpedBy).toEqual([]);
});
