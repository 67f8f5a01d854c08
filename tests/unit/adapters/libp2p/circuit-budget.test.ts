import { expect, test } from "vitest";
import { mustHold, readBudget, renewAtBytes, renewAtMs } from "../../../../src/adapters/libp2p/circuit-budget.ts";

const SHORT = { bytes: 65_536, ms: 5_000 };
const LONG = { bytes: 4_194_304, ms: 600_000 };
const NONE = { bytes: undefined, ms: undefined };

test("reads bytes and seconds as the relay told them", () => {
  expect(readBudget({ bytes: 131_072n, seconds: 120 })).toEqual({ bytes: 131_072, ms: 120_000 });
  expect(readBudget({ seconds: 5 })).toEqual({ bytes: undefined, ms: 5000 });
  expect(readBudget(undefined)).toEqual({ bytes: undefined, ms: undefined });
});

test("takes the milliseconds of js-libp2p relays for what they are", () => {
  expect(readBudget({ seconds: 120_000 }).ms).toBe(120_000);
  expect(readBudget({ seconds: 3600 }).ms).toBe(3_600_000);
});

test("the dialling side renews first, by bytes as by time, and both before the end", () => {
  for (const budget of [SHORT, LONG]) {
    expect(renewAtBytes(budget, true)).toBeLessThan(renewAtBytes(budget, false) ?? 0);
    expect(renewAtBytes(budget, false)).toBeLessThan(budget.bytes);
    expect(renewAtMs(budget, true)).toBeLessThan(renewAtMs(budget, false) ?? 0);
    expect(renewAtMs(budget, false)).toBeLessThan(budget.ms);
  }
});

test("a long circuit is renewed at a share of its time, a short one seconds before its end, and none at once", () => {
  expect(renewAtMs(LONG, true)).toBeCloseTo(420_000);
  expect(renewAtMs(SHORT, true)).toBe(2_000);
  expect(renewAtMs(SHORT, false)).toBe(3_500);
  expect(renewAtMs({ bytes: undefined, ms: 1_000 }, true)).toBe(400);
});

test("a circuit without limits is neither renewed nor held", () => {
  expect(renewAtBytes(NONE, true)).toBeUndefined();
  expect(renewAtMs(NONE, true)).toBeUndefined();
  expect(mustHold(NONE, 1e12, 0)).toBe(false);
});

test("is held later than it is renewed while the peer is heard", () => {
  const renewAt = renewAtBytes(SHORT, true) ?? 0;
  expect(mustHold(SHORT, renewAt, renewAt)).toBe(false);
  expect(mustHold(SHORT, 0.85 * SHORT.bytes, 0.85 * SHORT.bytes)).toBe(true);
});

test("two ends that hear nothing of each other send no more than the circuit takes, whenever that began", () => {
  for (const heardAt of [0, 10_000, 30_000, 45_000, 55_000]) {
    let sent = 0;
    while (!mustHold(SHORT, heardAt + sent, heardAt)) sent += 500;
    expect(heardAt + 2 * sent).toBeLessThan(SHORT.bytes);
  }
});
