import { expect, test } from "vitest";
import type { AccountId, DeviceId, EntryId } from "../../../../src/core/codec/ids.ts";
import type { Operation } from "../../../../src/core/membership/evaluate.ts";
import type { Change } from "../../../../src/core/membership/operation.ts";
import { founded, grown, roomFor, startsIn } from "../../../../src/core/conversations/memberships.ts";

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

test("a history begins where the additions say that the membership rests on, at the earliest of them", () => {
  const carol = "cc".repeat(32) as AccountId;
  const log = "d7".repeat(16) as DeviceId;
  const named = (id: string) => id.repeat(32) as EntryId;
  const operation = (id: string, parents: readonly EntryId[], change: Change): Operation => ({
    id: named(id),
    author: founder,
    device,
    parents,
    change,
  });
  const add = (seq?: number): Change => ({
    kind: "add",
    account: carol,
    bundle: new Uint8Array(),
    relays: [],
    starts: seq === undefined ? [] : [{ device: log, seq, id: named("99") }],
  });
  const start = (...operations: Operation[]) =>
    startsIn(grown(founded({ founder, genesis }), operations), carol).get(log)?.seq;
  const first = operation("11", [genesis.id], add());
  const removal = operation("22", [first.id], { kind: "remove", account: carol });
  expect(start(first)).toBeUndefined();
  expect(start(first, removal)).toBeUndefined();
  expect(start(first, removal, operation("33", [removal.id], add(7)))).toBe(7);
  expect(start(first, removal, operation("33", [removal.id], add(7)), operation("44", [removal.id], add(5)))).toBe(5);
  expect(
    start(first, removal, operation("33", [removal.id], add(7)), operation("44", [removal.id], add())),
  ).toBeUndefined();
});
