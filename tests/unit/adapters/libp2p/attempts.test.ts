import { expect, test } from "vitest";
import { Attempts } from "../../../../src/adapters/libp2p/attempts.ts";
import { BackOff } from "../../../../src/adapters/libp2p/back-off.ts";
import { ManualClock } from "../../../support/manual-clock.ts";

const FIRST_RETRY_MS = 300;

function scene() {
  const clock = new ManualClock();
  const backOff = new BackOff({ firstMs: FIRST_RETRY_MS, capMs: 30_000, random: () => 1 });
  const tries: AbortSignal[] = [];
  const attempts = new Attempts({
    clock,
    backOff,
    attempt: async (signal) => {
      tries.push(signal);
      throw new Error("fails");
    },
  });
  return { clock, tries, attempts };
}

test("tries at once and again after each back-off", async () => {
  const { clock, tries, attempts } = scene();
  attempts.start(0);
  await clock.advance(0);
  expect(tries).toHaveLength(1);
  await clock.advance(FIRST_RETRY_MS);
  expect(tries).toHaveLength(2);
  await clock.advance(FIRST_RETRY_MS);
  expect(tries).toHaveLength(2);
  await clock.advance(FIRST_RETRY_MS);
  expect(tries).toHaveLength(3);
  attempts.stop();
});

test("starting twice does not try twice", async () => {
  const { clock, tries, attempts } = scene();
  attempts.start(0);
  attempts.start(0);
  await clock.advance(0);
  expect(tries).toHaveLength(1);
  attempts.stop();
});

test("a try is brought forward, and the back-off goes on where it was", async () => {
  const { clock, tries, attempts } = scene();
  attempts.start(10_000);
  await clock.advance(0);
  expect(attempts.isWaitingLonger(500)).toBe(true);
  attempts.hasten(500);
  await clock.advance(499);
  expect(tries).toHaveLength(0);
  await clock.advance(1);
  expect(tries).toHaveLength(1);
  expect(tries[0]?.aborted).toBe(false);
  await clock.advance(FIRST_RETRY_MS);
  expect(tries).toHaveLength(2);
  attempts.stop();
});

test("what is due sooner is not put off", async () => {
  const { clock, tries, attempts } = scene();
  attempts.start(FIRST_RETRY_MS);
  await clock.advance(0);
  expect(attempts.isWaitingLonger(500)).toBe(false);
  attempts.hasten(500);
  await clock.advance(FIRST_RETRY_MS);
  expect(tries).toHaveLength(1);
  attempts.stop();
});

test("a stop also ends a wait that was cut short", async () => {
  const { clock, tries, attempts } = scene();
  attempts.start(10_000);
  await clock.advance(0);
  attempts.hasten(500);
  await clock.advance(100);
  attempts.stop();
  await clock.advance(60_000);
  expect(tries).toHaveLength(0);
});

test("a stop ends the try in progress and those to come", async () => {
  const { clock, tries, attempts } = scene();
  attempts.start(0);
  await clock.advance(0);
  attempts.stop();
  expect(tries[0]?.aborted).toBe(true);
  await clock.advance(60_000);
  expect(tries).toHaveLength(1);
  expect(attempts.isRunning).toBe(false);
});
