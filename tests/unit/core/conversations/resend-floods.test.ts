/** Devices that ask for the same messages again and again: few of their requests wait, one is answered at a time, and nobody else is kept waiting. */
import { afterEach, beforeEach, expect, test } from "vitest";
import type { MemoryStore } from "../../../../src/adapters/memory/memory-store.ts";
import { CONTROL_CHANNEL, CONTROL_KIND, MESSAGE_CHANNEL } from "../../../../src/core/codec/entry.ts";
import type { PeerKey } from "../../../../src/core/codec/ids.ts";
import { encodeResendBody } from "../../../../src/core/crypto/resend-body.ts";
import { APPEND_TABLES, appendEntry } from "../../../../src/core/log/append.ts";
import type { ReadTransaction, TableOf } from "../../../../src/core/store/store.ts";
import type { Tables } from "../../../../src/core/store/tables.ts";
import { FRAME } from "../../../../src/core/sync/frames.ts";
import { type CorePerson, CoreWorld } from "../../../support/core-world.ts";
import { createModelSuite } from "../../../support/model-suite.ts";
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
/** Bob reads nothing behind the first answer on a link, and gives no credit for it. */
let isDeaf: boolean;
let alicePeer: PeerKey;

beforeEach(async () => {
  world = new CoreWorld({ suite: createModelSuite(1) });
  answers = 0;
  isDeaf = false;
  tapWire(world, (frame, from) => {
    if (frame.type !== FRAME.resendAnswer || from !== alicePeer) return undefined;
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

/** Bob, by hand, asks so often for all that Alice wrote. */
async function asks(times: number, messages: number): Promise<void> {
  await bob.messenger.stop();
  const identity = await bob.identity();
  const [row] = await bob.store.read(["conversations"], (tx) => tx.range("conversations", {}));
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
