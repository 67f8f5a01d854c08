import { expect, test } from "vitest";
import { BackOff } from "../../../../src/adapters/libp2p/back-off.ts";

test("waits twice as long after each failure, up to the cap", () => {
  const backOff = new BackOff({ firstMs: 300, capMs: 30_000, random: () => 1 });
  expect([1, 2, 3, 4].map(() => backOff.next())).toEqual([300, 600, 1200, 2400]);
  for (let failure = 0; failure < 50; failure += 1) backOff.next();
  expect(backOff.next()).toBe(30_000);
});

test("jitter spreads each wait over its upper half", () => {
  const shortest = new BackOff({ firstMs: 300, capMs: 30_000, random: () => 0 });
  expect(shortest.next()).toBe(150);
  expect(shortest.next()).toBe(300);
});

test("starts over after a reset", () => {
  const backOff = new BackOff({ firstMs: 300, capMs: 30_000, random: () => 1 });
  backOff.next();
  backOff.next();
  expect(backOff.failures).toBe(2);
  backOff.reset();
  expect(backOff.failures).toBe(0);
  expect(backOff.next()).toBe(300);
});
