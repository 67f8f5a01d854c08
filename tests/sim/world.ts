/**
 * A small world of people whose apps are the real core, over a virtual network and a virtual clock. Everything that happens follows
 * from one seed: chance has one source, and nothing waits for real time.
 */
import { createHash, type Hash } from "node:crypto";
import { createMemoryNetwork, type MemoryNetwork } from "../../src/adapters/memory/memory-transport.ts";
import { bytesToHex } from "../../src/core/codec/bytes.ts";
import type { AccountId, PeerKey, ThreadId } from "../../src/core/codec/ids.ts";
import type { Clock } from "../../src/core/clock.ts";
import type { Suite } from "../../src/core/crypto/suite.ts";
import type { Store } from "../../src/core/store/store.ts";
import type { Transport } from "../../src/core/transport/transport.ts";
import type { ThreadView } from "../../src/core/views.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { Acquaintances } from "./acquaintances.ts";
import { Chance } from "./chance.ts";
import type { SimFault } from "./faults.ts";
import { SimGroups } from "./groups.ts";
import { Ledger, type Marked, type Written } from "./ledger.ts";
import { LEAST_PEOPLE, MOST_PEOPLE, type SimOptions } from "./options.ts";
import { SimPerson } from "./person.ts";
import type { Profile } from "./profile.ts";
import { withFrames } from "./newer-build.ts";

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
export const RELAY = "/memory/relay";
const MAX_RETRY_DELAY_MS = 5 * MINUTE_MS;
const MAX_SLOWNESS = 40;
const MAX_FAILURES = 20;
const HOPELESS_FAILURES = 2_000;

const NAMES = ["Alice", "Bob", "Carol", "Dan", "Erin", "Frank", "Grace", "Heidi", "Ivan", "Judy", "Karl", "Laura"];

export interface Room {
  readonly id: string;
  readonly readers: ReadonlySet<AccountId>;
  /** Of those, the ones that must get what is written now. */
  readonly entitled: ReadonlySet<AccountId>;
}

export class SimWorld {
  readonly options: SimOptions;
  readonly clock = new ManualClock();
  readonly chance: Chance;
  readonly network: MemoryNetwork;
  readonly suite: Suite;
  readonly ledger = new Ledger();
  readonly people: readonly SimPerson[];
  readonly acquaintances: Acquaintances;
  readonly groups: SimGroups;
  readonly failures: string[] = [];
  #failed = 0;
  /** Milliseconds from writing to the first storing at each reader who is not the author. */
  readonly deliveries: { readonly written: Written; readonly afterMs: number }[] = [];
  /** Which half of a divided network somebody is in; empty while it is whole. */
  readonly halves = new Map<SimPerson, number>();
  readonly #fault: SimFault | undefined;
  readonly #profileByAccount = new Map<AccountId, Profile>();
  readonly #personByPeer = new Map<PeerKey, SimPerson>();
  readonly #log: Hash = createHash("sha256");
  events = 0;
  /** Groups in which an old copy of a profile wrote a second entry of one number. */
  forks = 0;
  /** Groups that two members show in another order, for good. */
  readonly reordered = new Set<ThreadId>();
  readonly parcels = { left: 0, handedOver: 0 };

  constructor(options: SimOptions, suite: Suite, fault?: SimFault) {
    this.options = options;
    this.#fault = fault;
    this.suite = suite;
    this.chance = new Chance(options.seed, 0);
    const slowness = new Chance(options.seed, 2);
    this.network = createMemoryNetwork({
      clock: this.clock,
      random: new Chance(options.seed, 1).next,
      peerKeyOf: (seed) => bytesToHex(suite.publicKey(seed)) as PeerKey,
      startsOnRelay: true,
      maxRetryDelayMs: MAX_RETRY_DELAY_MS,
      canMeet: (a, b) => this.#canMeet(a, b),
      slownessOf: () => slowness.between(0.2, 1) * MAX_SLOWNESS ** slowness.next(),
    });
    const count = options.people ?? LEAST_PEOPLE + (options.seed % (MOST_PEOPLE - LEAST_PEOPLE + 1));
    this.people = Array.from({ length: count }, (_, index) => new SimPerson(this, index, nameOf(index)));
    this.groups = new SimGroups(this);
    this.acquaintances = new Acquaintances(this);
  }

  get elapsedMs(): number {
    return this.clock.monotonic();
  }

