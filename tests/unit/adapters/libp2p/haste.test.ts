import { expect, test } from "vitest";
import { Haste } from "../../../../src/adapters/libp2p/haste.ts";
import { ManualClock } from "../../../support/manual-clock.ts";

test("brings four tries forward at once, and then one a minute", async () => {
  const clock = new ManualClock();
  const haste = new Haste(clock);
  const takeSix = () => Array.from({ length: 6 }, () => haste.take()).filter(Boolean).length;
  expect(takeSix()).toBe(4);
  await clock.advance(59_000);
  expect(takeSix()).toBe(0);
  await clock.advance(1_000);
  expect(takeSix()).toBe(1);
  await clock.advance(3_600_000);
  expect(takeSix()).toBe(4);
});
