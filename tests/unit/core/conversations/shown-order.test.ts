import { afterEach, beforeEach, expect, test } from "vitest";
import { encodeCbor } from "../../../../src/core/codec/cbor.ts";
import { textToBytes } from "../../../../src/core/codec/bytes.ts";
import { MESSAGE_CHANNEL, MESSAGE_KIND } from "../../../../src/core/codec/entry.ts";
import type { ConversationId, DeviceId } from "../../../../src/core/codec/ids.ts";
import { encodeText } from "../../../../src/core/conversations/content.ts";
import { orderOf } from "../../../../src/core/conversations/timeline.ts";
import { stepChain } from "../../../../src/core/crypto/chain.ts";
import { sealBody } from "../../../../src/core/crypto/message-body.ts";
import { APPEND_TABLES, appendEntry } from "../../../../src/core/log/append.ts";
import { createSuite } from "../../../../src/core/crypto/real-suite.ts";
import { type CorePerson, CoreWorld } from "../../../support/core-world.ts";

const suite = createSuite();
const HOUR_MS = 60 * 60_000;

let world: CoreWorld;
let alice: CorePerson;
let bob: CorePerson;

beforeEach(async () => {
  world = new CoreWorld();
  [alice, bob] = await world.pair();
});

afterEach(() => {
  expect(world.bugs).toEqual([]);
});

/** An entry as a newer Kith writes it, put into the closed store of a person, who has begun an epoch. */
async function writeNewer(person: CorePerson, channel: number, kind: number, content: Uint8Array): Promise<void> {
  const identity = await person.identity();
  const [row] = await person.store.read(["conversations"], (tx) => tx.range("conversations", {}));
  const conversation = row?.value.id;
  if (conversation === undefined) throw new Error("no conversation");
  await person.store.write(["sendings", ...APPEND_TABLES], "strict", async (tx) => {
    const isSealed = channel === MESSAGE_CHANNEL && kind === MESSAGE_KIND.content;
    const sending = await tx.get("sendings", [conversation, identity.device]);
    if (sending === undefined) throw new Error("no epoch was begun");
    const { epoch, generation } = sending;
    const { messageKey, next } = stepChain(suite, sending.key);
    const seal = (headerPrefix: Uint8Array) => sealBody(suite, messageKey, headerPrefix, content);
    const draft = isSealed ? { epoch, generation, content: { seal } } : { content };
    await appendEntry(tx, suite, world.clock.now(), identity, { conversation, channel, kind, ...draft });
    if (isSealed) {
      tx.put("sendings", [conversation, identity.device], { ...sending, key: next, generation: generation + 1 });
    }
  });
}

test("entries of one rank in two logs or two conversations keep places of their own", () => {
  const place = {
    device: "0f".repeat(16) as DeviceId,
    seq: 1,
    channel: 1,
    conversation: "aa".repeat(32) as ConversationId,
  };
  const orders = [
    place,
    { ...place, channel: 2 },
    { ...place, seq: 2 },
    { ...place, conversation: "ab".repeat(32) as ConversationId },
    { ...place, device: "1f".repeat(16) as DeviceId },
  ].map((entry) => orderOf("0198000000000000", entry));
  expect(new Set(orders).size).toBe(orders.length);
  expect(orderOf("0198000000000001", place) > orderOf("0198000000000000", { ...place, seq: 0xffff_ffff })).toBe(true);
});

const kinds = async (person: CorePerson, withName: string) =>
  (await person.page((await person.threadWith(withName)).id)).messages.map(({ kind, text }) => `${kind}:${text}`);

test("unknown kinds, channels, types and versions are shown as unsupported, stored, and given back to one who lost them", async () => {
  await bob.send("Alice", "first");
  await world.clock.advance(1_000);
  await alice.readAll("Bob");
  await bob.messenger.stop();
  const copy = bob.store.snapshot();
  await writeNewer(bob, MESSAGE_CHANNEL, 200, textToBytes("a kind of its own"));
  await writeNewer(bob, 7, 1, textToBytes("a channel of its own"));
  await writeNewer(bob, MESSAGE_CHANNEL, MESSAGE_KIND.content, encodeCbor({ type: "poll", version: 1, at: 5 }));
  await writeNewer(
    bob,
    MESSAGE_CHANNEL,
    MESSAGE_KIND.content,
    encodeCbor({ type: "text", version: 2, text: "new", at: 5 }),
  );
  await writeNewer(bob, MESSAGE_CHANNEL, MESSAGE_KIND.content, Uint8Array.of(0xff));
  await writeNewer(bob, 0, 99, textToBytes("an unknown control entry"));
  await writeNewer(bob, MESSAGE_CHANNEL, MESSAGE_KIND.content, encodeText({ text: "plain", writtenAt: 5 }));
  await bob.open();
  await bob.messenger.connect();
  await world.clock.advance(40_000);
  const unsupported = Array.from({ length: 5 }, () => "unsupported:");
  expect(await kinds(alice, "Bob")).toEqual(["text:first", ...unsupported, "text:plain"]);
  expect((await alice.threadWith("Bob")).unread).toBe(6);
  await alice.send("Bob", "go on");
  await world.clock.advance(1_000);
  expect(await alice.lines("Bob")).toContain("go on (delivered)");

  await bob.messenger.stop();
  await world.clock.advance(10_000);
  bob.store.restore(copy);
  await bob.open();
  await bob.messenger.connect();
  await world.clock.advance(40_000);
  expect(await kinds(bob, "Alice")).toEqual(["text:first", ...unsupported, "text:plain", "text:go on"]);
});

