/** Couriers, depositors and bringers that break the rules: contained, and nothing honest is lost. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hexToBytes } from "../../../../src/core/codec/bytes.ts";
import { decodeDepositAnswer, encodeDeposit, encodeParcelHead } from "../../../../src/core/couriers/courier-frames.ts";
import { decodeReceipt, encodeReceipt } from "../../../../src/core/couriers/receipt.ts";
import { createSuite } from "../../../../src/core/crypto/real-suite.ts";
import { StoreFullError } from "../../../../src/core/store/store.ts";
import { FRAME } from "../../../../src/core/sync/frames.ts";
import type { CorePerson } from "../../../support/core-world.ts";
import { RawPeer } from "../../../support/raw-peer.ts";
import { AWAY_MS, befriend, MEET_MS, ThreeContacts } from "../../../support/three-contacts.ts";

const suite = createSuite();
/** Enough for many messages of one's own, and less than is left free when something is taken for others. */
const LITTLE_ROOM_BYTES = 1024 * 1024;
let three: ThreeContacts;
let alice: CorePerson;
let bob: CorePerson;
let carol: CorePerson;

beforeEach(async () => {
  three = await ThreeContacts.meet();
  ({ alice, bob, carol } = three);
});

afterEach(() => {
  expect(three.world.bugs).toEqual([]);
});

const newId = (): string => Buffer.from(suite.random(16)).toString("hex");
const stateOfAlice = async (): Promise<string> => (await alice.lines("Carol")).at(-1) ?? "";

/** The token for Bob on Carol's card for this person. */
async function tokenOf(person: CorePerson): Promise<Uint8Array> {
  const { account } = await carol.identity();
  const card = await person.store.read(["cards"], (tx) => tx.get("cards", [account]));
  const [token] = card?.tokens ?? [];
  if (token === undefined) throw new Error("no token");
  return token;
}

async function peerOf(person: CorePerson): Promise<RawPeer["key"]> {
  return (await person.identity()).peerKey;
}

/** A parcel as it was sent to a peer by hand. */
function parcelIn(peer: RawPeer): { readonly id: string; readonly bytes: Uint8Array } {
  const at = peer.received.findLastIndex(({ type }) => type === FRAME.parcel);
  const head = peer.received[at];
  if (head === undefined) throw new Error("no parcel");
  const parts = peer.received.slice(at).filter(({ type }) => type === FRAME.parcelPart);
  const bytes = Buffer.concat(parts.map(({ payload }) => payload));
  return { id: Buffer.from(head.payload.subarray(0, 16)).toString("hex"), bytes: new Uint8Array(bytes) };
}

async function sendParcel(peer: RawPeer, id: string, bytes: Uint8Array): Promise<void> {
  await peer.send(FRAME.parcel, 0, encodeParcelHead({ id, size: bytes.length }));
  for (let at = 0; at < bytes.length; at += 16_000) {
    await peer.send(FRAME.parcelPart, 0, bytes.slice(at, at + 16_000));
  }
}

async function answer(peer: RawPeer, id: string, code: number): Promise<void> {
  await peer.send(FRAME.depositAnswer, 0, Uint8Array.of(...hexToBytes(id, 16), code));
}

