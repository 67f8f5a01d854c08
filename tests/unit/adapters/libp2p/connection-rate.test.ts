import { beforeEach, expect, test } from "vitest";
import { ConnectionRate } from "../../../../src/adapters/libp2p/connection-rate.ts";
import type { PeerKey } from "../../../../src/core/codec/ids.ts";
import { ManualClock } from "../../../support/manual-clock.ts";

const bob = "b0".repeat(32) as PeerKey;
const carol = "ca".repeat(32) as PeerKey;

let clock: ManualClock;
let rate: ConnectionRate;

beforeEach(() => {
  clock = new ManualClock();
  rate = new ConnectionRate(clock);
});

/** How many of 300 connections in one moment are taken. */
function granted(peerOf: (index: number) => PeerKey, isWanted: boolean): number {
  return Array.from({ length: 300 }, (_, index) => rate.take(peerOf(index), isWanted)).filter(Boolean).length;
}

test("a contact connects two hundred times at once, then twice a second", async () => {
  expect(granted(() => bob, true)).toBe(200);
  await clock.advance(5_000);
  expect(granted(() => bob, true)).toBe(10);
});

test("strangers share one allowance, whatever keys they make, and take nothing from contacts", async () => {
  const stranger = (index: number): PeerKey => index.toString(16).padStart(64, "0") as PeerKey;
  expect(granted(stranger, false)).toBe(30);
  expect(granted(() => carol, true)).toBe(200);
  await clock.advance(5_000);
  expect(granted(stranger, false)).toBe(10);
});

test("one contact in a loop takes nothing from another, and is forgotten when it is no contact any more", () => {
  granted(() => bob, true);
  expect(granted(() => carol, true)).toBe(200);
  rate.keepOnly(new Map([[carol, true]]));
  expect(granted(() => bob, true)).toBe(200);
  expect(granted(() => carol, true)).toBe(0);
});
