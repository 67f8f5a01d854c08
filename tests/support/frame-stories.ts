/** How two people come to send each other a frame of each type. Each story ends just after that frame, and says who received it. */
import type { AccountId } from "../../src/core/codec/ids.ts";
import { FRAME } from "../../src/core/sync/frames.ts";
import { type CorePerson, CoreWorld } from "./core-world.ts";
import { createModelSuite } from "./model-suite.ts";
import { newcomerAhead } from "./newcomer-ahead.ts";
import { asOfVersionWithoutNumbers } from "./earlier-greet.ts";
import { storeSignedRead } from "./signed-read.ts";
import { type Instead, WireMeddler } from "./wire-meddler.ts";
import { tapWire } from "./wire-tap.ts";

/** Long enough for what follows from a frame, too short for another try. */
const AFTER_MS = 300;
const LONGEST_MS = 60_000;
const RELEASE = { version: "0.1.0", fingerprint: "0a".repeat(32) };

export interface Told {
  readonly world: CoreWorld;
  readonly meddler: WireMeddler;
  readonly receiver: CorePerson;
}

export type Story = (type: number, instead: Instead) => Promise<Told>;

export class Stage {
  readonly world = new CoreWorld({ suite: createModelSuite(1) });
  readonly meddler: WireMeddler;

  constructor(type: number, instead: Instead) {
    this.meddler = new WireMeddler(this.world, type, instead);
  }

  async arm(from: CorePerson, ...[follows]: readonly Parameters<WireMeddler["arm"]>[1][]): Promise<void> {
    this.meddler.arm((await from.identity()).peerKey, follows);
  }

  async told(receiver: CorePerson): Promise<Told> {
    const { world, meddler } = this;
    await world.clock.until(() => meddler.frame !== undefined, LONGEST_MS);
    await world.clock.advance(AFTER_MS);
    return { world, meddler, receiver };
  }
}

type Side = "alice" | "bob";
type Scene = (stage: Stage) => Promise<readonly [CorePerson, CorePerson]>;

/** Two strangers, or two contacts who are level. */
const strangers: Scene = async ({ world }) => [await world.person("Alice"), await world.person("Bob")];
const contacts: Scene = ({ world }) => world.pair();

/** `happens` leads to the frame, which this side sends. */
function story(
  scene: Scene,
  from: Side,
  happens: (stage: Stage, alice: CorePerson, bob: CorePerson) => Promise<unknown>,
  follows?: Parameters<WireMeddler["arm"]>[1],
): Story {
  return async (type, instead) => {
    const stage = new Stage(type, instead);
    const [alice, bob] = await scene(stage);
    await stage.arm(from === "alice" ? alice : bob, follows);
    await happens(stage, alice, bob);
    return stage.told(from === "alice" ? bob : alice);
  };
}

const accepts = async (alice: CorePerson, bob: CorePerson): Promise<void> => {
  const invite = await alice.messenger.createInvite({ uses: 1, days: 7 });
  await bob.messenger.acceptInvite(invite.link);
};

const asks = async (alice: CorePerson, bob: CorePerson): Promise<void> => {
  const invite = await alice.messenger.createInvite({ uses: 1, days: 7 });
  await alice.messenger.withdrawInvite(invite.id);
  await bob.messenger.acceptInvite(invite.link);
};

export const comesBack = async (person: CorePerson): Promise<void> => {
  await person.messenger.stop();
  await person.open();
  await person.messenger.connect();
};

/** Alice writes what Bob does not get; when they meet again their histories differ. */
const differ = async ({ world }: Stage, alice: CorePerson, bob: CorePerson): Promise<void> => {
  const [a, b] = [(await alice.identity()).peerKey, (await bob.identity()).peerKey];
  world.network.cut(a, b);
  await alice.send("Bob", "unheard");
  await comesBack(alice);
  world.network.heal(a, b);
};

/** An acceptance by an invite, seen from either side. */
export const acceptedBy = (from: Side): Story => story(strangers, from, (_, alice, bob) => accepts(alice, bob));

/** A request for which there is no invite. */
export const askedBy = (from: Side): Story => story(strangers, from, (_, alice, bob) => asks(alice, bob));

/** The person behind a request was let in. */
export const letIn: Story = async (type, instead) => {
  const stage = new Stage(type, instead);
  const [alice, bob] = await strangers(stage);
  await asks(alice, bob);
  await stage.world.clock.advance(10_000);
  await stage.arm(alice);
  const account: AccountId = (await bob.identity()).account;
  await alice.messenger.people.acceptRequest(account);
  return stage.told(bob);
};

export const renamed = story(contacts, "alice", (_, alice) => alice.messenger.setName("Alicia"));

/** Bob has something to say when they meet again. */
export const metAgain = (from: Side): Story =>
  story(contacts, from, async (_, __, bob) => {
    await bob.messenger.stop();
    await bob.open();
    await bob.send("Alice", "hello again");
    await bob.messenger.connect();
  });

export const relayingNoMore = story(contacts, "alice", (_, alice) =>
  alice.messenger.changeSettings({ relaysFor: "nobody" }),
);

export const differing = (from: Side): Story => story(contacts, from, differ);

/** A message with the keys to it. The envelope's entry follows it. */
export const written = (type: number, instead: Instead): Promise<Told> =>
  story(
    contacts,
    "alice",
    (_, alice) => alice.send("Bob", "hello"),
    (frame) => type === FRAME.envelope && frame.type === FRAME.entry,
  )(type, instead);

