import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { bytesToBase64Url } from "../../../../src/core/codec/bytes.ts";
import { CONTROL_CHANNEL, CONTROL_KIND } from "../../../../src/core/codec/entry.ts";
import type { AccountId, ConversationId } from "../../../../src/core/codec/ids.ts";
import { encodeBundle } from "../../../../src/core/conversations/bundle.ts";
import {
  decodeAnswer,
  decodeRefusal,
  encodeAnswer,
  encodeClaim,
  encodeRefusal,
  encodeRequest,
  proofOf,
} from "../../../../src/core/conversations/first-contact-codec.ts";
import { conversationIdOf } from "../../../../src/core/conversations/conversation-id.ts";
import { encodeGenesis } from "../../../../src/core/membership/genesis.ts";
import {
  encodeInvite,
  inviteIdOf,
  parseInviteText,
  type Invite,
} from "../../../../src/core/conversations/invite-codec.ts";
import { consentingDevice, encodeDeviceList, type ListedDevice } from "../../../../src/core/crypto/identity.ts";
import { createSuite } from "../../../../src/core/crypto/real-suite.ts";
import { createMemoryStore } from "../../../../src/adapters/memory/memory-store.ts";
import { APPEND_TABLES, appendEntry } from "../../../../src/core/log/append.ts";
import type { EntryParts } from "../../../../src/core/log/entry.ts";
import type { IdentityRow } from "../../../../src/core/store/tables.ts";
import { encodeFrame, FRAME } from "../../../../src/core/sync/frames.ts";
import { encodeHave, encodeWant } from "../../../../src/core/sync/payloads.ts";
import { type CorePerson, CoreWorld } from "../../../support/core-world.ts";
import { direct } from "../../../support/fake-views.ts";
import { RawPeer } from "../../../support/raw-peer.ts";

const suite = createSuite();

let world: CoreWorld;
let alice: CorePerson;
let invite: Invite;

beforeEach(async () => {
  world = new CoreWorld();
  alice = await world.person("Alice");
  invite = parsed((await alice.messenger.createInvite({ uses: 1, days: 7 })).link);
});

afterEach(() => {
  expect(world.bugs).toEqual([]);
});

function parsed(link: string): Invite {
  const decoded = parseInviteText(suite, link);
  if (decoded.kind !== "invite") throw new Error("not an invite");
  return decoded.invite;
}

/** Somebody with an account and keys of their own who speaks by hand. */
class Handmade {
  readonly identity: IdentityRow;
  readonly peer: RawPeer;
  readonly bundle: Uint8Array;

  private constructor(identity: IdentityRow, peer: RawPeer, bundle: Uint8Array) {
    this.identity = identity;
    this.peer = peer;
    this.bundle = bundle;
  }

  /** `alsoLists`: devices of others that this account calls its own. */
  static async start(name: string, alsoLists: readonly ListedDevice[] = []): Promise<Handmade> {
    const person = await world.person(name);
    const identity = await person.identity();
    await person.messenger.stop();
    const own = consentingDevice(suite, identity.rootKey, identity, 1);
    const list = { rootKey: identity.rootKey, number: 1, devices: [own, ...alsoLists] };
    const bytes = encodeDeviceList(suite, identity.rootSeed, list);
    const bundle = encodeBundle(suite, identity, { ...list, bytes });
    return new Handmade(identity, await RawPeer.start(world, identity.peerSeed), bundle);
  }

  async meet(person: CorePerson): Promise<void> {
    await this.peer.reach((await person.identity()).peerKey);
    await this.peer.greet();
  }

  async genesis(founder: AccountId, other: AccountId): Promise<EntryParts> {
    const content = encodeGenesis({ kind: "direct", nonce: suite.random(16), founder, other });
    const conversation = conversationIdOf(suite, content);
    const draft = { conversation, channel: CONTROL_CHANNEL, kind: CONTROL_KIND.genesis, content };
    const entry = await createMemoryStore().write(APPEND_TABLES, "strict", (tx) =>
      appendEntry(tx, suite, world.clock.now(), this.identity, draft),
    );
    return entry.parts;
  }

  async claim(): Promise<Uint8Array> {
    const genesis = await this.genesis(this.identity.account, invite.account);
    return encodeClaim({ invite: inviteIdOf(suite, invite.secret), bundle: this.bundle, genesis });
  }

  /** Asks to be let in, without a word of an invite. */
  async request(founder = this.identity.account): Promise<Uint8Array> {
    return encodeRequest({ bundle: this.bundle, genesis: await this.genesis(founder, invite.account) });
  }

