/**
 * Devices of one conversation that a seeded chance drives: they write, lose, double and reorder batches, crash in mid-write, age, and
 * get a new member. Some worlds have a carrier or an author that does not keep to the rules.
 */
import { bytesToHex, bytesToText, concatBytes, textToBytes } from "../../src/core/codec/bytes.ts";
import { CONTROL_CHANNEL, decodeHeader, MESSAGE_CHANNEL, MESSAGE_KIND } from "../../src/core/codec/entry.ts";
import type { ConversationId, DeviceId, EntryId } from "../../src/core/codec/ids.ts";
import { readOpening } from "../../src/core/crypto/message-body.ts";
import type { Suite } from "../../src/core/crypto/suite.ts";
import { readGround, sealEntry, type SealedEntry } from "../../src/core/log/append.ts";
import { entryIdOf, type EntryParts } from "../../src/core/log/entry.ts";
import { digestLogs, logName } from "../../src/core/log/log-state.ts";
import { marksOf } from "../../src/core/conversations/statements.ts";
import { EpochDevice, PowerCut, type DeviceFaults, type Surroundings } from "./epoch-device.ts";
import { NonceWatch } from "./epoch-suite.ts";
import { SealLedger } from "./seal-ledger.ts";
import { seededRandom } from "./seeded-random.ts";

/** Stands where a message cannot be shown. */
export const DAMAGED = "damaged";
const HOUR_MS = 3_600_000;
const START_MS = Date.UTC(2026, 0, 1);
/** All jumps together stay below the age at which a superseded key is erased whoever is away. */
const MAX_JUMPS = 20;

export type Mischief = "none" | "carrier" | "author";

export interface WorldOptions {
  readonly seed: number;
  readonly suite: Suite;
  readonly devices: number;
  readonly steps: number;
  readonly mischief: Mischief;
  /** Whether everybody passes on everything, or each only what is their own. */
  readonly hasCarriers: boolean;
  readonly hasLateMember: boolean;
  readonly faults?: (world: EpochWorld) => WorldFaults;
}

export interface WorldFaults extends DeviceFaults {
  readonly suite?: (below: Suite) => Suite;
}

export interface SentMessage {
  readonly text: string;
  readonly entry: SealedEntry;
  /** Devices that it was to be sealed to, and its author. */
  readonly entitled: ReadonlySet<DeviceId>;
  /** Its header does not tell what it was sealed with: nobody may show it. */
  readonly isLie: boolean;
}

interface Parcel {
  readonly to: EpochDevice;
  readonly batch: readonly EntryParts[];
  readonly envelopes: ReadonlyMap<EntryId, Uint8Array>;
}

export class EpochWorld implements Surroundings {
  readonly conversation = "c0".repeat(32) as ConversationId;
  readonly devices: EpochDevice[] = [];
  readonly sent: SentMessage[] = [];
  readonly nonces = new NonceWatch();
  readonly ledger: SealLedger;
  readonly options: WorldOptions;
  /** Openings of messages that state another commitment: that commitment. As hex. */
  readonly liedCommitments = new Map<string, Uint8Array>();
  /** The first seed commitment of each epoch that a faulty device saw. */
  readonly firstCommitments = new Map<string, Uint8Array>();
  /** Who was given an envelope that nobody named: "device/author/epoch". */
  readonly misled = new Set<string>();
  readonly #chance: () => number;
  readonly #known = new Map<DeviceId, Set<EpochDevice>>();
  #underWay: Parcel[] = [];
  #nowMs = START_MS;
  #jumps = 0;
  #texts = 0;

  constructor(options: WorldOptions) {
    this.options = options;
    this.#chance = seededRandom(options.seed);
    this.ledger = new SealLedger(options.suite);
    for (let count = 0; count < options.devices; count += 1) this.#addDevice();
    for (const device of this.devices) this.#known.set(device.device, new Set(this.devices));
  }

  readonly now = (): number => this.#nowMs;

