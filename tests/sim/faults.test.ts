import { expect, test } from "vitest";
import { SIM_FAULTS } from "./faults.ts";
import { simulate } from "./simulate.ts";

const SMALL = { people: 6, days: 4, suite: "model", healingHours: 1 } as const;
/** Some faults need what does not happen in every small world. */
const MOST_SEEDS = 4;
const TIMEOUT_MS = 120_000;

test.each(SIM_FAULTS)(
  "$name is caught",
  async (fault) => {
    let failures: readonly string[] = [];
    for (let seed = 1; seed <= MOST_SEEDS && !failures.some((failure) => fault.found.test(failure)); seed += 1) {
      ({ failures } = await simulate({ ...SMALL, seed }, fault));
    }
    expect(failures.join("\n")).toMatch(fault.found);
  },
  TIMEOUT_MS,
);
