/** A group with more logs than one frame has room for: of five hundred members, with those of some who left. */
import { expect, test } from "vitest";
import type { ConversationId, DeviceId } from "../../../../src/core/codec/ids.ts";
import { FRAME } from "../../../../src/core/sync/frames.ts";
import { EMPTY_LOG } from "../../../../src/core/log/log-state.ts";
import { decodeClock } from "../../../../src/core/conversations/statements.ts";
import { decodeHave, encodeHaves, type HaveRow } from "../../../../src/core/sync/payloads.ts";
import { type CorePerson, CoreWorld } from "../../../support/core-world.ts";
import { createModelSuite } from "../../../support/model-suite.ts";
import { overheard } from "../../../support/wire-tap.ts";

const DEVICES = 600;

/** Logs of others, which both have to the same height already. */
async function putLogs({ store }: CorePerson, conversation: ConversationId): Promise<void> {
  await store.write(["logs"], "relaxed", async (tx) => {
    for (let index = 0; index < DEVICES; index += 1) {
      for (const channel of [0, 1]) {
        const head = index.toString(16).padStart(64, "0") as (typeof EMPTY_LOG)["head"];
        const row = { ...EMPTY_LOG, height: 3, head, opened: 3, verified: 3 };
        tx.put("logs", [conversation, index.toString(16).padStart(32, "0") as DeviceId, channel], row);
      }
    }
  });
}

test("who has over a thousand logs compares them, and says in one clock what of the messages is here", async () => {
  const world = new CoreWorld({ suite: createModelSuite(1) });
  const [alice, bob] = await world.pair();
  await alice.messenger.groups.create("Town", [(await alice.contactWith("Bob")).account]);
  await world.clock.advance(20_000);
  await alice.send("Town", "the first");
  await world.clock.advance(5_000);
  const [conversation] = await alice.store.read(["conversations"], async (tx) =>
    (await tx.range("conversations", {})).filter(({ value }) => value.kind === "group").map(({ value }) => value.id),
  );
  if (conversation === undefined) throw new Error("no group");
  // A copy that lacks what Alice writes next.
  const before = bob.store.snapshot();
  await alice.send("Town", "the second");
  await world.clock.advance(5_000);
  await alice.messenger.stop();
  await bob.messenger.stop();
  bob.store.restore(before);
  await putLogs(alice, conversation);
  await putLogs(bob, conversation);

  const frames = overheard(world);
  await alice.open();
  await alice.messenger.connect();
  await bob.restart();
  await world.clock.advance(30_000);
  expect(await bob.texts("Town")).toContain("the second");
  expect((await alice.lines("Town")).at(-1)).toBe("the second (delivered)");
  expect(frames.filter(({ type }) => type === FRAME.have).length).toBeGreaterThanOrEqual(6);
  const clocks = frames.filter(({ type }) => type === FRAME.clock).map(({ payload }) => decodeClock(payload).marks);
  const longest = clocks.toSorted((a, b) => a.length - b.length).at(-1);
  expect(longest).toHaveLength(500);
  expect(longest?.filter(({ channel }) => channel === 0)).toEqual([]);
  expect(world.bugs).toEqual([]);
});

test("a have of more rows than one frame takes is the same again in several", () => {
  const rows = Array.from({ length: 1_001 }, (_, index): HaveRow => ({
    device: index.toString(16).padStart(32, "0") as DeviceId,
    channel: 1,
    base: 0,
    height: index + 1,
    headPrefix: "0a0b0c0d",
  }));
  const frames = encodeHaves(rows);
  expect(frames.map((frame) => decodeHave(frame).hasMore)).toEqual([true, true, false]);
  expect(frames.flatMap((frame) => decodeHave(frame).rows)).toEqual(rows);
  expect(encodeHaves([]).map((frame) => decodeHave(frame))).toEqual([{ rows: [], hasMore: false }]);
});