  readonly othersOf = (device: EpochDevice): readonly EpochDevice[] =>
    [...(this.#known.get(device.device) ?? [])].filter((other) => other !== device);

  readonly logKeyOf = (id: DeviceId): Uint8Array | undefined =>
    this.devices.find(({ device }) => device === id)?.logKey;

  /** Everything that happens before all is exchanged. */
  async run(): Promise<void> {
    const { steps, hasLateMember } = this.options;
    for (const device of this.devices) await device.publish();
    // Else nobody writes for a while.
    if (this.below(8) > 0) await this.exchange();
    const lateAt = hasLateMember ? this.below(steps) : -1;
    for (let step = 0; step < steps; step += 1) {
      if (step === lateAt) {
        const late = this.#addDevice();
        this.#known.set(late.device, new Set(this.devices));
        await late.publish();
      }
      await this.#step();
    }
    for (const device of this.devices) this.#known.set(device.device, new Set(this.devices));
  }

  /** Whether this device was there from the start. */
  isFounder(device: DeviceId): boolean {
    return this.devices.findIndex((other) => other.device === device) < this.options.devices;
  }

  below(limit: number): number {
    return Math.floor(this.#chance() * limit);
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error("nothing to pick from");
    return item;
  }

  async everybodySends(): Promise<void> {
    for (const device of this.devices) await this.#send(device);
  }

  /** Everybody gets everything; nothing is lost any more. */
  async exchange(): Promise<void> {
    this.#underWay = [];
    for (const from of this.devices) {
      for (const to of this.devices) if (from !== to) await this.#bring(from, to);
    }
  }

  /** All tell how far they are, and erase what they can. */
  async settle(): Promise<void> {
    for (const from of this.devices) {
      for (const to of this.devices) if (from !== to) await this.#tell(from, to);
    }
    for (const device of this.devices) await device.tidy();
  }

  /** What cannot be read is asked for and handed over, until all is read. */
  async handOver(): Promise<void> {
    let hasUnread = true;
    for (let round = 0; hasUnread && round < 200; round += 1) {
      hasUnread = false;
      for (const device of this.devices) {
        for (const range of await device.resume()) {
          hasUnread = true;
          for (const other of this.devices.filter((candidate) => candidate !== device)) {
            await device.resume(await other.answer(device.device, range));
          }
        }
      }
    }
    if (hasUnread) throw new Error("what cannot be read is not handed over");
  }

  /** What a device shows, in order: texts, and DAMAGED for what cannot be shown. */
  async shown(device: EpochDevice): Promise<readonly string[]> {
    const rows = await device.store.read(["entries"], (tx) => tx.range("entries", { prefix: [this.conversation] }));
    return rows
      .filter(({ key }) => key[2] === MESSAGE_CHANNEL)
      .map(({ key, value }) => {
        const { commitment } = decodeHeader(value.header);
        const isLie = this.sent.some((message) => message.isLie && message.entry.id === value.id);
        const opening = isLie ? undefined : value.opening;
        const content = opening === undefined ? undefined : readOpening(this.options.suite, commitment, opening);
        const text = content === undefined ? DAMAGED : bytesToText(content);
        return { order: `${value.rank}/${String(key[1])}/${String(key[3]).padStart(9, "0")}`, text };
      })
      .toSorted((a, b) => (a.order < b.order ? -1 : 1))
      .map(({ text }) => text);
  }

  async digest(device: EpochDevice): Promise<string> {
    return bytesToHex(digestLogs(this.options.suite, await device.logs()));
  }

  #addDevice(): EpochDevice {
    const faults = this.options.faults?.(this) ?? {};
    const below = this.nonces.watched(this.options.suite);
    const faulty = faults.suite?.(below) ?? below;
    const device: EpochDevice = new EpochDevice(
      this,
      this.ledger.watched(faulty, () => device.device),
      faults,
    );
    this.devices.push(device);
    return device;
  }

  async #step(): Promise<void> {
    const dice = this.below(100);
    const device = this.pick(this.devices);
    if (dice < 16) await this.#send(device);
    else if (dice < 19) await Promise.all([this.#send(device), this.#send(device)]);
    else if (dice < 24) await this.#crash(device, () => this.#send(device));
    else if (dice < 60) await this.#post(device);
    else if (dice < 72) await this.#arrive();
    else if (dice < 76) await this.#crashOnArrival();
    else if (dice < 78) await device.restart();
    else if (dice < 84) this.#jump();
    else if (dice < 86) await device.publish();
    else if (dice < 92) await this.#meet(device);
    else if (dice < 95) for (const member of this.devices) this.#known.get(device.device)?.add(member);
    else await this.#mischief(device);
  }

  #jump(): void {
    if (this.#jumps >= MAX_JUMPS) return;
    this.#jumps += 1;
    this.#nowMs += (this.below(20) + 1) * (HOUR_MS / 4);
  }

  async #send(device: EpochDevice): Promise<void> {
    this.#texts += 1;
    const text = `message ${this.#texts} of ${device.device.slice(0, 4)}`;
    const recipients = await this.#expected(device);
    const entry = await device.send(text);
    if (entry === undefined) return;
    this.sent.push({ text, entry, entitled: new Set([device.device, ...recipients]), isLie: false });
    const to = this.ledger.recipientsOf(device.device, entry.header.epoch);
    const names = (ids: Iterable<string>): string => [...ids].toSorted().join();
    if (names(to) !== names(recipients)) throw new Error("sealed to other devices than take part");
    if (recipients.length !== this.othersOf(device).length) throw new Error("sent before everybody has a key");
  }

  /** Other devices known here whose first key was read here. */
  async #expected(device: EpochDevice): Promise<readonly DeviceId[]> {
    const logs = await device.logs();
    const hasKey = (other: DeviceId): boolean => (logs.get(logName(other, CONTROL_CHANNEL))?.row.opened ?? 0) > 0;
    return this.othersOf(device)
      .map((other) => other.device)
      .filter(hasKey);
  }

  /** The next commit of this device, or the one after it, fails, as in a power cut, and it starts again from what was stored. */
  async #crash(device: EpochDevice, work: () => Promise<void>): Promise<void> {
    device.writesBeforeCrash = this.below(2);
    try {
      await work();
      device.writesBeforeCrash = undefined;
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
      await device.restart();
    }
  }

