import { describe, expect, it } from "vitest";
import type { AccountId, ConversationId, ThreadId } from "../../../src/core/codec/ids.ts";
import { GroupPace } from "../../../src/core/group-pace.ts";
import type { ConversationRow } from "../../../src/core/store/tables.ts";
import { ManualClock } from "../../support/manual-clock.ts";

const GROUP = "group" as ThreadId;

function groupOf(size: number): { clock: ManualClock; told: string[]; pace: GroupPace; rows: ConversationRow[] } {
  const clock = new ManualClock();
  const told: string[] = [];
  const members = Array.from({ length: size }, (_, index) => `member ${index}` as AccountId);
  const [founder] = members;
  const id = "conversation" as ConversationId;
  const rows: ConversationRow[] =
    founder === undefined ? [] : [{ id, kind: "group", thread: GROUP, founder, members, isShared: true }];
  const pace = new GroupPace(clock, { conversationsOf: () => rows }, (_, part) => told.push(part));
  return { clock, told, pace, rows };
}

describe("the pace of large groups", () => {
  it("tells the first change at once and those that follow together", async () => {
    const { clock, told, pace } = groupOf(9);
    for (let count = 0; count < 5; count += 1) pace.changed(GROUP, "row");
    pace.changed(GROUP, "receipts");
    expect(told).toEqual(["row"]);
    await clock.advance(200);
    expect(told).toEqual(["row", "row", "receipts"]);
    await clock.advance(1_000);
    expect(told).toHaveLength(3);
    pace.changed(GROUP, "receipts");
    expect(told).toHaveLength(4);
  });

  it("tells every change of a small one at once", () => {
    const { told, pace } = groupOf(8);
    for (let count = 0; count < 3; count += 1) pace.changed(GROUP, "row");
    expect(told).toEqual(["row", "row", "row"]);
  });

  it("tells nothing more of one that was deleted meanwhile", async () => {
    const { clock, told, pace, rows } = groupOf(9);
    pace.changed(GROUP, "row");
    pace.changed(GROUP, "receipts");
    rows.length = 0;
    await clock.advance(200);
    expect(told).toEqual(["row"]);
  });
});