  /** The proof for a claim that was answered with a bundle. */
  proof(claim: Uint8Array, secret = invite.secret): Uint8Array {
    return proofOf(suite, secret, "acceptor", {
      acceptorNonce: this.peer.nonce,
      inviterNonce: this.peer.greeting.nonce,
      acceptorPeer: this.peer.key,
      inviterPeer: invite.peer,
      claim,
      inviterBundle: this.peer.lastOf(FRAME.bundle).payload,
    });
  }

  /** The answer to the proof of the claim that came last. */
  welcome(): Uint8Array {
    return proofOf(suite, invite.secret, "inviter", {
      acceptorNonce: this.peer.greeting.nonce,
      inviterNonce: this.peer.nonce,
      acceptorPeer: this.peer.remoteKey,
      inviterPeer: this.peer.key,
      claim: this.peer.lastOf(FRAME.claim).payload,
      inviterBundle: this.bundle,
    });
  }

  /** The same person on a new node. */
  async again(): Promise<Handmade> {
    return new Handmade(this.identity, await RawPeer.start(world, this.identity.peerSeed), this.bundle);
  }

  async sendClaim(claim: Uint8Array): Promise<void> {
    await this.peer.send(FRAME.claim, 0, claim);
  }

  async prove(proof: Uint8Array): Promise<void> {
    await this.peer.send(FRAME.proof, 0, proof);
  }
}

async function expectNobodyGotIn(): Promise<void> {
  expect(await alice.threads()).toEqual([]);
  expect((await alice.messenger.openInvites())[0]?.usesLeft).toBe(1);
}

describe("to an inviter", () => {
  test("a claim that is proven is welcomed: the handmade peer speaks the protocol", async () => {
    const bob = await Handmade.start("Bob");
    await bob.meet(alice);
    const claim = await bob.claim();
    await bob.sendClaim(claim);
    await bob.prove(bob.proof(claim));
    expect(bob.peer.lastOf(FRAME.welcome).payload).toHaveLength(32);
    expect((await alice.threads()).map((thread) => thread.name)).toEqual(["Bob"]);
  });

  test("a wrong proof is refused, uses nothing up and ends the link", async () => {
    const mallory = await Handmade.start("Mallory");
    await mallory.meet(alice);
    const claim = await mallory.claim();
    await mallory.sendClaim(claim);
    await mallory.prove(mallory.proof(claim, suite.random(16)));
    expect(decodeRefusal(mallory.peer.lastOf(FRAME.refusal).payload)).toBe("unknown");
    await world.clock.advance(4_000);
    expect(mallory.peer.isConnected).toBe(false);
    await expectNobodyGotIn();
  });

  test("a proof heard on another link is refused", async () => {
    const mallory = await Handmade.start("Mallory");
    await mallory.meet(alice);
    const claim = await mallory.claim();
    await mallory.sendClaim(claim);
    const proof = mallory.proof(claim);
    world.network.drop(mallory.peer.key, invite.peer);
    await world.clock.advance(10_000);
    await mallory.meet(alice);
    await mallory.sendClaim(claim);
    await mallory.prove(proof);
    expect(decodeRefusal(mallory.peer.lastOf(FRAME.refusal).payload)).toBe("unknown");
    await expectNobodyGotIn();
  });

  test("somebody else's claim ends the link", async () => {
    const bob = await Handmade.start("Bob");
    const mallory = await Handmade.start("Mallory");
    await mallory.meet(alice);
    await mallory.sendClaim(await bob.claim());
    expect(mallory.peer.isConnected).toBe(false);
    await expectNobodyGotIn();
  });

  test("a proof without a claim, or a second claim before the proof, ends the link", async () => {
    const mallory = await Handmade.start("Mallory");
    await mallory.meet(alice);
    await mallory.prove(new Uint8Array(32));
    expect(mallory.peer.isConnected).toBe(false);
    const eve = await Handmade.start("Eve");
    await eve.meet(alice);
    await eve.sendClaim(await eve.claim());
    await eve.sendClaim(await eve.claim());
    expect(eve.peer.isConnected).toBe(false);
    await expectNobodyGotIn();
  });

  test("the genesis of a conversation with somebody else ends the link", async () => {
    const mallory = await Handmade.start("Mallory");
    await mallory.meet(alice);
    const genesis = await mallory.genesis(mallory.identity.account, "ab".repeat(32) as AccountId);
    const claim = encodeClaim({ invite: inviteIdOf(suite, invite.secret), bundle: mallory.bundle, genesis });
    await mallory.sendClaim(claim);
    expect(mallory.peer.isConnected).toBe(false);
    await expectNobodyGotIn();
  });

  test("a genesis that names the inviter as its founder, or that nobody of the bundle signed, ends the link", async () => {
    const [mallory, eve] = [await Handmade.start("Mallory"), await Handmade.start("Eve")];
    const backwards = await mallory.genesis(invite.account, mallory.identity.account);
    const signedByEve = await eve.genesis(mallory.identity.account, invite.account);
    for (const genesis of [backwards, signedByEve]) {
      await mallory.meet(alice);
      await mallory.sendClaim(
        encodeClaim({ invite: inviteIdOf(suite, invite.secret), bundle: mallory.bundle, genesis }),
      );
      expect(mallory.peer.isConnected).toBe(false);
      await world.clock.advance(60_000);
    }
    await expectNobodyGotIn();
  });

  test("a device list that claims a contact's device or ours ends the link, and the contact stays reachable", async () => {
    const bob = await world.person("Bob");
    const second = await alice.messenger.createInvite({ uses: 1, days: 7 });
    await bob.messenger.acceptInvite(second.link);
    await world.clock.advance(3_000);
    for (const victim of [bob, alice]) {
      // Listed as the victim agreed to be, but under another account.
      const identity = await victim.identity();
      const mallory = await Handmade.start("Mallory", [consentingDevice(suite, identity.rootKey, identity, 1)]);
      await mallory.meet(alice);
      await mallory.sendClaim(await mallory.claim());
      expect(mallory.peer.isConnected).toBe(false);
    }
    await alice.restart();
    await alice.send("Bob", "still you?");
    await world.clock.advance(5_000);
    expect(await bob.lines("Alice")).toEqual(["still you?"]);
    expect((await alice.threads()).map((thread) => thread.name)).toEqual(["Bob"]);
  });
});

