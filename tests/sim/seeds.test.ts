/** As many seeds as fit: KITH_SIM_SECONDS (20 if left out), in the order of their numbers behind those that once broke. */
import { expect, test } from "vitest";
import { simulate } from "./simulate.ts";

const BUDGET_MS = Number(process.env["KITH_SIM_SECONDS"] ?? "20") * 1_000;
/** A seed that has begun is finished. */
const LAST_SEED_MS = 240_000;
/** Each showed a fault of the core when it was first run. */
const ONCE_BROKEN = [72, 37, 13, 23];
const FIRST_SEED = 100;
const MOST_SEEDS = 10_000;

test(
  "one seed gives one course of events",
  async () => {
    const options = { seed: 2, people: 6, days: 3, suite: "model" } as const;
    const [first, second] = [await simulate(options), await simulate(options)];
    expect(first.messages).toBeGreaterThan(10);
    expect([second.digest, second.events]).toEqual([first.digest, first.events]);
    expect((await simulate({ ...options, seed: 3 })).digest).not.toBe(first.digest);
  },
  LAST_SEED_MS,
);

test(
  "all invariants hold with the real suite",
  async () => {
    const { failures, messages } = await simulate({ seed: 2, people: 6, days: 2, suite: "real" });
    expect(failures).toEqual([]);
    expect(messages).toBeGreaterThan(10);
  },
  LAST_SEED_MS,
);

test(
  "all invariants hold for as many seeds as fit",
  async () => {
    const startedAt = performance.now();
    let count = 0;
    let messages = 0;
    for (const seed of seeds()) {
      const result = await simulate({ seed, days: 14, suite: "model" });
      expect(result.failures, `replay: npm run sim -- --seed ${seed}`).toEqual([]);
      count += 1;
      messages += result.messages;
      if (performance.now() - startedAt > BUDGET_MS) break;
    }
    console.log(`simulated ${count} seeds of 6 to 12 people and 14 days, ${messages} messages`);
    expect(count).toBeGreaterThan(0);
  },
  BUDGET_MS + LAST_SEED_MS,
);

function* seeds(): Generator<number> {
  yield* ONCE_BROKEN;
  for (let seed = FIRST_SEED; seed < FIRST_SEED + MOST_SEEDS; seed += 1) yield seed;
}
