/** Devices that ask for the same messages again and again: few of their requests wait, one is answered at a time, and nobody else is kept waiting. */
import { afterEach, beforeEach, expect, test } from "vitest";
import type { MemoryStore } from "../../../../src/adapters/memory/memory-store.ts";
import { CONTROL_CHANNEL, CONTROL_KIND, MESSAGE_CHANNEL } from "../../../../src/core/codec/entry.ts";
import type { PeerKey } from "../../../../src/core/codec/ids.ts";
import { encodeResendBody } from "../../../../src/core/crypto/resend-body.ts";
import { APPEND_TABLES, appendEntry } from "../../../../src/core/log/append.ts";
import type { ReadTransaction, TableOf } from "../../../../src/core/store/store.ts";
import type { ConversationRow, Tables } from "../../../../src/core/store/tables.ts";
import { FRAME } from "../../../../src/core/sync/frames.ts";
import { type CorePerson, CoreWorld } from "../../../support/core-world.ts";
import { createModelSuite } from "../../../support/model-suite.ts";
import { befriend } from "../../../support/three-contacts.ts";
import { tapWire } from "../../../support/wire-tap.ts";

type Asked = readonly TableOf<Tables>[];

/** How many requests of one device wait, the one that is being answered among them. */
const WAITING = 8;
const FLOOD = 40;
/** More than a window takes. */
const MANY_MESSAGES = 130;
const LONG_TEXT = "x".repeat(8_000);

let world: CoreWorld;
let alice: CorePerson;
let bob: CorePerson;
/** Answers of Alice that arrived at Bob. */
let answers: number;
/** Of each that arrived anywhere. */
let answersBy: Map<PeerKey, number>;
/** Bob reads nothing behind the first answer on a link, and gives no credit for it. */
let isDeaf: boolean;
let alicePeer: PeerKey;

beforeEach(async () => {
  world = new CoreWorld({ suite: createModelSuite(1) });
  answers = 0;
  answersBy = new Map();
  isDeaf = false;
  tapWire(world, (frame, from) => {
    if (frame.type !== FRAME.resendAnswer) return undefined;
    answersBy.set(from, (answersBy.get(from) ?? 0) + 1);
    if (from !== alicePeer) return undefined;
    answers += 1;
    return isDeaf ? "lost" : undefined;
  });
  [alice, bob] = await world.pair();
  alicePeer = (await alice.identity()).peerKey;
});

afterEach(() => {
  expect(world.bugs).toEqual([]);
});

async function aliceWrites(count: number, text: string): Promise<void> {
  for (let index = 0; index < count; index += 1) await alice.send("Bob", text);
  await world.clock.advance(3_000);
}

/** Bob, by hand, asks so often for all that Alice wrote to him or to a group. */
async function asks(times: number, messages: number, kind: ConversationRow["kind"] = "direct"): Promise<void> {
  await bob.messenger.stop();
  const identity = await bob.identity();
  const rows = await bob.store.read(["conversations"], (tx) => tx.range("conversations", {}));
  const row = rows.find(({ value }) => value.kind === kind);
  if (row === undefined) throw new Error("no conversation");
  const { device } = await alice.identity();
  const content = encodeResendBody([{ device, channel: MESSAGE_CHANNEL, from: 1, to: messages }]);
  const draft = { conversation: row.value.id, channel: CONTROL_CHANNEL, kind: CONTROL_KIND.resend, content };
  for (let time = 0; time < times; time += 1) {
    await bob.store.write(APPEND_TABLES, "strict", (tx) =>
      appendEntry(tx, world.suite, world.clock.now(), identity, draft),
    );
  }
  await bob.open();
  await bob.messenger.connect();
  await world.clock.advance(5_000);
}

test("of a flood of requests the first few are answered, and who asks again later is served", async () => {
  await aliceWrites(20, "hello");
  await asks(FLOOD, 20);
  expect(answers).toBe(WAITING);
  await asks(1, 20);
  expect(answers).toBe(WAITING + 1);
});

test("to who takes no answers one request is answered as far as the window goes, and nothing more is read", async () => {
  await aliceWrites(MANY_MESSAGES, LONG_TEXT);
  isDeaf = true;
  let reads = 0;
  const { read } = alice.store;
  alice.store.read = <Result>(tables: Asked, work: (tx: ReadTransaction) => Promise<Result>) => {
    if (tables.length === 2 && tables.includes("packages") && tables.includes("entries")) reads += 1;
    return read.call<MemoryStore, [Asked, typeof work], Promise<Result>>(alice.store, tables, work);
  };
  await alice.restart();
  await asks(FLOOD, MANY_MESSAGES);
  expect(answers).toBeLessThan(MANY_MESSAGES);
  expect(reads).toBe(1);
});

test("a device that floods and takes nothing keeps no other waiting", async () => {
  const carol = await world.person("Carol");
  const invite = await alice.messenger.createInvite({ uses: 1, days: 7 });
  await carol.messenger.acceptInvite(invite.link);
  await world.clock.advance(3_000);
  await aliceWrites(MANY_MESSAGES, LONG_TEXT);
  const carolPeer = (await carol.identity()).peerKey;
  world.network.cut(alicePeer, carolPeer);
  for (let index = 0; index < 10; index += 1) await alice.send("Carol", `m${index}`);
  await alice.store.write(["envelopes"], "strict", async (tx) => tx.deleteRange("envelopes", {}));
  await alice.restart();
  isDeaf = true;
  await asks(FLOOD, MANY_MESSAGES);
  expect(answers).toBeLessThan(MANY_MESSAGES);
  // Of new links only: Bob stays as he is.
  isDeaf = false;
  world.network.heal(alicePeer, carolPeer);
  await world.clock.advance(30_000);
  expect(await carol.texts("Alice")).toEqual(Array.from({ length: 10 }, (_, index) => `m${index}`));
});

test("in a group each member answers the first few of a flood, and none of them waits for it", async () => {
  const carol = await world.person("Carol");
  await befriend(world, alice, carol);
  const members = [(await alice.contactWith("Bob")).account, (await alice.contactWith("Carol")).account];
  await alice.messenger.groups.create("Trip", members);
  await world.clock.advance(20_000);
  for (let index = 0; index < 20; index += 1) await alice.send("Trip", `m${index}`);
  await world.clock.advance(5_000);
  await asks(FLOOD, 20, "group");
  await world.clock.advance(10_000);
  const carolPeer = (await carol.identity()).peerKey;
  expect([answersBy.get(alicePeer), answersBy.get(carolPeer)]).toEqual([WAITING, WAITING]);
  for (const person of [alice, carol]) {
    await person.send("Trip", `${person.name} after it`);
    await world.clock.advance(5_000);
  }
  for (const person of [alice, bob, carol]) {
    expect((await person.texts("Trip")).slice(-2)).toEqual(["Alice after it", "Carol after it"]);
  }
  await asks(1, 20, "group");
  expect(answersBy.get(alicePeer)).toBe(WAITING + 1);
});
