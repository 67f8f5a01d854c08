/** A relay that dies with fifty people on it, and returns. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { Crowd } from "../../support/crowd.ts";
import { RelayServer } from "../../support/servers.ts";

const PEOPLE = 50;
const START_LIMIT_MS = 60_000;
/** What is promised of a relay that is back. */
const BACK_LIMIT_MS = 30_000;
/** After so many each waits the longest time between two tries, and they have spread over all of it. */
const ATTEMPTS_IN_VAIN = 6;
const SECOND_MS = 1_000;

let relay: RelayServer;
let crowd: Crowd;
beforeEach(async () => {
  relay = await RelayServer.start();
  crowd = new Crowd(relay.address);
});
afterEach(async () => {
  await crowd.dispose();
  await relay.dispose();
});

test("all reserve again by themselves, each at a moment of its own", { timeout: 180_000 }, async () => {
  await crowd.grow(PEOPLE, START_LIMIT_MS);
  const goneAtMs = Date.now();
  await relay.kill();
  // After fewer, as when a relay restarts at once, all come soon and so close together: that is meant.
  await crowd.until(() => crowd.since(goneAtMs, "failed").length >= PEOPLE * ATTEMPTS_IN_VAIN, START_LIMIT_MS);
  expect(crowd.reserved).toBe(0);
  await relay.restart();
  const backAtMs = Date.now();
  await crowd.until(() => crowd.reserved === PEOPLE, BACK_LIMIT_MS);
  const times = crowd
    .since(0, "reserved")
    .slice(PEOPLE)
    .map(({ atMs }) => atMs);
  const inSecondOf = (first: number): number => times.filter((at) => at >= first && at < first + SECOND_MS).length;
  const highest = Math.max(...times.map(inSecondOf));
  const lastMs = (times.at(-1) ?? 0) - backAtMs;
  console.log(`${PEOPLE} people: the last one back after ${lastMs} ms, at most ${highest} in a second`);
  expect(times).toHaveLength(PEOPLE);
  // Without jitter nearly all would come as one.
  expect(highest).toBeLessThan(PEOPLE * 0.8);
});
