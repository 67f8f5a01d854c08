import { expect, test } from "vitest";
import { bytesToHex } from "../../../../src/core/codec/bytes.ts";
import type { ConversationId, DeviceId } from "../../../../src/core/codec/ids.ts";
import { encodeClock } from "../../../../src/core/conversations/statements.ts";
import { FRAME } from "../../../../src/core/sync/frames.ts";
import { createModelSuite } from "../../../support/model-suite.ts";
import { ThreeContacts } from "../../../support/three-contacts.ts";
import { overheard } from "../../../support/wire-tap.ts";

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
  const statements = frames.filter(({ type }) => type === FRAME.clock || type === FRAME.statementsDigest);
  expect(statements.length).toBeGreaterThan(10);
  expect(statements.length).toBeLessThan(MOST_FRAMES);
  expect(world.bugs).toEqual([]);
});
