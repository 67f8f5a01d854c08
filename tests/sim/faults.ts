/** Mistakes that a port or a part of core could make, planted from outside: the simulation must catch each of them. */
import type { Suite } from "../../src/core/crypto/suite.ts";
import type { Store } from "../../src/core/store/store.ts";
import type { Transport } from "../../src/core/transport/transport.ts";
import type { SimPerson } from "./person.ts";
import type { SimWorld } from "./world.ts";

export interface SimFault {
  readonly name: string;
  /** What is said of it. */
  readonly found: RegExp;
  readonly store?: (below: Store, world: SimWorld) => Store;
  readonly suite?: (below: Suite, person: SimPerson, world: SimWorld) => Suite;
  readonly transport?: (below: Transport, world: SimWorld) => Transport;
}

export const SIM_FAULTS: readonly SimFault[] = [];
