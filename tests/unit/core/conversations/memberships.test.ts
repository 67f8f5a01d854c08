import { expect, test } from "vitest";
import type { AccountId, DeviceId, EntryId } from "../../../../src/core/codec/ids.ts";
import { founded, grown, roomFor } from "../../../../src/core/conversations/memberships.ts";

const founder = "aa".repeat(32) as AccountId;
const device = "d0".repeat(16) as DeviceId;
const genesis = { id: "00".repeat(32) as EntryId, name: "Trip" };

test("each operation of a device takes up room once, and none of another's", () => {
  const operation = (id: string, name: string) => ({
    id: id.repeat(32) as EntryId,
    author: founder,
    device,
    parents: [genesis.id],
    change: { kind: "rename" as const, name },
  });
  const start = founded({ founder, genesis });
  const once = grown(start, [operation("11", "A"), operation("22", "B"), operation("11", "A")]);
  const again = grown(once, [operation("22", "B")]);
  expect(roomFor(start, device) - roomFor(again, device)).toBe(2);
  expect(roomFor(again, "d1".repeat(16) as DeviceId)).toBe(roomFor(start, device));
});
