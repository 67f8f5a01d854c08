/**
 * Random interleavings of 2 to 6 devices with loss, duplication, reordering, crashes, clocks that jump, members that come late, and
 * carriers and authors that break the rules. KITH_RUNS=N makes N runs with the model suite (and a twentieth with the real one);
 * KITH_SEED=N repeats one run of each.
 */
import { expect, test } from "vitest";
import { createSuite } from "../../../../src/core/crypto/real-suite.ts";
import { checkRun } from "../../../support/epoch-properties.ts";
import type { Mischief, WorldOptions } from "../../../support/epoch-world.ts";
import { createModelSuite } from "../../../support/model-suite.ts";
import { seededRandom } from "../../../support/seeded-random.ts";

const RUNS = Number(process.env["KITH_RUNS"] ?? 2_000);
const REAL_SHARE = 20;
const ONLY_SEED = process.env["KITH_SEED"];
const TIME_LIMIT_MS = 120_000 + RUNS * 100;
const MISCHIEF: readonly Mischief[] = ["none", "none", "carrier", "author"];

/** What a seed makes of a world. */
function planOf(seed: number, most: { readonly devices: number; readonly steps: number }): Omit<WorldOptions, "suite"> {
  const chance = seededRandom(seed);
  const below = (limit: number): number => Math.floor(chance() * limit);
  const mischief = MISCHIEF[below(MISCHIEF.length)] ?? "none";
  // Nobody can hand over a lie: an author's lies are for devices that have all keys.
  const isOpenWorld = mischief !== "author";
  return {
    seed,
    mischief,
    // Few more often than many, which take longer.
    devices: 2 + Math.min(below(most.devices - 1), below(most.devices - 1)),
    steps: most.steps,
    hasCarriers: isOpenWorld && below(3) === 0,
    hasLateMember: isOpenWorld && below(3) === 0,
  };
}

async function runSeeds(runs: number, check: (seed: number) => Promise<number>): Promise<number> {
  const seeds = ONLY_SEED === undefined ? Array.from({ length: runs }, (_, index) => index + 1) : [Number(ONLY_SEED)];
  let messages = 0;
  for (const seed of seeds) {
    try {
      messages += await check(seed);
    } catch (error) {
      throw new Error(`KITH_SEED=${seed} repeats it`, { cause: error });
    }
  }
  return messages;
}

test(
  "with the model suite, who is entitled opens everything, who is not opens nothing, and what was used is gone",
  async () => {
    const messages = await runSeeds(RUNS, async (seed) => {
      const plan = planOf(seed, { devices: 6, steps: 24 });
      return (await checkRun({ ...plan, suite: createModelSuite(seed) })).sent.length;
    });
    expect(messages).toBeGreaterThan(ONLY_SEED === undefined ? RUNS : 0);
  },
  TIME_LIMIT_MS,
);

test(
  "with the real suite as well",
  async () => {
    const messages = await runSeeds(Math.ceil(RUNS / REAL_SHARE), async (seed) => {
      const plan = planOf(seed, { devices: 3, steps: 24 });
      return (await checkRun({ ...plan, suite: createSuite() })).sent.length;
    });
    expect(messages).toBeGreaterThan(ONLY_SEED === undefined ? RUNS / REAL_SHARE : 0);
  },
  TIME_LIMIT_MS,
);

test.each([3, 33, 94])(
  "a message that was handed over moves its epoch on for those that follow (seed %i)",
  async (seed) => {
    const suite = createModelSuite(seed);
    const plan = { seed, suite, devices: 3, steps: 32, hasLateMember: seed % 2 === 0, mischief: "none" } as const;
    const world = await checkRun({ ...plan, hasCarriers: seed % 3 === 0 });
    expect(world.sent.length).toBeGreaterThan(0);
  },
);
