/** Who comes as a stranger and turns out to be of a common group while the link stands: what they said of themselves counts. */
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Transport, WantedPeer } from "../../../../src/core/transport/transport.ts";
import { type CorePerson, CoreWorld } from "../../../support/core-world.ts";
import { befriend } from "../../../support/three-contacts.ts";

/** A member is looked for, met, and says what a stranger may. */
const MEETING_MS = 5_000;
/** Carol looks for the founder again, is told, and asks for help. */
const SETTLING_MS = 45_000;

let world: CoreWorld;
let wants: (readonly WantedPeer[])[];
let alice: CorePerson;
let bob: CorePerson;
let carol: CorePerson;

/** What Carol's disk waits for before it keeps a request. */
let beforeCarolKeepsARequest: Promise<void>;
let carolMeetsAlice: () => void;

async function openWithSlowRequests(person: CorePerson): Promise<void> {
  const write = person.store.write.bind(person.store);
  person.store.write = async (tables, durability, work) => {
    if (tables[0] === "groupRequests") await beforeCarolKeepsARequest;
    return write(tables, durability, work);
  };
  await person.restart();
}

/** Carol hears of the group from Bob, whom she does not know, before its founder, her contact, tells her. */
beforeEach(async () => {
  world = new CoreWorld();
  wants = [];
  const make = world.network.transport.bind(world.network);
  world.network.transport = (): Transport => {
    const transport = make();
    const at = wants.push([]) - 1;
    const want = transport.want.bind(transport);
    transport.want = (peers) => {
      wants[at] = peers;
      want(peers);
    };
    return transport;
  };
  [alice, bob] = await world.pair();
  carol = await world.person("Carol");
  await befriend(world, alice, carol);
  await bob.messenger.changeSettings({ relaysFor: "anyone" });
  await carol.messenger.changeSettings({ asksMembers: true });
  beforeCarolKeepsARequest = Promise.resolve();
  await openWithSlowRequests(carol);
  const peers = await Promise.all([alice, carol].map(async (person) => (await person.identity()).peerKey));
  const [ofAlice, ofCarol] = peers;
  if (ofAlice === undefined || ofCarol === undefined) throw new Error("nobody is here");
  world.network.cut(ofAlice, ofCarol);
  const accounts = [(await alice.contactWith("Bob")).account, (await alice.contactWith("Carol")).account];
  await alice.messenger.groups.create("Trip", accounts);
  carolMeetsAlice = () => world.network.heal(ofAlice, ofCarol);
});

afterEach(() => {
  expect(world.bugs).toEqual([]);
});

/** How Carol, the last to be opened, is to reach Bob. */
async function carolReachesBob(): Promise<WantedPeer | undefined> {
  const { peerKey } = await bob.identity();
  return wants.at(-1)?.find(({ peer }) => peer === peerKey);
}

test("the card that says that they help is not lost", async () => {
  await world.clock.advance(MEETING_MS);
  carolMeetsAlice();
  expect(await carolReachesBob()).toBeUndefined();
  await world.clock.advance(SETTLING_MS);
  expect(await carolReachesBob()).toMatchObject({ canHelp: true });
});

test("nobody is asked about the group any more", async () => {
  await world.clock.advance(MEETING_MS);
  expect(carol.messenger.people.requests()).toMatchObject([{ name: "Bob", group: "Trip" }]);
  carolMeetsAlice();
  await world.clock.advance(SETTLING_MS);
  expect(carol.messenger.people.requests()).toEqual([]);
  expect(await carol.threadWith("Trip")).toMatchObject({ group: { size: 3 } });
});

test("nobody is asked about a group that was taken in while the disk was slow to keep the request", async () => {
  let keep = (): void => undefined;
  beforeCarolKeepsARequest = new Promise((resolve) => {
    keep = resolve;
  });
  await world.clock.advance(MEETING_MS);
  carolMeetsAlice();
  await world.clock.advance(SETTLING_MS);
  expect(await carol.threadWith("Trip")).toMatchObject({ group: { size: 3 } });
  keep();
  await world.clock.advance(SETTLING_MS);
  expect(carol.messenger.people.requests()).toEqual([]);
  expect(await carol.store.read(["groupRequests"], (tx) => tx.count("groupRequests", {}))).toBe(0);
});
