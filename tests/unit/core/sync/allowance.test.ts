import { beforeEach, expect, test } from "vitest";
import { Allowances } from "../../../../src/core/sync/allowance.ts";
import { ManualClock } from "../../../support/manual-clock.ts";

const RATE = { burst: 100, perSecond: 10 };

let clock: ManualClock;
let allowances: Allowances;
const stays = (): boolean => false;

beforeEach(() => {
  clock = new ManualClock();
  allowances = new Allowances(clock, RATE);
});

/** Milliseconds until this much could be spent. */
async function timeToSpend(spender: string, cost: number): Promise<number> {
  const startedAt = clock.monotonic();
  let isSpent = false;
  const spending = allowances.spend(spender, cost, stays).then(() => (isSpent = true));
  await clock.until(() => isSpent);
  await spending;
  return clock.monotonic() - startedAt;
}

test("the burst is there at once, what is beyond it in its time", async () => {
  expect(await timeToSpend("mallory", 100)).toBe(0);
  expect(await timeToSpend("mallory", 20)).toBe(2_000);
  await clock.advance(60_000);
  expect(await timeToSpend("mallory", 100)).toBe(0);
  expect(await timeToSpend("mallory", 1)).toBe(100);
});

test("one spender's waiting costs no other anything", async () => {
  await timeToSpend("mallory", 100);
  expect(await timeToSpend("bob", 100)).toBe(0);
});

test("a cost above the burst waits for a full store, not for ever", async () => {
  await timeToSpend("mallory", 50);
  expect(await timeToSpend("mallory", 1_000_000)).toBe(5_000);
});

test("who is gone is not waited for", async () => {
  await timeToSpend("mallory", 100);
  let isOver = false;
  let isDone = false;
  const spending = allowances.spend("mallory", 100, () => isOver).then(() => (isDone = true));
  await clock.advance(500);
  isOver = true;
  expect(isDone).toBe(false);
  await clock.advance(1_000);
  await spending;
});

test("a flood of spenders makes nobody's debt forgotten", async () => {
  await timeToSpend("mallory", 100);
  for (let index = 0; index < 1_000; index += 1) await allowances.spend(`sybil ${index}`, 1, stays);
  expect(await timeToSpend("mallory", 10)).toBe(1_000);
});
