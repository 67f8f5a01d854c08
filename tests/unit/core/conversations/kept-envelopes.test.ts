import { afterEach, beforeEach, expect, test } from "vitest";
import type { ConversationId } from "../../../../src/core/codec/ids.ts";
import { type CorePerson, CoreWorld } from "../../../support/core-world.ts";

let world: CoreWorld;
let alice: CorePerson;
let bob: CorePerson;
let conversation: ConversationId;

beforeEach(async () => {
  world = new CoreWorld();
  [alice, bob] = await world.pair();
  const [row] = await alice.store.read(["conversations"], (tx) => tx.range("conversations", {}));
  if (row === undefined) throw new Error("no conversation");
  conversation = row.value.id;
});

afterEach(() => {
  expect(world.bugs).toEqual([]);
});

const envelopesOf = (person: CorePerson): Promise<number> =>
  person.store.read(["envelopes"], (tx) => tx.count("envelopes", {}));

/** Puts an envelope beside an entry of Bob's control log. */
async function keep(at: CorePerson, seq: number, recipient: CorePerson): Promise<void> {
  const [author, to] = [await bob.identity(), await recipient.identity()];
  await at.store.write(["envelopes"], "strict", async (tx) => {
    tx.put("envelopes", [conversation, author.device, seq, to.device], new Uint8Array(1_200));
  });
}

test("an envelope that was kept for an entry goes when it comes a second time with the entry", async () => {
  const { device } = await bob.identity();
  const log = await alice.store.read(["logs"], (tx) => tx.get("logs", [conversation, device, 0]));
  await keep(alice, (log?.height ?? 0) + 1, alice);
  await bob.send("Alice", "hello");
  await world.clock.advance(2_000);
  expect(await alice.texts("Bob")).toEqual(["hello"]);
  expect(await envelopesOf(alice)).toBe(0);
});

test("an envelope whose erasure a power cut undid is erased at the next meeting, though nothing is new", async () => {
  await bob.send("Alice", "hello");
  await world.clock.advance(2_000);
  expect(await envelopesOf(bob)).toBe(0);
  const { device } = await bob.identity();
  const log = await bob.store.read(["logs"], (tx) => tx.get("logs", [conversation, device, 0]));
  await bob.messenger.stop();
  await keep(bob, log?.height ?? 0, alice);
  await bob.open();
  await bob.messenger.connect();
  await world.clock.advance(20_000);
  expect(await envelopesOf(bob)).toBe(0);
});