describe("of somebody who asks without an invite", () => {
  const names = (): readonly string[] => alice.messenger.people.requests().map(({ name }) => name);

  test("the request is kept and answered, and the link ends", async () => {
    const bob = await Handmade.start("Bob");
    await bob.meet(alice);
    await bob.peer.send(FRAME.request, 0, await bob.request());
    expect(decodeAnswer(bob.peer.lastOf(FRAME.answer).payload)).toEqual({ kind: "waiting" });
    expect(bob.peer.takeTypes()).toEqual([FRAME.greet, FRAME.answer]);
    const { links } = bob.peer;
    await world.clock.advance(2_000);
    // It dials again by itself, on a new link.
    expect(bob.peer.links).toBeGreaterThan(links);
    expect(names()).toEqual(["Bob"]);
    await expectNobodyGotIn();
  });

  test("a second request on a link ends it", async () => {
    const mallory = await Handmade.start("Mallory");
    await mallory.meet(alice);
    const request = encodeFrame({ type: FRAME.request, session: 0, payload: await mallory.request() });
    await mallory.peer.sendBytes(Uint8Array.from([...request, ...request]));
    expect(mallory.peer.isConnected).toBe(false);
  });

  test("somebody else's request, or the genesis of a conversation with somebody else, is not kept", async () => {
    const [bob, mallory] = [await Handmade.start("Bob"), await Handmade.start("Mallory")];
    await mallory.meet(alice);
    await mallory.peer.send(FRAME.request, 0, await bob.request());
    expect(mallory.peer.isConnected).toBe(false);
    await bob.meet(alice);
    await bob.peer.send(FRAME.request, 0, await bob.request(mallory.identity.account));
    expect(bob.peer.isConnected).toBe(false);
    expect(names()).toEqual([]);
  });

  test("many at once keep nobody out who was invited", async () => {
    const many = [];
    for (let index = 0; index < 14; index += 1) many.push(await Handmade.start(`Mallory ${index}`));
    for (const mallory of many) await mallory.meet(alice);
    for (const mallory of many) {
      const payload = await mallory.request();
      mallory.peer.queue(encodeFrame({ type: FRAME.request, session: 0, payload }));
    }
    const bob = await world.person("Bob");
    await bob.messenger.acceptInvite(bytesToBase64Url(encodeInvite(suite, invite)));
    await world.clock.advance(5_000);
    expect((await alice.threads()).map((thread) => thread.name)).toEqual(["Bob"]);
    expect(names().length).toBeLessThanOrEqual(10);
  });
});

test("both say hello at once after a welcome: the session of the stream's opener stays, whichever that is", async () => {
  const { mallory: inviter, bob, conversation } = await welcomedByHand();
  const { peer } = inviter;
  expect(peer.isOpener).toBe(true);
  const hello = peer.hello(conversation, suite.hash(new Uint8Array(0)));
  peer.queue(encodeFrame({ type: FRAME.welcome, session: 0, payload: inviter.welcome() }));
  await peer.send(FRAME.hello, 1, hello);
  const answers = peer.received.filter((frame) => frame.type === FRAME.hello || frame.type === FRAME.have);
  expect(answers.map((frame) => [frame.type, frame.session])).toEqual([
    [FRAME.hello, 2],
    [FRAME.hello, 1],
    [FRAME.have, 1],
  ]);
  expect(peer.received.some((frame) => frame.type === FRAME.unknownConversation)).toBe(false);
  await peer.send(FRAME.have, 1, encodeHave([]));
  const { device } = await bob.identity();
  await peer.send(FRAME.want, 1, encodeWant([{ device, channel: 0, from: 1, to: 2 }]));
  expect(peer.lastOf(FRAME.entry).session).toBe(1);
  expect(direct((await bob.threads())[0]).contact.isConfirmed).toBe(true);
});

