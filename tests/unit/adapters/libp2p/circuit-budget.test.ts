import { expect, test } from "vitest";
import { readBudget, renewShare, usedShare } from "../../../../src/adapters/libp2p/circuit-budget.ts";

test("reads bytes and seconds as the relay told them", () => {
  expect(readBudget({ bytes: 131_072n, seconds: 120 })).toEqual({ bytes: 131_072, ms: 120_000 });
  expect(readBudget({ seconds: 5 })).toEqual({ bytes: undefined, ms: 5000 });
  expect(readBudget(undefined)).toEqual({ bytes: undefined, ms: undefined });
});

test("takes the milliseconds of js-libp2p relays for what they are", () => {
  expect(readBudget({ seconds: 120_000 }).ms).toBe(120_000);
  expect(readBudget({ seconds: 3600 }).ms).toBe(3_600_000);
});

test("whichever limit is nearer decides", () => {
  const budget = { bytes: 1000, ms: 10_000 };
  expect(usedShare(budget, 700, 0)).toBeCloseTo(0.7);
  expect(usedShare(budget, 100, 8000)).toBeCloseTo(0.8);
  expect(usedShare({ bytes: undefined, ms: undefined }, 1e12, 1e12)).toBe(0);
});

test("the dialling side renews first", () => {
  expect(renewShare(true)).toBeLessThan(renewShare(false));
  expect(renewShare(false)).toBeLessThan(1);
});
