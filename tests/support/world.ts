/** The world of an end-to-end story: a relay process, a server process, and people with browsers of their own. */
import { test as base } from "@playwright/test";
import { Person, type PersonOptions } from "./person.ts";
import { AppServer, RelayServer } from "./servers.ts";

export class World {
  readonly relay: RelayServer;
  readonly app: AppServer;
  readonly #people: Person[] = [];
  readonly #cleanups: (() => Promise<unknown>)[] = [];

  private constructor(relay: RelayServer, app: AppServer) {
    this.relay = relay;
    this.app = app;
  }

  static async create(relayFlags: readonly string[]): Promise<World> {
    const relay = await RelayServer.start(relayFlags);
    return new World(relay, await AppServer.start([relay.address]));
  }

  get people(): readonly Person[] {
    return this.#people;
  }

  async person(name: string, options: Partial<PersonOptions> = {}): Promise<Person> {
    const person = await Person.create({ name, appUrl: this.app.url, ...options });
    this.#people.push(person);
    return person;
  }

  /** Alice and Bob, both started, in the conversation that Alice's invite made. */
  async pair(bobOptions: Partial<PersonOptions> = {}): Promise<readonly [Person, Person]> {
    const [alice, bob] = await Promise.all([this.person("Alice"), this.person("Bob", bobOptions)]);
    await alice.openAndStart();
    await bob.startByInvite(await alice.createInvite(), alice);
    await alice.enterConversation(bob);
    return [alice, bob];
  }

  /** What belongs to this world and ends with it. */
  atEnd(cleanup: () => Promise<unknown>): void {
    this.#cleanups.push(cleanup);
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#people.map((person) => person.dispose()));
    await Promise.all(this.#cleanups.map((cleanup) => cleanup()));
    await Promise.all([this.app.dispose(), this.relay.dispose()]);
  }
}

interface WorldFixtures {
  /** Further flags of the relay. */
  readonly relayFlags: readonly string[];
  readonly world: World;
}

export const test = base.extend<WorldFixtures>({
  relayFlags: [[], { option: true }],
  world: async ({ relayFlags }, use, testInfo) => {
    const world = await World.create(relayFlags);
    try {
      await use(world);
      for (const person of world.people) {
        await testInfo.attach(`console of ${person.name}`, {
          body: person.console.join("\n"),
          contentType: "text/plain",
        });
      }
      base.expect(world.people.flatMap((person) => person.problems)).toEqual([]);
    } finally {
      await world.dispose();
    }
  },
});

export { expect } from "@playwright/test";
