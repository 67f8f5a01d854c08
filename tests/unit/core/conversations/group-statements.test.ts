import { expect, test } from "vitest";
import { bytesToHex } from "../../../../src/core/codec/bytes.ts";
import type { ConversationId, DeviceId } from "../../../../src/core/codec/ids.ts";
import { encodeClock } from "../../../../src/core/conversations/statements.ts";
import { FRAME } from "../../../../src/core/sync/frames.ts";
import type { CorePerson } from "../../../support/core-world.ts";
import { asOfVersionWithoutNumbers } from "../../../support/earlier-greet.ts";
import { comesBack } from "../../../support/frame-stories.ts";
import { createModelSuite } from "../../../support/model-suite.ts";
import { ThreeContacts } from "../../../support/three-contacts.ts";
import { handedOver, overheard, tapWire } from "../../../support/wire-tap.ts";

/** Each holds what the others may have to be told, and a few more. */
const MOST_FRAMES = 100;

test("a clock that others cannot take does not go round a group without end", async () => {
  const suite = createModelSuite(1);
  const { world, alice, bob, carol } = await ThreeContacts.meet({ suite });
  const accounts = [(await alice.contactWith("Bob")).account, (await alice.contactWith("Carol")).account];
  const made = await alice.messenger.groups.create("Trip", accounts);
  if (made.kind !== "created") throw new Error(made.kind);
  await world.clock.advance(30_000);
  await alice.messenger.stop();
  const conversation = made.thread as string as ConversationId;
  const device = bytesToHex(suite.random(16)) as DeviceId;
  const bytes = encodeClock(suite, suite.random(32), { conversation, device, number: 1, marks: [] });
  await alice.store.write(["clocks"], "strict", async (tx) =>
    tx.put("clocks", [conversation, device], { number: 1, marks: [], bytes }),
  );
  const frames = overheard(world);
  await alice.open();
  await alice.messenger.connect();
  await world.clock.advance(60_000);
  await bob.send("Trip", "hello");
  await world.clock.advance(600_000);
  expect((await carol.texts("Trip")).at(-1)).toBe("hello");
  const types: readonly number[] = [FRAME.clock, FRAME.clockChange, FRAME.statementNumbers, FRAME.statementsDigest];
  const statements = frames.filter(({ type }) => types.includes(type));
  expect(statements.length).toBeGreaterThan(3);
  expect(statements.length).toBeLessThan(MOST_FRAMES);
  expect(world.bugs).toEqual([]);
});

test.each([
  ["by numbers and changes", (): undefined => undefined],
  ["by digests and whole clocks with versions that take no numbers", asOfVersionWithoutNumbers],
])("whoever cannot be reached states how far they are through others: %s", async (_, tap) => {
  const { world, alice, bob, carol } = await ThreeContacts.meet({ suite: createModelSuite(1) });
  const accounts = [(await alice.contactWith("Bob")).account, (await alice.contactWith("Carol")).account];
  await alice.messenger.groups.create("Trip", accounts);
  await world.clock.advance(30_000);
  tapWire(world, tap);
  for (const person of [alice, bob, carol]) await comesBack(person);
  world.network.cut((await alice.identity()).peerKey, (await carol.identity()).peerKey);
  await world.clock.advance(30_000);
  const frames = handedOver(world);
  for (const person of [alice, bob, carol]) await comesBack(person);
  await world.clock.advance(30_000);
  await alice.send("Trip", "hello");
  await world.clock.advance(30_000);
  const ownClock = async (person: CorePerson) =>
    (await person.store.read(["clocks"], (tx) => tx.range("clocks", {}))).filter(({ value }) =>
      value.marks.some(({ channel }) => channel === 1),
    );
  const held = new Set((await ownClock(alice)).map(({ value }) => bytesToHex(value.bytes)));
  // Of Bob and of Carol: the author has nothing of others to state.
  expect(held.size).toBe(2);
  expect((await ownClock(carol)).every(({ value }) => held.has(bytesToHex(value.bytes)))).toBe(true);
  const types = new Set(frames.frames().map(({ type }) => type));
  const hasNumbers = tap !== asOfVersionWithoutNumbers;
  expect([types.has(FRAME.clockChange), types.has(FRAME.statementNumbers)]).toEqual([hasNumbers, hasNumbers]);
  expect(world.bugs).toEqual([]);
});