describe("a courier by hand", () => {
  let courier: RawPeer;
  let parcel: { readonly id: string; readonly bytes: Uint8Array };

  /** Mallory sits at Bob's keys: Alice leaves a parcel for Carol there. */
  beforeEach(async () => {
    await three.close(carol);
    courier = await RawPeer.inPlaceOf(three.world, bob, alice);
    await alice.send("Carol", "for Carol");
    await three.world.clock.advance(AWAY_MS);
    const id = Buffer.from(courier.lastOf(FRAME.deposit).payload.subarray(0, 16)).toString("hex");
    await answer(courier, id, 0);
    parcel = parcelIn(courier);
    await answer(courier, id, 1);
    expect(parcel.id).toBe(id);
    expect(await stateOfAlice()).toBe("for Carol (carried by 1)");
  });

  test("that withholds costs nothing but time: a meeting delivers", async () => {
    await courier.stop();
    await three.open(carol);
    expect(await carol.texts("Alice")).toEqual(["for Carol"]);
    expect(await stateOfAlice()).toBe("for Carol (delivered)");
    expect(await alice.store.read(["deposits"], (tx) => tx.count("deposits", {}))).toBe(0);
  });

  test("cannot make a message look delivered by a receipt of its own, or by none that is asked for", async () => {
    const { logSeed, device } = await bob.identity();
    const forged = { parcel: parcel.id, device, isTaken: true, sealedClock: new Uint8Array(0) };
    await courier.send(FRAME.receipt, 0, encodeReceipt(suite, logSeed, forged));
    const asCarol = { ...forged, device: (await carol.identity()).device };
    await courier.send(FRAME.receipt, 0, encodeReceipt(suite, logSeed, asCarol));
    await courier.send(FRAME.receipt, 0, encodeReceipt(suite, logSeed, { ...asCarol, parcel: newId() }));
    expect(await stateOfAlice()).toBe("for Carol (carried by 1)");
    await three.world.clock.advance(1_000);
    expect(courier.isConnected).toBe(true);
    await three.open(carol);
    expect(await stateOfAlice()).toBe("for Carol (delivered)");
  });

  test("that brings a parcel twice, damaged, under another id, or of its own making, doubles and breaks nothing", async () => {
    await alice.messenger.stop();
    await three.open(carol);
    await courier.reach(await peerOf(carol));
    await courier.greet();
    const damaged = parcel.bytes.slice();
    damaged[2_000] = (damaged[2_000] ?? 0) ^ 1;
    for (const [id, bytes, isTaken] of [
      [parcel.id, damaged, false],
      [newId(), parcel.bytes, false],
      [newId(), suite.random(5_000), false],
      [newId(), suite.random(3), false],
      [parcel.id, parcel.bytes, true],
      [parcel.id, parcel.bytes, true],
    ] as const) {
      await sendParcel(courier, id, bytes);
      const receipt = decodeReceipt(courier.lastOf(FRAME.receipt).payload);
      expect([receipt.parcel, receipt.isTaken]).toEqual([id, isTaken]);
    }
    expect(courier.isConnected).toBe(true);
    expect(await carol.texts("Alice")).toEqual(["for Carol"]);
  });

  test("that brings the receipt again and again changes nothing", async () => {
    await three.close(alice);
    await three.open(carol);
    await courier.reach(await peerOf(carol));
    await courier.greet();
    await sendParcel(courier, parcel.id, parcel.bytes);
    const receipt = courier.lastOf(FRAME.receipt).payload;
    await carol.messenger.stop();
    await three.open(alice);
    await courier.reach(await peerOf(alice));
    await courier.greet();
    for (let times = 0; times < 3; times += 1) {
      await courier.send(FRAME.receipt, 0, receipt);
      expect(await stateOfAlice()).toBe("for Carol (delivered)");
      expect(courier.lastOf(FRAME.receiptNoted).payload).toEqual(hexToBytes(parcel.id, 16));
    }
  });

  test("that says it gave the parcel up has the message wait again", async () => {
    await answer(courier, parcel.id, 6);
    expect(await stateOfAlice()).not.toBe("for Carol (delivered)");
    expect(await alice.store.read(["deposits"], (tx) => tx.count("deposits", {}))).toBe(0);
  });
});