test("what stands in other logs moves no read mark: one of a message log is read only when it was on screen", async () => {
  await bob.send("Alice", "first");
  await world.clock.advance(1_000);
  await bob.messenger.stop();
  for (let index = 0; index < 5; index += 1) await writeNewer(bob, 2, 1, textToBytes(`a channel of its own ${index}`));
  await bob.open();
  await bob.messenger.connect();
  await world.clock.advance(40_000);
  await alice.readAll("Bob");
  expect((await alice.threadWith("Bob")).unread).toBe(0);
  for (const text of ["one", "two", "three"]) await bob.send("Alice", text);
  await world.clock.advance(1_000);
  expect((await alice.threadWith("Bob")).unread).toBe(3);
  expect(await bob.lines("Alice")).toEqual(expect.arrayContaining(["one (delivered)", "three (delivered)"]));
  await alice.readAll("Bob");
  await world.clock.advance(1_000);
  expect((await alice.threadWith("Bob")).unread).toBe(0);
  expect(await bob.lines("Alice")).toEqual(expect.arrayContaining(["one (read)", "three (read)"]));
});

test("unknown fields of a text do not keep it from being read", async () => {
  await bob.send("Alice", "first");
  await world.clock.advance(1_000);
  await bob.messenger.stop();
  const content = encodeCbor({ type: "text", version: 1, text: "hello", at: 5, mood: "fine" });
  await writeNewer(bob, MESSAGE_CHANNEL, MESSAGE_KIND.content, content);
  await bob.open();
  await bob.messenger.connect();
  await world.clock.advance(40_000);
  expect(await kinds(alice, "Bob")).toEqual(["text:first", "text:hello"]);
});

test("a message sealed into a dead link stands where it was written, on both sides", async () => {
  await alice.send("Bob", "before");
  await world.clock.advance(1_000);
  const [a, b] = [(await alice.identity()).peerKey, (await bob.identity()).peerKey];
  world.network.cut(a, b);
  await alice.send("Bob", "sealed into the dead link");
  await world.clock.advance(10 * 60_000);
  await bob.send("Alice", "waits");
  world.network.heal(a, b);
  await world.clock.advance(60_000);
  expect(await bob.texts("Alice")).toEqual(["before", "sealed into the dead link", "waits"]);
  expect(await alice.texts("Bob")).toEqual(await bob.texts("Alice"));
});

test("late is what stands more than a minute above what was here before, and nothing else", async () => {
  await world.clock.advance(10 * 60_000);
  alice.skewMs = -3 * 60_000;
  await Promise.all([alice.send("Bob", "from a slow clock"), bob.send("Alice", "from a right one")]);
  await world.clock.advance(1_000);
  const rows = async (person: CorePerson, withName: string) =>
    (await person.page((await person.threadWith(withName)).id)).messages.map(({ text, isLate }) => ({ text, isLate }));
  expect(await rows(bob, "Alice")).toEqual([
    { text: "from a slow clock", isLate: true },
    { text: "from a right one", isLate: false },
  ]);
  expect(await rows(alice, "Bob")).toEqual([
    { text: "from a slow clock", isLate: false },
    { text: "from a right one", isLate: false },
  ]);
});

test("a clock an hour ahead shows no time in the future, and keeps the order of question and answer", async () => {
  bob.skewMs = HOUR_MS;
  await bob.send("Alice", "from the future");
  await world.clock.advance(1_000);
  await alice.send("Bob", "answer");
  await world.clock.advance(1_000);
  await bob.send("Alice", "and on");
  await world.clock.advance(1_000);
  const { messages } = await alice.page((await alice.threadWith("Bob")).id);
  expect(messages.map((message) => message.text)).toEqual(["from the future", "answer", "and on"]);
  expect(await bob.texts("Alice")).toEqual(["from the future", "answer", "and on"]);
  for (const { writtenAt, orderedAt } of messages) {
    expect(writtenAt).toBeLessThanOrEqual(world.clock.now());
    expect(orderedAt).toBeLessThanOrEqual(world.clock.now());
  }
});

test("a clock set back by a day in mid-chat keeps the order and loses nothing", async () => {
  await alice.send("Bob", "one");
  await world.clock.advance(1_000);
  world.clock.setWall(world.clock.now() - 24 * HOUR_MS);
  await alice.send("Bob", "two");
  await world.clock.advance(1_000);
  await bob.send("Alice", "three");
  await world.clock.advance(1_000);
  await alice.restart();
  await alice.send("Bob", "four");
  await world.clock.advance(1_000);
  expect(await alice.texts("Bob")).toEqual(["one", "two", "three", "four"]);
  expect(await bob.texts("Alice")).toEqual(["one", "two", "three", "four"]);
  expect((await bob.threadWith("Alice")).preview?.text).toBe("four");
});
