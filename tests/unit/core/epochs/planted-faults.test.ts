/** The properties of interleavings.test.ts can fail: each mistake that is planted here is found within a few hundred runs. */
import { expect, test } from "vitest";
import { PLANTED_FAULTS, type PlantedFault } from "../../../support/epoch-faults.ts";
import { checkRun } from "../../../support/epoch-properties.ts";
import type { WorldOptions } from "../../../support/epoch-world.ts";
import { createModelSuite } from "../../../support/model-suite.ts";

const MOST_RUNS = 200;
const TIME_LIMIT_MS = 120_000;

function optionsOf({ world, plant }: PlantedFault, seed: number): WorldOptions {
  const plan = { mischief: "none", hasLateMember: false, ...world } as const;
  return { ...plan, seed, suite: createModelSuite(seed), devices: 3, steps: 32, hasCarriers: false, faults: plant };
}

/** The first seed whose run fails, and why. */
async function findFailure(fault: PlantedFault): Promise<string | undefined> {
  for (let seed = 1; seed <= MOST_RUNS; seed += 1) {
    try {
      await checkRun(optionsOf(fault, seed));
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
  return undefined;
}

test.each(PLANTED_FAULTS)(
  "it is found that $name",
  async (fault) => {
    const failure = await findFailure(fault);
    expect(failure).toMatch(fault.found);
  },
  TIME_LIMIT_MS,
);
