/** The suites of a simulation: the model one, or the real one, whose chance then follows from the seed too. */
import { ENCAPSULATION_SEED_BYTES, hpkeSeal } from "../../src/core/crypto/hpke.ts";
import { createSuite } from "../../src/core/crypto/real-suite.ts";
import type { Suite } from "../../src/core/crypto/suite.ts";
import { createModelSuite } from "../support/model-suite.ts";
import { Chance } from "./chance.ts";
import type { SimOptions } from "./options.ts";

const SUITE_STREAM = 3;
const BYTE_VALUES = 256;

export function suiteOf({ suite, seed }: Pick<SimOptions, "suite" | "seed">): Suite {
  if (suite === "model") return createModelSuite(seed);
  const chance = new Chance(seed, SUITE_STREAM);
  const random = (length: number): Uint8Array =>
    Uint8Array.from({ length }, () => Math.floor(chance.next() * BYTE_VALUES));
  return {
    ...createSuite(),
    random,
    seal: (publicKey, info, aad, plaintext) =>
      hpkeSeal(publicKey, info, aad, plaintext, random(ENCAPSULATION_SEED_BYTES)),
  };
}