describe("a depositor by hand", () => {
  const verdictOf = (peer: RawPeer): string => decodeDepositAnswer(peer.lastOf(FRAME.depositAnswer).payload).verdict;

  async function deposit(peer: RawPeer, token: Uint8Array, size = 5_000): Promise<string> {
    const id = newId();
    await peer.send(FRAME.deposit, 0, encodeDeposit({ id, replaced: undefined, size, token }));
    if (verdictOf(peer) === "send") await sendParcel(peer, id, suite.random(size));
    return verdictOf(peer);
  }

  test("is held to the quota of its token, and leaves room for others", async () => {
    await three.close(carol);
    const token = await tokenOf(alice);
    const peer = await RawPeer.inPlaceOf(three.world, alice, bob);
    const verdicts: string[] = [];
    for (let index = 0; index < 8; index += 1) verdicts.push(await deposit(peer, token));
    expect(verdicts).toEqual([...Array<string>(5).fill("held"), ...Array<string>(3).fill("too-much")]);
    expect(bob.messenger.carried()).toEqual({ parcels: 5, bytes: 25_000 });
    expect(peer.isConnected).toBe(true);

    await peer.stop();
    await three.open(carol);
    expect(bob.messenger.carried().parcels).toBe(0);
    expect(await carol.texts("Alice")).toEqual([]);
  });

  test("has no use of a token that is forged, somebody else's or expired", async () => {
    const token = await tokenOf(alice);
    const forged = token.map((byte, at) => (at === 112 ? 255 : byte));
    const mallory = await three.world.person("Mallory");
    await befriend(three.world, bob, mallory);
    await three.close(carol);
    const thief = await RawPeer.inPlaceOf(three.world, mallory, bob);
    expect(await deposit(thief, token)).toBe("bad-token");
    await thief.stop();
    const peer = await RawPeer.inPlaceOf(three.world, alice, bob);
    expect(await deposit(peer, forged)).toBe("bad-token");
    expect(await deposit(peer, await tokenOf(bob))).toBe("bad-token");
    expect(await deposit(peer, token)).toBe("held");
    three.world.clock.setWall(three.world.clock.now() + 31 * 24 * 60 * 60_000);
    expect(await deposit(peer, token)).toBe("bad-token");
  });

  test("that sends what was not agreed on is not listened to", async () => {
    await three.close(carol);
    const token = await tokenOf(alice);
    for (const [type, payload] of [
      [FRAME.parcelPart, new Uint8Array(10)],
      [FRAME.parcel, encodeParcelHead({ id: newId(), size: 1 }).fill(255, 16)],
      [FRAME.deposit, encodeDeposit({ id: newId(), replaced: undefined, size: 1, token }).subarray(1)],
      [FRAME.card, Uint8Array.of(1, ...hexToBytes((await alice.identity()).device, 16), ...new Uint8Array(1_383))],
      [FRAME.receipt, new Uint8Array(50)],
    ] as const) {
      const peer = await RawPeer.inPlaceOf(three.world, alice, bob);
      const before = peer.closes;
      await peer.send(type, 0, payload);
      await three.world.clock.until(() => peer.closes > before, 5_000);
      expect(peer.closes, `frame ${type}`).toBeGreaterThan(before);
      await peer.stop();
      await three.world.clock.advance(60_000);
    }
    expect(bob.messenger.carried().parcels).toBe(0);
  });
});

describe("a courier that may no longer carry", () => {
  beforeEach(async () => {
    await three.close(carol);
    await alice.send("Carol", "for Carol");
    await three.world.clock.advance(AWAY_MS);
    expect(bob.messenger.carried().parcels).toBe(1);
  });

  const left = (): Promise<number> => bob.store.read(["parcelBytes"], (tx) => tx.count("parcelBytes", {}));

  test("because its person wants so gives everything back to waiting, and is asked no more", async () => {
    await bob.messenger.changeSettings({ carriesFor: "nobody" });
    await three.world.clock.advance(AWAY_MS);
    expect(await left()).toBe(0);
    expect(await stateOfAlice()).toBe("for Carol (waiting)");
    await alice.send("Carol", "and this");
    await three.world.clock.advance(AWAY_MS);
    expect(await stateOfAlice()).toBe("and this (waiting)");
    await bob.messenger.changeSettings({ carriesFor: "contacts" });
    await three.world.clock.advance(AWAY_MS);
    expect(await stateOfAlice()).toBe("and this (carried by 1)");
    await three.open(carol);
    expect(await carol.texts("Alice")).toEqual(["for Carol", "and this"]);
  });

  test("because it blocked the author, or deleted the recipient, keeps nothing", async () => {
    await bob.messenger.people.block((await bob.threadWith("Alice")).id);
    await three.world.clock.advance(1_000);
    expect(await left()).toBe(0);
    expect(await bob.store.read(["parcelReceipts"], (tx) => tx.count("parcelReceipts", {}))).toBe(0);
  });

  test("because the recipient is deleted tells its depositor", async () => {
    await bob.messenger.deleteConversation((await bob.threadWith("Carol")).id);
    await three.world.clock.advance(AWAY_MS);
    expect(await left()).toBe(0);
    expect(await stateOfAlice()).toBe("for Carol (waiting)");
    await three.open(carol);
    expect(await stateOfAlice()).toBe("for Carol (delivered)");
  });

  test("because time is over forgets it after 30 days", async () => {
    three.world.clock.setWall(three.world.clock.now() + 31 * 24 * 60 * 60_000);
    await bob.restart();
    expect(await left()).toBe(0);
  });
});

