import { expect, test } from "vitest";
import { FirstRound } from "../../../../src/adapters/libp2p/first-round.ts";
import { ManualClock } from "../../../support/manual-clock.ts";

function scene() {
  const clock = new ManualClock();
  const round = new FirstRound(clock);
  const over = { is: false };
  void round.over.then(() => {
    over.is = true;
  });
  return { clock, round, over };
}

test("peers wait until the first try for a reservation has ended", async () => {
  const { clock, round, over } = scene();
  round.begin();
  await clock.advance(500);
  expect(over.is).toBe(false);
  round.end();
  await clock.advance(0);
  expect(over.is).toBe(true);
  expect(clock.pending).toBe(0);
});

test("peers wait for a relay that does not answer no longer than a second", async () => {
  const { clock, round, over } = scene();
  round.begin();
  await clock.advance(999);
  expect(over.is).toBe(false);
  await clock.advance(1);
  expect(over.is).toBe(true);
});

test("a device whose start found no network makes peers wait for the round that begins later", async () => {
  const { clock, round, over } = scene();
  await clock.advance(60_000);
  expect(over.is).toBe(false);
  round.begin();
  await clock.advance(1_000);
  expect(over.is).toBe(true);
});
