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

/** A connection whose other end refuses pings, which is an answer. */
const connection = {
  status: "open",
  newStream: () => {
    askedAtMs.push(clock.monotonic());
    return Promise.reject(new Error("no ping here"));
  },
} as unknown as Connection;

beforeEach(() => {
  clock = new ManualClock();
  end = new AbortController();
  heardAtMs = 0;
  askedAtMs = [];
  const heartbeat = new Heartbeat({ clock, connections: () => [connection], lastHeardAtMs: () => heardAtMs });
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
