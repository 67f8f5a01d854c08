import type { Connection } from "@libp2p/interface";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fireAndForget } from "../../../../src/adapters/libp2p/background.ts";
import { Heartbeat } from "../../../../src/adapters/libp2p/heartbeat.ts";
import { ManualClock } from "../../../support/manual-clock.ts";

let clock: ManualClock;
let end: AbortController;
let heardAtMs: number;
/** When the other end was asked whether it lives. */
let askedAtMs: number[];
/** What was told of whether the other end is in doubt. */
let doubts: boolean[];
/** Whether the other end keeps the answer to itself, until `speak`. */
let isSilent: boolean;
let speak: () => void;

/** A connection whose other end refuses pings, which is an answer. */
const connection = {
  status: "open",
  newStream: () => {
    askedAtMs.push(clock.monotonic());
    if (!isSilent) return Promise.reject(new Error("no ping here"));
    return new Promise((_, reject) => {
      speak = () => reject(new Error("no ping here"));
    });
  },
} as unknown as Connection;

beforeEach(() => {
  clock = new ManualClock();
  end = new AbortController();
  heardAtMs = 0;
  askedAtMs = [];
  doubts = [];
  isSilent = false;
  const heartbeat = new Heartbeat({
    clock,
    connections: () => [connection],
    lastHeardAtMs: () => heardAtMs,
    onDoubt: (_, isDoubtful) => doubts.push(isDoubtful),
  });
  fireAndForget(heartbeat.run(end.signal));
});

afterEach(() => end.abort());

test.each([1, 400, 999])("who falls silent %i ms after a look is asked within five seconds", async (afterLookMs) => {
  await clock.advance(4_000 + afterLookMs);
  heardAtMs = clock.monotonic();
  askedAtMs = [];
  await clock.advance(5_000);
  expect(askedAtMs).toHaveLength(1);
});

test("who answers is asked again after the same silence, not at every look", async () => {
  await clock.advance(20_500);
  expect(askedAtMs).toEqual([4_000, 8_000, 12_000, 16_000, 20_000]);
});

test("who is heard is not asked", async () => {
  for (let second = 0; second < 20; second += 1) {
    heardAtMs = clock.monotonic();
    await clock.advance(1_000);
  }
  expect(askedAtMs).toEqual([]);
});

test("who does not answer is in doubt soon, and no more once an answer has come", async () => {
  isSilent = true;
  await clock.advance(4_000 + 1_499);
  expect(doubts).toEqual([]);
  await clock.advance(1);
  expect(doubts).toEqual([true]);
  speak();
  await clock.advance(0);
  expect(doubts).toEqual([true, false]);
});