  /** Names all that happened, in order and with its time. */
  get digest(): string {
    return this.#log.copy().digest("hex").slice(0, 16);
  }

  note(person: SimPerson | undefined, what: string): void {
    const line = `${this.elapsedMs.toFixed(3)} ${person?.name ?? "-"} ${what}`;
    this.events += 1;
    this.#log.update(`${line}\n`);
    this.options.trace?.(line);
  }

  fail(what: string): void {
    this.note(undefined, `FAILS: ${what}`);
    this.#failed += 1;
    if (this.failures.length < MAX_FAILURES && !this.failures.includes(what)) this.failures.push(what);
  }

  /** What is broken breaks again and again: nothing settles any more, and every minute takes longer. */
  get isHopeless(): boolean {
    return this.#failed > HOPELESS_FAILURES;
  }

  /** Does something later, in virtual time. */
  after(delayMs: number, work: () => void | Promise<void>): void {
    this.clock
      .delay(delayMs)
      .then(work)
      .catch((error: unknown) => this.fail(error instanceof Error ? (error.stack ?? error.message) : String(error)));
  }

  know(profile: Profile): void {
    if (profile.account !== undefined) this.#profileByAccount.set(profile.account, profile);
  }

  knowPeer(peer: PeerKey, person: SimPerson): void {
    this.#personByPeer.set(peer, person);
  }

  /** All peer keys that this person's profiles ever had. */
  peersOf(person: SimPerson): readonly PeerKey[] {
    return [...this.#personByPeer].filter(([, owner]) => owner === person).map(([peer]) => peer);
  }

  /** Every profile that made an account, lost ones too. */
  get profiles(): Iterable<Profile> {
    return this.#profileByAccount.values();
  }

  profileOf(account: AccountId): Profile | undefined {
    return this.#profileByAccount.get(account);
  }

  roomOf(profile: Profile, thread: ThreadView): Room | undefined {
    if (profile.account === undefined) return undefined;
    if (thread.kind === "group") return this.groups.roomOf(thread);
    const accounts = [profile.account, thread.contact.account].toSorted();
    const readers = new Set(accounts);
    return { id: accounts.join("+"), readers, entitled: readers };
  }

  storeFor(profile: Profile): Store {
    return this.#fault?.store?.(profile.store, profile, this) ?? profile.store;
  }

  /** As the core gets it. */
  get coreSuite(): Suite {
    return this.#fault?.suite?.(this.suite) ?? this.suite;
  }

  clockFor(profile: Profile, below: Clock): Clock {
    return this.#fault?.clock?.(below, profile) ?? below;
  }

  transportFor(person: SimPerson): Transport {
    const plain = this.network.transport();
    const transport = person.isNewer ? withFrames(plain, this.chance) : plain;
    return this.#fault?.transport?.(transport) ?? transport;
  }

  noteShown(profile: Profile, written: Written): void {
    if (profile.seen.has(written.index)) return;
    this.note(undefined, `${profile.name} has ${written.index}`);
    if (profile.account === written.author) return;
    this.deliveries.push({ written, afterMs: this.elapsedMs - written.writtenAt });
  }

  checkOpened(profile: Profile, marked: Marked): void {
    const { account } = profile;
    const written = this.ledger.of(marked);
    if (account === undefined || !written.readers.has(account)) {
      this.fail(`${profile.name} opened message ${marked.index}, which is not for them`);
    }
  }

  onCrash(person: SimPerson): void {
    this.note(person, "crashes in mid-write");
    person.close(this.chance.is(0.5) ? "power cut" : "killed");
    this.after(this.chance.between(1_000, MINUTE_MS), () => person.open());
  }

  /** Parts the network into two halves, or makes it whole again. */
  divide(halves: ReadonlyMap<SimPerson, number>): void {
    this.halves.clear();
    for (const [person, half] of halves) this.halves.set(person, half);
    for (const a of this.people) {
      for (const b of this.people) {
        if (a.index >= b.index || a.peer === undefined || b.peer === undefined) continue;
        if (!this.#canMeet(a.peer, b.peer)) this.network.drop(a.peer, b.peer);
      }
    }
  }

  #canMeet(a: PeerKey, b: PeerKey): boolean {
    const [first, second] = [this.#personByPeer.get(a), this.#personByPeer.get(b)];
    if (first === undefined || second === undefined) return true;
    return this.halves.get(first) === this.halves.get(second);
  }
}

function nameOf(index: number): string {
  return NAMES[index] ?? `Person ${index + 1}`;
}
