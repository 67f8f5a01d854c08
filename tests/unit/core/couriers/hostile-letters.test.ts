/** Letters that break the rules, brought by hand: nothing is shown in somebody else's name, twice, or below what is to come. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { EMPTY_BYTES } from "../../../../src/core/codec/bytes.ts";
import type { ConversationId, DeviceId } from "../../../../src/core/codec/ids.ts";
import { encodeText } from "../../../../src/core/conversations/content.ts";
import { encodeParcelHead } from "../../../../src/core/couriers/courier-frames.ts";
import { type Letter, type LettersPlace, sealLetters } from "../../../../src/core/couriers/letters.ts";
import { encodeParcelContent, sealParcel } from "../../../../src/core/couriers/parcel.ts";
import { decodeReceipt } from "../../../../src/core/couriers/receipt.ts";
import { nextClock } from "../../../../src/core/log/hybrid-clock.ts";
import { FRAME } from "../../../../src/core/sync/frames.ts";
import type { CorePerson } from "../../../support/core-world.ts";
import { createModelSuite } from "../../../support/model-suite.ts";
import { RawPeer } from "../../../support/raw-peer.ts";
import { ThreeContacts } from "../../../support/three-contacts.ts";

const HOUR_MS = 3_600_000;
const suite = createModelSuite(1);
let three: ThreeContacts;
let alice: CorePerson;
let bob: CorePerson;
let carol: CorePerson;
/** Mallory sits at Bob's keys, and brings parcels to Carol. */
let mallory: RawPeer;
let conversation: ConversationId;

beforeEach(async () => {
  three = await ThreeContacts.meet({ suite });
  ({ alice, bob, carol } = three);
  await alice.send("Carol", "one");
  await three.world.clock.advance(1_000);
  await three.close(alice);
  mallory = await RawPeer.inPlaceOf(three.world, bob, carol);
  const rows = await alice.store.read(["conversations"], (tx) => tx.range("conversations", {}));
  const { account } = await carol.identity();
  const between = rows.find(({ value }) => value.kind === "direct" && value.members.includes(account));
  if (between === undefined) throw new Error("no conversation");
  conversation = between.value.id;
});

afterEach(() => {
  expect(three.world.bugs).toEqual([]);
});

const newId = (): string => Buffer.from(suite.random(16)).toString("hex");

function letter(text: string, rankAtMs = three.world.clock.now()): Letter {
  return {
    id: newId(),
    content: encodeText({ text, writtenAt: three.world.clock.now(), rank: nextClock(rankAtMs, []) }),
  };
}

/** With keys that Alice has: whether Carol said that she took them. */
async function bring(
  author: { readonly device: DeviceId; readonly logSeed: Uint8Array },
  letters: readonly Letter[],
  signedFor: Partial<LettersPlace> = {},
): Promise<boolean> {
  const { account } = await carol.identity();
  const card = await alice.store.read(["cards"], (tx) => tx.get("cards", [account]));
  if (card === undefined) throw new Error("no card");
  const key = await alice.store.read(["packages"], (tx) => tx.get("packages", [conversation, card.device]));
  if (key === undefined) throw new Error("no key");
  const id = newId();
  const place = { conversation, recipient: card.device, parcel: id, ...signedFor };
  const sealed = sealLetters(suite, place, author, key, letters);
  const content = encodeParcelContent({
    conversation,
    clock: EMPTY_BYTES,
    envelopes: [],
    entries: [],
    letters: sealed,
  });
  const cardKey = { number: card.keyNumber, publicKey: card.publicKey };
  const parcel = sealParcel(suite, { id, device: card.device }, cardKey, content);
  await mallory.send(FRAME.parcel, 0, encodeParcelHead({ id, size: parcel.length }));
  await mallory.send(FRAME.parcelPart, 0, parcel);
  return decodeReceipt(mallory.lastOf(FRAME.receipt).payload).isTaken;
}

test("what Alice signed is shown, once however often it comes", async () => {
  const letters = [letter("two"), letter("three", three.world.clock.now() + 1)];
  const author = await alice.identity();
  expect(await bring(author, letters)).toBe(true);
  expect(await bring(author, letters)).toBe(true);
  expect(await carol.texts("Alice")).toEqual(["one", "two", "three"]);
  expect((await carol.threadWith("Alice")).unread).toBe(3);
});

test("nothing is shown that another's device signed, or that was signed for another parcel or conversation", async () => {
  const [author, other] = [await alice.identity(), await bob.identity()];
  expect(await bring(other, [letter("by Bob")])).toBe(false);
  expect(await bring({ ...other, device: author.device }, [letter("by Bob as Alice")])).toBe(false);
  expect(await bring(author, [letter("elsewhere")], { parcel: newId() })).toBe(false);
  const elsewhere = suite.random(32);
  const place = { conversation: Buffer.from(elsewhere).toString("hex") as ConversationId };
  expect(await bring(author, [letter("elsewhere")], place)).toBe(false);
  expect(await carol.texts("Alice")).toEqual(["one"]);
});

test("a letter from the future, or without a place, is passed over; the others are shown", async () => {
  const author = await alice.identity();
  const nowhere = { id: newId(), content: encodeText({ text: "nowhere", writtenAt: three.world.clock.now() }) };
  const broken = { id: newId(), content: suite.random(20) };
  const late = letter("tomorrow", three.world.clock.now() + 24 * HOUR_MS);
  expect(await bring(author, [late, nowhere, broken, letter("now")])).toBe(true);
  expect(await carol.texts("Alice")).toEqual(["one", "now"]);
});

test("a letter that says what an entry says, of the same moment, is not shown beside it, whatever its place", async () => {
  const rows = await alice.store.read(["timeline"], (tx) => tx.range("timeline", {}));
  const one = rows.find(({ value }) => value.text === "one")?.value;
  if (one === undefined) throw new Error("nothing was written");
  const rank = nextClock(three.world.clock.now(), []);
  const again = { id: newId(), content: encodeText({ text: one.text, writtenAt: one.writtenAt, rank }) };
  expect(await bring(await alice.identity(), [again, letter("one")])).toBe(true);
  expect(await carol.texts("Alice")).toEqual(["one", "one"]);
});

test("letters of somebody whom Carol blocked are not shown, and they are not told so", async () => {
  const author = await alice.identity();
  await carol.messenger.people.block((await carol.threadWith("Alice")).id);
  expect(await bring(author, [letter("let me in")])).toBe(true);
  const rows = await carol.store.read(["timeline"], (tx) => tx.range("timeline", {}));
  expect(rows.filter(({ value }) => value.text === "let me in")).toEqual([]);
});
