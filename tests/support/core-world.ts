/** People whose cores run in this process, over memory stores and a memory network, with a clock that the test moves. */
import { createMemoryStore, type MemoryStore } from "../../src/adapters/memory/memory-store.ts";
import { createMemoryNetwork, type MemoryNetwork } from "../../src/adapters/memory/memory-transport.ts";
import type { Clock } from "../../src/core/clock.ts";
import { bytesToHex } from "../../src/core/codec/bytes.ts";
import type { PeerKey } from "../../src/core/codec/ids.ts";
import { createSuite } from "../../src/core/crypto/real-suite.ts";
import type { Suite } from "../../src/core/crypto/suite.ts";
import { createMessenger } from "../../src/core/messenger.ts";
import type { IdentityRow } from "../../src/core/store/tables.ts";
import {
  type ContactView,
  deliveryState,
  type Messenger,
  type MessageView,
  type MessengerEvent,
  type Release,
  type ThreadId,
  type ThreadView,
} from "../../src/core/views.ts";
import { direct } from "./fake-views.ts";
import { ManualClock } from "./manual-clock.ts";
import { seededRandom } from "./seeded-random.ts";

export interface CoreWorldOptions {
  /** The real one if left out. */
  readonly suite?: Suite;
  readonly seed?: number;
  readonly startsOnRelay?: boolean;
}

export class CoreWorld {
  readonly clock = new ManualClock();
  readonly network: MemoryNetwork;
  readonly suite: Suite;
  readonly bugs: unknown[] = [];

  constructor(options: CoreWorldOptions = {}) {
    const suite = options.suite ?? createSuite();
    this.suite = suite;
    this.network = createMemoryNetwork({
      clock: this.clock,
      random: seededRandom(options.seed ?? 1),
      peerKeyOf: (seed) => bytesToHex(suite.publicKey(seed)) as PeerKey,
      startsOnRelay: options.startsOnRelay ?? false,
    });
  }

  /** A person with a new, empty store. */
  async person(name: string): Promise<CorePerson> {
    const person = new CorePerson(this, name, createMemoryStore());
    await person.open();
    await person.messenger.register(name);
    await person.messenger.connect();
    await this.clock.advance(200);
    return person;
  }

  /** Alice and Bob as contacts, both online. */
  async pair(): Promise<readonly [CorePerson, CorePerson]> {
    const [alice, bob] = [await this.person("Alice"), await this.person("Bob")];
    const invite = await alice.messenger.createInvite({ uses: 1, days: 7 });
    await bob.messenger.acceptInvite(invite.link);
    await this.clock.advance(2_000);
    return [alice, bob];
  }
}

export class CorePerson {
  readonly name: string;
  readonly store: MemoryStore;
  /** Added to the world's time: how far this person's clock is ahead. */
  skewMs = 0;
  /** Which build this person runs: asked for on every link. */
  release: Release | undefined;
  /** Whether this person's disk has room for what others ask to be kept. */
  hasRoom = true;
  readonly #world: CoreWorld;
  #messenger: Messenger | undefined;
  events: MessengerEvent[] = [];

  constructor(world: CoreWorld, name: string, store: MemoryStore) {
    this.#world = world;
    this.name = name;
    this.store = store;
  }

  get messenger(): Messenger {
    if (this.#messenger === undefined) throw new Error(`${this.name} is not open`);
    return this.#messenger;
  }

  /** Opens the store anew, as a start of the app does. */
  async open(): Promise<void> {
    const { read, write } = this.store;
    this.#messenger = createMessenger({
      // Closing the app leaves the memory store, as it leaves a disk.
      store: { read: read.bind(this.store), write: write.bind(this.store), close: () => undefined },
      storeClosed: new AbortController().signal,
      transport: this.#world.network.transport(),
      clock: this.#clock(),
      suite: this.#world.suite,
      stretch: (passphrase, salt) => Promise.resolve(this.#world.suite.mac(salt, passphrase)),
      appUrl: "https://chat.example/",
      release: () => Promise.resolve(this.release),
      hasRoomFor: (bytes) => Promise.resolve(this.hasRoom && this.store.hasRoomFor(bytes)),
      reportBug: (error) => this.#world.bugs.push(error),
    });
    this.#messenger.subscribe((event) => this.events.push(event));
    await this.#messenger.open();
  }

  /** Who this is, as the store has it. */
  async identity(): Promise<IdentityRow> {
    const identity = await this.store.read(["identity"], (tx) => tx.get("identity", ["self"]));
    if (identity === undefined) throw new Error(`${this.name} is not registered`);
    return identity;
  }

  async restart(): Promise<void> {
    await this.messenger.stop();
    await this.open();
    await this.messenger.connect();
    await this.#world.clock.advance(2_000);
  }

  async threads(): Promise<readonly ThreadView[]> {
    return this.messenger.threads();
  }

  /** @throws if the thread of this name is no conversation of two */
  async contactWith(name: string): Promise<ContactView> {
    return direct(await this.threadWith(name)).contact;
  }

  async threadWith(name: string): Promise<ThreadView> {
    const thread = (await this.threads()).find((candidate) => candidate.name === name);
    if (thread === undefined) throw new Error(`${this.name} has no conversation with ${name}`);
    return thread;
  }

  async send(to: string, text: string): Promise<string> {
    const result = await this.messenger.send((await this.threadWith(to)).id, text);
    if (result.kind !== "sent") throw new Error(`not sent: ${result.kind}`);
    return result.id;
  }

  /** Texts with the state of own ones, in display order. */
  async lines(withName: string): Promise<string[]> {
    const { messages, receipts } = await this.page((await this.threadWith(withName)).id);
    return messages.map((message) =>
      message.isOwn ? `${message.text} (${deliveryState(message, receipts)})` : message.text,
    );
  }

  /** Texts of the whole conversation, in display order, however long it is. */
  async texts(withName: string): Promise<string[]> {
    const thread = (await this.threadWith(withName)).id;
    let page = await this.page(thread);
    const messages = [...page.messages];
    while (page.hasOlder) {
      const order = messages[0]?.order ?? "";
      page = await this.messenger.messages(thread, { at: "before", order, limit: 500 });
      messages.unshift(...page.messages);
    }
    return messages.map((message) => message.text);
  }

  async readAll(withName: string): Promise<void> {
    const thread = await this.threadWith(withName);
    const last = (await this.page(thread.id)).messages.findLast((message: MessageView) => !message.isPending);
    if (last !== undefined) await this.messenger.markRead(thread.id, last.order);
  }

  #clock(): Clock {
    const { clock } = this.#world;
    return {
      now: () => clock.now() + this.skewMs,
      monotonic: () => clock.monotonic(),
      delay: (ms, signal) => clock.delay(ms, signal),
      pause: () => clock.pause(),
    };
  }

  page(thread: ThreadId) {
    return this.messenger.messages(thread, { at: "newest", limit: 500 });
  }
}