/** So much that Bob makes room for more. */
export const credited = story(contacts, "bob", async ({ meddler, world }, alice) => {
  for (let index = 0; index < 10 && meddler.frame === undefined; index += 1) {
    await alice.send("Bob", `${index}`.padEnd(8_000, "x"));
    // Each is answered before the next: a credit overtakes what waits to be handled.
    await world.clock.advance(AFTER_MS);
  }
});

export const heard = story(contacts, "bob", (_, alice) => alice.send("Bob", "hello"));

export const read = story(contacts, "bob", async ({ world }, alice, bob) => {
  await alice.send("Bob", "hello");
  await world.clock.advance(1_000);
  await bob.readAll("Alice");
});

/** Bob comes back, who had read it with an earlier version. */
export const readBefore = story(contacts, "bob", async ({ world }, alice, bob) => {
  await alice.send("Bob", "hello");
  await world.clock.advance(1_000);
  await bob.messenger.stop();
  await storeSignedRead(world.suite, bob);
  await bob.open();
  await bob.messenger.connect();
});

export const codeRead = story(contacts, "bob", async (_, alice, bob) => {
  const code = alice.messenger.people.showCode((await alice.threadWith("Bob")).id);
  bob.messenger.people.readCode((await bob.threadWith("Alice")).id, code?.text ?? "");
});

export const releaseTold = story(contacts, "alice", async (_, alice, bob) => {
  bob.release = { ...RELEASE, fingerprint: "0b".repeat(32) };
  alice.release = RELEASE;
  await comesBack(alice);
});

/** Bob has deleted the conversation that Alice compares. */
export const unknownMet = story(contacts, "bob", async ({ world }, alice, bob) => {
  await alice.messenger.stop();
  await bob.messenger.deleteConversation((await bob.threadWith("Alice")).id);
  await world.clock.advance(10_000);
  await alice.open();
  await alice.messenger.connect();
});

/** What Bob cannot read, since the envelopes are lost, is handed over. */
export const handedOver = story(contacts, "alice", async ({ world }, alice, bob) => {
  const [a, b] = [(await alice.identity()).peerKey, (await bob.identity()).peerKey];
  world.network.cut(a, b);
  for (let index = 0; index < 60; index += 1) await alice.send("Bob", `m${index}`);
  await alice.store.write(["envelopes"], "strict", async (tx) => tx.deleteRange("envelopes", {}));
  await comesBack(alice);
  world.network.heal(a, b);
});

/** Alice, gone back to an old copy for the second time, is told of the device that she became the first time. */
export const rolledBack = story(contacts, "bob", async ({ world }, alice) => {
  const goesBack = async (): Promise<void> => {
    await alice.messenger.stop();
    await world.clock.advance(10_000);
    alice.store.restore(copy);
    await alice.open();
    await alice.messenger.connect();
  };
  const copy = alice.store.snapshot();
  await alice.send("Bob", "forgotten");
  await world.clock.advance(1_000);
  await goesBack();
  await world.clock.advance(40_000);
  await goesBack();
});

/** Bob learns of a group that Alice founded with him. */
export const groupOffered = story(contacts, "alice", async (_, alice) => {
  await alice.messenger.groups.create("Trip", [(await alice.contactWith("Bob")).account]);
});

/** Alice, Bob and Carol, who does not know Bob, in a group of Alice's. */
export async function group(stage: Stage): Promise<readonly [CorePerson, CorePerson, CorePerson]> {
  const { world } = stage;
  const [alice, bob] = await contacts(stage);
  const carol = await world.person("Carol");
  await accepts(alice, carol);
  await world.clock.advance(10_000);
  const members = [(await alice.contactWith("Bob")).account, (await alice.contactWith("Carol")).account];
  await alice.messenger.groups.create("Trip", members);
  await world.clock.advance(30_000);
  return [alice, bob, carol];
}

/** Bob states how far he is, while Carol is away. */
export const heardInGroup: Story = async (type, instead) => {
  const stage = new Stage(type, instead);
  const [alice, bob, carol] = await group(stage);
  await carol.messenger.stop();
  await stage.world.clock.advance(10_000);
  await stage.arm(bob);
  await alice.send("Trip", "hello");
  return stage.told(alice);
};

/** Carol, whom Alice does not reach, tells Bob how far she is; Bob tells Alice which statements he holds. */
export const statementsTold: Story = (type, instead) => tellsStatements(new Stage(type, instead));

/** With an earlier version he tells that he holds others. */
export const statementsToldBefore: Story = (type, instead) => {
  const stage = new Stage(type, instead);
  tapWire(stage.world, asOfVersionWithoutNumbers);
  return tellsStatements(stage);
};

async function tellsStatements(stage: Stage): Promise<Told> {
  const { world } = stage;
  const [alice, bob, carol] = await group(stage);
  world.network.cut((await alice.identity()).peerKey, (await carol.identity()).peerKey);
  await world.clock.advance(60_000);
  await stage.arm(bob);
  await bob.send("Trip", "hello");
  await world.clock.until(() => stage.meddler.frame !== undefined, LONGEST_MS);
  await world.clock.advance(2_000);
  return { world, meddler: stage.meddler, receiver: alice };
}

/** Bob can take now what Carol sent him before. */
export const askedAgain: Story = async (type, instead) => {
  const stage = new Stage(type, instead);
  const { bob, carol, daveComes } = await newcomerAhead(stage.world);
  await stage.arm(bob);
  await daveComes();
  return stage.told(carol);
};
