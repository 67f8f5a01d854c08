import fc from "fast-check";
import { expect, test } from "vitest";
import { bytesToHex } from "../../../../src/core/codec/bytes.ts";
import type { ConversationId, DeviceId } from "../../../../src/core/codec/ids.ts";
import { changedClock, decodeClockChange } from "../../../../src/core/conversations/clock-changes.ts";
import { ClockHistory } from "../../../../src/core/conversations/clock-history.ts";
import { encodeClock } from "../../../../src/core/conversations/statements.ts";
import type { ClockRow, LogMark } from "../../../../src/core/store/tables.ts";
import { createModelSuite } from "../../../support/model-suite.ts";

const conversation = "c0".repeat(32) as ConversationId;
const author = "a0".repeat(16) as DeviceId;
const suite = createModelSuite(1);
const seed = new Uint8Array(32).fill(1);

/** The clock of that number over logs of these heights, the first of the first device. */
function clockOf(number: number, heights: readonly number[]): ClockRow {
  const marks = heights.flatMap((height, index): LogMark[] => {
    const device = index.toString(16).padStart(32, "0") as DeviceId;
    const headPrefix = height.toString(16).padStart(8, "0");
    return height === 0 ? [] : [{ device, channel: 1, height, headPrefix, opened: height }];
  });
  return { number, marks, bytes: encodeClock(suite, seed, { conversation, device: author, number, marks }) };
}

/** Clocks of logs that grow and are joined by others, numbered from 1. */
const growing = fc
  .array(fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 6, maxLength: 6 }), { minLength: 2, maxLength: 12 })
  .map((steps) => {
    let heights: readonly number[] = [0, 0, 0, 0, 0, 0];
    return steps.map((step, index) => {
      heights = heights.map((height, log) => height + (step[log] ?? 0));
      return clockOf(index + 1, heights);
    });
  });

function historyOf(clocks: readonly ClockRow[]): ClockHistory {
  const history = new ClockHistory();
  for (const [index, clock] of clocks.entries()) {
    const before = clocks[index - 1];
    if (before !== undefined) history.note("alice", before, clock);
  }
  return history;
}

test("whoever holds the clock that a change is of, or one between, has the newest by it", () => {
  fc.assert(
    fc.property(growing, fc.nat(), fc.nat(), (clocks, first, second) => {
      const newest = clocks.at(-1) ?? clockOf(1, []);
      const base = 1 + (first % (clocks.length - 1));
      const change = historyOf(clocks).since("alice", newest, base);
      // Hardly less than the whole.
      if (change === undefined) return;
      expect(change.length).toBeLessThan(newest.bytes.length);
      const held = clocks[base - 1 + (second % (clocks.length - base))] ?? newest;
      const whole = changedClock(held.bytes, decodeClockChange(change));
      expect(bytesToHex(whole)).toBe(bytesToHex(newest.bytes));
    }),
    { numRuns: 300 },
  );
});

test("one log that grew among a hundred is a tenth of the clock or less", () => {
  const heights = Array.from({ length: 100 }, () => 3);
  const clocks = [clockOf(1, heights), clockOf(2, heights.with(40, 4))];
  const change = historyOf(clocks).since("alice", clocks[1] ?? clockOf(2, []), 1);
  expect(change?.length).toBeLessThan((clocks[1]?.bytes.length ?? 0) / 10);
});

test("who holds none, or one of before everything that is remembered, gets no change", () => {
  const heights = Array.from({ length: 100 }, () => 3);
  const clocks = Array.from({ length: 40 }, (_, index) => clockOf(index + 1, heights.with(0, index + 3)));
  const newest = clocks.at(-1) ?? clockOf(40, []);
  const history = historyOf(clocks);
  expect([history.since("alice", newest, 0), history.since("alice", newest, 1)]).toEqual([undefined, undefined]);
  expect(history.since("alice", newest, 39)).toBeDefined();
  expect(history.since("bob", newest, 39)).toBeUndefined();
});

test("a clock that leaves out what the one before named is told whole", () => {
  const clocks = [clockOf(1, [3, 3, 3]), clockOf(2, [3, 0, 3])];
  expect(historyOf(clocks).since("alice", clocks[1] ?? clockOf(2, []), 1)).toBeUndefined();
});