/** Bob has opened an invite of somebody who speaks by hand and has dialled him; all is said but the welcome. */
async function welcomedByHand(): Promise<{ mallory: Handmade; bob: CorePerson; conversation: ConversationId }> {
  const mallory = await Handmade.start("Inviter");
  await mallory.peer.stop();
  const bob = await world.person("Bob");
  const forged = encodeInvite(suite, { ...invite, account: mallory.identity.account, peer: mallory.peer.key });
  await bob.messenger.acceptInvite(bytesToBase64Url(forged));
  await bob.send((await bob.threads())[0]?.name ?? "", "hello");
  await world.clock.advance(60_000);
  world.network.setDirect(mallory.peer.key, (await bob.identity()).peerKey, false);
  const back = await mallory.again();
  await back.meet(bob);
  await back.peer.send(FRAME.bundle, 0, back.bundle);
  const [row] = await bob.store.read(["conversations"], (tx) => tx.range("conversations", {}));
  if (row === undefined) throw new Error("no conversation");
  return { mallory: back, bob, conversation: row.value.id };
}

describe("to an acceptor", () => {
  /** Bob opens an invite that leads to the peer of mallory. */
  async function bobOpens(mallory: Handmade, account: AccountId): Promise<CorePerson> {
    const bob = await world.person("Bob");
    const forged = encodeInvite(suite, { ...invite, account, peer: mallory.peer.key });
    await bob.messenger.acceptInvite(bytesToBase64Url(forged));
    await bob.send("Alice", "for Alice only");
    await world.clock.advance(2_000);
    await mallory.peer.greet();
    return bob;
  }

  test("the bundle of another account than the invite names ends the link", async () => {
    const mallory = await Handmade.start("Mallory");
    const bob = await bobOpens(mallory, invite.account);
    expect(mallory.peer.lastOf(FRAME.claim).payload.length).toBeGreaterThan(100);
    await mallory.peer.send(FRAME.bundle, 0, mallory.bundle);
    expect(mallory.peer.isConnected).toBe(false);
    expect((await bob.contactWith("Alice")).isConfirmed).toBe(false);
    expect(await bob.lines("Alice")).toEqual(["for Alice only (waiting)"]);
  });

  test("a welcome that does not prove the secret ends the link, and so does one before the proof", async () => {
    const mallory = await Handmade.start("Mallory");
    const bob = await bobOpens(mallory, mallory.identity.account);
    await mallory.peer.send(FRAME.bundle, 0, mallory.bundle);
    const proof = mallory.peer.lastOf(FRAME.proof).payload;
    await mallory.peer.send(FRAME.welcome, 0, proof);
    expect(mallory.peer.isConnected).toBe(false);
    await world.clock.advance(60_000);
    await mallory.peer.greet();
    await mallory.peer.send(FRAME.welcome, 0, new Uint8Array(32));
    expect(mallory.peer.isConnected).toBe(false);
    expect((await bob.contactWith("Alice")).isConfirmed).toBe(false);
    expect((await bob.threadWith("Alice")).waiting).toBe(1);
  });

  test("an answer that nobody asked for, or that lets in with another account's bundle, ends the link", async () => {
    const [mallory, other] = [await Handmade.start("Mallory"), await Handmade.start("Other")];
    const bob = await bobOpens(mallory, invite.account);
    const accepted = encodeAnswer({ kind: "accepted", bundle: mallory.bundle });
    await mallory.peer.send(FRAME.answer, 0, accepted);
    expect(mallory.peer.isConnected).toBe(false);

    const carol = await bobOpens(other, invite.account);
    await other.peer.send(FRAME.refusal, 0, encodeRefusal("used"));
    expect(other.peer.lastOf(FRAME.request).payload.length).toBeGreaterThan(100);
    await other.peer.send(FRAME.answer, 0, encodeAnswer({ kind: "accepted", bundle: other.bundle }));
    expect(other.peer.isConnected).toBe(false);
    expect(await carol.threadWith("Alice")).toMatchObject({ inviteTrouble: "used", request: "asking" });
    for (const person of [bob, carol]) expect((await person.contactWith("Alice")).isConfirmed).toBe(false);
  });
});