test("a courier without room takes nothing, and the message waits", async () => {
  bob.hasRoom = false;
  await three.close(carol);
  await alice.send("Carol", "for Carol");
  await three.world.clock.advance(AWAY_MS);
  expect(await stateOfAlice()).toBe("for Carol (waiting)");
  expect(bob.messenger.carried().parcels).toBe(0);
  await three.open(carol);
  expect(await carol.texts("Alice")).toEqual(["for Carol"]);
});

test("a disk with little room takes nothing more for others, and still all that is one's own", async () => {
  await three.close(carol);
  bob.store.setQuota(bob.store.usedBytes + LITTLE_ROOM_BYTES);
  await alice.send("Carol", "would be carried");
  await alice.send("Bob", "for Bob himself");
  await bob.send("Alice", "x".repeat(8_000));
  await three.world.clock.advance(AWAY_MS);
  expect(await alice.lines("Carol")).toEqual(["would be carried (waiting)"]);
  expect(await bob.store.read(["parcels"], (tx) => tx.count("parcels", {}))).toBe(0);
  expect(await bob.texts("Alice")).toContain("for Bob himself");
  expect(await bob.lines("Alice")).toContain(`${"x".repeat(8_000)} (delivered)`);
  bob.store.setQuota(bob.store.usedBytes);
  expect(await bob.messenger.send((await bob.threadWith("Alice")).id, "not to the last byte")).toEqual({
    kind: "full",
  });
});

test("a disk that is full since keeps nobody from opening, nor a parcel from being handed over", async () => {
  await three.close(carol);
  await alice.send("Carol", "for Carol");
  await three.world.clock.advance(AWAY_MS);
  await three.close(alice);
  await three.close(bob);
  // Bob's card is old by now: it would be renewed.
  three.world.clock.setWall(three.world.clock.now() + 8 * 24 * 60 * 60_000);
  bob.store.setQuota(1);
  bob.store.failNextCommit(new StoreFullError("full"));
  await three.open(bob);
  await three.open(carol);
  expect(await carol.texts("Alice")).toEqual(["for Carol"]);
  bob.store.setQuota(undefined);
  await three.world.clock.advance(2 * MEET_MS);
  expect(bob.messenger.carried().parcels).toBe(0);
});

test("a card of a device that is not on the list that is held is passed over", async () => {
  await three.close(carol);
  const { device } = await alice.identity();
  const peer = await RawPeer.inPlaceOf(three.world, alice, bob);
  const before = peer.closes;
  await peer.send(FRAME.card, 0, Uint8Array.of(1, ...suite.random(16), ...new Uint8Array(1_383)));
  await three.world.clock.advance(2_000);
  expect(peer.closes).toBe(before);
  await peer.send(FRAME.card, 0, Uint8Array.of(1, ...hexToBytes(device, 16), ...new Uint8Array(1_383)));
  await three.world.clock.until(() => peer.closes > before, 5_000);
});

test("a recipient who blocked the author is brought nothing of theirs, and the courier is free again", async () => {
  await three.close(carol);
  await alice.send("Carol", "for Carol");
  await three.world.clock.advance(AWAY_MS);
  await three.close(alice);
  await carol.open();
  await carol.messenger.people.block((await carol.threadWith("Alice")).id);
  await carol.messenger.connect();
  await three.world.clock.advance(MEET_MS);
  expect(bob.messenger.carried().parcels).toBe(0);
  expect(await carol.texts("Alice")).toEqual([]);
});
