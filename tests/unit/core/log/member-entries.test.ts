import { beforeAll, expect, test } from "vitest";
import { CONTROL_CHANNEL, CONTROL_KIND, encodeHeader } from "../../../../src/core/codec/entry.ts";
import type { ConversationId, DeviceId } from "../../../../src/core/codec/ids.ts";
import { NO_ENTRY } from "../../../../src/core/codec/entry.ts";
import type { EntryParts } from "../../../../src/core/log/entry.ts";
import { cutAtMembers } from "../../../../src/core/log/member-entries.ts";

const NOTHING = new Uint8Array(32);
const alice = "aa".repeat(16) as DeviceId;
const bob = "bb".repeat(16) as DeviceId;

let seq = 0;

function entry(device: DeviceId, kind: number): EntryParts {
  seq += 1;
  const header = encodeHeader({
    suite: 1,
    conversation: "c0".repeat(32) as ConversationId,
    device,
    channel: CONTROL_CHANNEL,
    seq,
    previous: seq === 1 ? NO_ENTRY : ("01".repeat(32) as typeof NO_ENTRY),
    clock: "0".repeat(16),
    dependencies: [],
    kind,
    epoch: 0,
    generation: 0,
    commitment: NOTHING,
    bodyLength: 0,
    bodyHash: NOTHING,
  });
  return { header, signature: new Uint8Array(64), body: new Uint8Array(0) };
}

const change = (device: DeviceId): EntryParts => entry(device, CONTROL_KIND.member);
const key = (device: DeviceId): EntryParts => entry(device, CONTROL_KIND.kem);

let founding: readonly EntryParts[];

beforeAll(() => {
  founding = [entry(alice, CONTROL_KIND.genesis), ...Array.from({ length: 200 }, () => change(alice))];
});

test("the additions that a large group begins with are one piece", () => {
  expect(cutAtMembers(founding)).toEqual([founding]);
});

test("what another device wrote is apart from the changes before it, as is everything else that follows them", () => {
  const [adds, joins, keys, more] = [[change(alice), change(alice)], [change(bob)], [key(bob)], [key(alice)]];
  expect(cutAtMembers([...adds, ...joins, ...keys, ...more])).toEqual([adds, joins, [...keys, ...more]]);
});

test("a change ends the piece that it is in", () => {
  const [before, after] = [[key(bob), change(alice)], [key(alice)]];
  expect(cutAtMembers([...before, ...after])).toEqual([before, after]);
  expect(cutAtMembers([])).toEqual([]);
});

test("what cannot be decoded is left to whoever checks it", () => {
  const broken: EntryParts = { header: new Uint8Array(3), signature: new Uint8Array(64), body: new Uint8Array(0) };
  expect(cutAtMembers([change(alice), broken, change(alice)])).toEqual([
    [expect.anything()],
    [broken, expect.anything()],
  ]);
});