  async #crashOnArrival(): Promise<void> {
    if (this.#underWay.length === 0) return;
    const parcel = this.pick(this.#underWay);
    await this.#crash(parcel.to, () => this.#deliver(parcel));
  }

  async #post(from: EpochDevice): Promise<void> {
    const to = this.pick(this.devices);
    if (to === from) return;
    const batch = await from.serve(to, this.below(8) + 1, this.options.hasCarriers);
    const envelopes = new Map<EntryId, Uint8Array>();
    for (const { parts, envelopes: held } of batch) {
      for (const { bytes } of held ?? []) envelopes.set(this.#idOf(parts), bytes);
    }
    if (batch.length > 0) this.#underWay.push({ to, batch: batch.map(({ parts }) => parts), envelopes });
    if (this.below(3) > 0) await this.#arrive();
  }

  /** Any of what is under way arrives, is lost, or arrives and stays under way. */
  async #arrive(): Promise<void> {
    if (this.#underWay.length === 0) return;
    const parcel = this.pick(this.#underWay);
    if (this.below(6) > 0) this.#underWay = this.#underWay.filter((other) => other !== parcel);
    if (this.below(5) === 0) return;
    await this.#deliver(parcel);
  }

  async #deliver({ to, batch, envelopes }: Parcel): Promise<void> {
    if (this.options.mischief !== "carrier" || this.below(4) > 0 || envelopes.size === 0) {
      await to.take(batch, envelopes);
      return;
    }
    const before = await to.logs();
    const swapped = new Map([...envelopes].map(([id, bytes]) => [id, this.ledger.resealed(bytes)]));
    const { kind } = await to.take(batch, swapped);
    for (const parts of kind === "accepted" ? batch : []) {
      const { device, channel, seq } = decodeHeader(parts.header);
      const bytes = envelopes.get(this.#idOf(parts));
      const isNew = seq > (before.get(logName(device, channel))?.row.height ?? 0);
      if (bytes !== undefined && isNew) this.misled.add(`${to.device}/${device}/${this.ledger.epochOf(bytes)}`);
    }
  }

  async #bring(from: EpochDevice, to: EpochDevice): Promise<void> {
    for (let count = 0; count < 1_000; count += 1) {
      const batch = await from.serve(to, 64, false);
      if (batch.length === 0) return;
      const envelopes = new Map(
        batch.flatMap(({ parts, envelopes: held }) =>
          (held ?? []).map(({ bytes }) => [this.#idOf(parts), bytes] as const),
        ),
      );
      const taken = await to.take(
        batch.map(({ parts }) => parts),
        envelopes,
      );
      if (taken.kind !== "accepted") throw new Error("an author's own log does not follow what is held of it");
    }
    throw new Error("a log has no end");
  }

  async #meet(device: EpochDevice): Promise<void> {
    const other = this.pick(this.devices);
    if (other === device) return;
    await this.#tell(device, other);
    await other.tidy();
  }

  async #tell(from: EpochDevice, to: EpochDevice): Promise<void> {
    to.clocks.set(from.device, marksOf(await from.logs()));
  }

  async #mischief(device: EpochDevice): Promise<void> {
    const { mischief } = this.options;
    if (mischief === "author") {
      await this.#lie(device, this.below(2) === 0 ? "commitment" : "generation");
    } else if (mischief === "carrier" && this.below(2) === 0) {
      await this.#fork(device, this.pick(this.devices));
    } else if (mischief === "carrier") {
      this.ledger.splitNext(device.device);
    }
  }

  async #lie(device: EpochDevice, about: "commitment" | "generation"): Promise<void> {
    const text = `lie ${this.sent.length}`;
    const entry = await device.lie(text, about);
    if (entry === undefined) return;
    if (entry.opening !== undefined) this.liedCommitments.set(bytesToHex(entry.opening), entry.header.commitment);
    this.sent.push({ text, entry, entitled: new Set(), isLie: true });
  }

  /** Gives `to` an entry by `author` that follows on nothing that `to` holds. */
  async #fork(author: EpochDevice, to: EpochDevice): Promise<void> {
    if (author === to) return;
    const ground = await to.store.read(["logs", "entries"], (tx) => readGround(tx, this.conversation));
    const name = logName(author.device, MESSAGE_CHANNEL);
    const held = ground.logs.get(name);
    if (held === undefined) return;
    const head = bytesToHex(this.options.suite.random(32)) as EntryId;
    ground.logs.set(name, { ...held, row: { ...held.row, head } });
    const content = concatBytes(textToBytes("fork"), this.options.suite.random(200));
    const draft = { conversation: this.conversation, channel: MESSAGE_CHANNEL, kind: MESSAGE_KIND.content, content };
    const { parts } = sealEntry(this.options.suite, this.#nowMs, author, draft, ground);
    const { kind } = await to.take([parts], new Map());
    if (kind !== "unlinked") throw new Error("a fork was accepted");
  }

  #idOf({ header, signature }: EntryParts): EntryId {
    return entryIdOf(this.options.suite, header, signature);
  }
}
