/** A person on a host of the lab: uses Kith in a browser there, and can be moved to another network or put to sleep. */
import type { Person } from "../support/person.ts";
import type { Counters, Namespace } from "./namespace.ts";
import { HOST_DEVICE, type Site } from "./site.ts";

export class Resident {
  readonly person: Person;
  readonly machine: Namespace;
  #site: Site;

  constructor(person: Person, machine: Namespace, site: Site) {
    this.person = person;
    this.machine = machine;
    this.#site = site;
  }

  get name(): string {
    return this.person.name;
  }

  get site(): Site {
    return this.#site;
  }

  /** What has passed the interface of the host by now. */
  async counters(): Promise<Counters> {
    return this.machine.counters(HOST_DEVICE);
  }

  /** Leaves one network and comes up in another, with another address, as a laptop that is carried away does. */
  async moveTo(site: Site): Promise<void> {
    await this.#site.remove(this.machine);
    this.#site = site;
    await site.add(this.machine);
  }
}
