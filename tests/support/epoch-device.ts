/** One device of one conversation over a memory store: seals, opens and erases as the app does, and can crash at any write. */
import { createMemoryStore, type MemoryStore } from "../../src/adapters/memory/memory-store.ts";
import { textToBytes } from "../../src/core/codec/bytes.ts";
import { CONTROL_CHANNEL, MESSAGE_CHANNEL, MESSAGE_KIND } from "../../src/core/codec/entry.ts";
import type { AccountId, ConversationId, DeviceId, EntryId } from "../../src/core/codec/ids.ts";
import { stepChain } from "../../src/core/crypto/chain.ts";
import { deviceIdOf } from "../../src/core/crypto/identity.ts";
import { readOpening, sealBody } from "../../src/core/crypto/message-body.ts";
import type { Suite } from "../../src/core/crypto/suite.ts";
import { erase, findErasable, type PeerClock } from "../../src/core/epochs/erase.ts";
import { KEM_TABLES, publishKem } from "../../src/core/epochs/kem.ts";
import { KeyBook, type PublishedKem } from "../../src/core/epochs/key-book.ts";
import { EpochReader, type OpenedMessage, READER_TABLES } from "../../src/core/epochs/open.ts";
import { appendRekey, prepareRekey, REKEY_TABLES } from "../../src/core/epochs/rekey.ts";
import { answerResend, openAnswer, type ResendAnswer, resentMessages } from "../../src/core/epochs/resend.ts";
import { recipientsOf, type Roster } from "../../src/core/epochs/roster.ts";
import { Sealer } from "../../src/core/epochs/seal.ts";
import {
  ACCEPT_TABLES,
  acceptBatch,
  type AcceptResult,
  type LogRange,
  type Opened,
  resumeOpening,
} from "../../src/core/log/accept.ts";
import { APPEND_TABLES, putEntries, readGround, sealEntry, type SealedEntry } from "../../src/core/log/append.ts";
import { checkBatch } from "../../src/core/log/check.ts";
import type { Entry, EntryParts } from "../../src/core/log/entry.ts";
import { EMPTY_LOG, logName, type LogState, readLogs } from "../../src/core/log/log-state.ts";
import { readBatch, SERVE_TABLES, type ServedEntry } from "../../src/core/log/serve.ts";
import type { WriteTransaction } from "../../src/core/store/store.ts";
import type { LogMark } from "../../src/core/store/tables.ts";
import { StepWatch } from "./epoch-suite.ts";
import { ManualClock } from "./manual-clock.ts";

const SEND_TRIES = 4;
const OPEN_TABLES = [...READER_TABLES, ...ACCEPT_TABLES] as const;
const SEND_TABLES = ["sendings", ...APPEND_TABLES] as const;

/** What a planted fault makes a device do otherwise. */
export interface DeviceFaults {
  readonly tx?: (tx: WriteTransaction) => WriteTransaction;
  readonly accept?: typeof acceptBatch;
  readonly openMessage?: (reader: EpochReader, entry: Entry) => Promise<OpenedMessage>;
  readonly others?: (others: readonly PeerClock[]) => readonly PeerClock[];
  readonly roster?: (roster: Roster) => Roster;
  /** Entry and chain are put in two transactions. */
  readonly isTorn?: boolean;
}

export interface Surroundings {
  readonly conversation: ConversationId;
  now(): number;
  /** All other devices that this one knows to take part. */
  othersOf(device: EpochDevice): readonly EpochDevice[];
  logKeyOf(device: DeviceId): Uint8Array | undefined;
}

const clock = new ManualClock();

export class EpochDevice {
  readonly device: DeviceId;
  readonly account: AccountId;
  readonly logSeed: Uint8Array;
  readonly logKey: Uint8Array;
  readonly suite: Suite;
  readonly store: MemoryStore = createMemoryStore();
  /** Chain keys that what is committed here has used up, as hex. */
  readonly usedKeys = new Set<string>();
  /** What the others told last. */
  readonly clocks = new Map<DeviceId, readonly LogMark[]>();
  readonly #steps = new StepWatch();
  readonly #world: Surroundings;
  readonly #faults: DeviceFaults;
  #book = new KeyBook();
  /** How many more writes are committed before one fails as in a power cut. Undefined: all. */
  writesBeforeCrash: number | undefined;

  constructor(world: Surroundings, suite: Suite, faults: DeviceFaults) {
    this.#world = world;
    this.#faults = faults;
    this.suite = this.#steps.watched(suite);
    this.logSeed = suite.random(32);
    this.logKey = suite.publicKey(this.logSeed);
    this.device = deviceIdOf(suite, this.logKey);
    this.account = this.device.repeat(2) as AccountId;
  }

  get roster(): Roster {
    const others = this.#world.othersOf(this).map(({ account, device }) => ({ account, devices: [device] }));
    const roster = { self: this, needsAll: true, others };
    return this.#faults.roster?.(roster) ?? roster;
  }

  async restart(): Promise<void> {
    this.writesBeforeCrash = undefined;
    this.store.restore(this.store.crashSnapshot());
    this.#book = new KeyBook();
    this.#steps.take();
    await this.#book.load(this.store);
  }

  async publish(): Promise<void> {
    const { kem } = await this.#write(KEM_TABLES, (tx) =>
      publishKem(tx, this.suite, this.#world.now(), this, this.#world.conversation),
    );
    this.#noteKem(kem);
  }

  async rekey(): Promise<boolean> {
    const { conversation } = this.#world;
    const recipients = recipientsOf(this.roster, this.#book.numbersOf(conversation));
    if (recipients === undefined) return false;
    const draft = await prepareRekey(this.store, this.suite, this, conversation, recipients, () => clock.pause());
    const rekeyed = await this.#write(REKEY_TABLES, (tx) =>
      appendRekey(tx, this.suite, this.#world.now(), this, draft),
    );
    if (rekeyed === undefined) return false;
    this.#noteKem(rekeyed.kem);
    for (const envelope of rekeyed.envelopes) this.#book.noteEnvelope(conversation, envelope);
    return true;
  }

  /** The entry, or undefined while somebody has no key. */
  async send(text: string): Promise<SealedEntry | undefined> {
    for (let tries = 0; tries < SEND_TRIES; tries += 1) {
      const { conversation } = this.#world;
      const sealer = await this.store.read(SEND_TABLES, (tx) =>
        Sealer.read(tx, this.suite, this.roster, this.#book, conversation),
      );
      const own = logName(this.device, MESSAGE_CHANNEL);
      const before = (sealer.ground.logs.get(own)?.row ?? EMPTY_LOG).head;
      const sealed = sealer.seal(this.#world.now(), textToBytes(text));
      if (sealed === "no-keys") return undefined;
      if (sealed === "rekey-due") {
        await this.rekey();
        continue;
      }
      const isPut = await this.#write(SEND_TABLES, async (tx) => {
        const held = await tx.get("logs", [conversation, this.device, MESSAGE_CHANNEL]);
        if ((held ?? EMPTY_LOG).head !== before || !(await sealer.isCurrent(tx))) return false;
        putEntries(tx, [sealed]);
        if (this.#faults.isTorn !== true) sealer.putChain(tx);
        return true;
      });
      if (!isPut) continue;
      if (this.#faults.isTorn === true) await this.#write(SEND_TABLES, async (tx) => sealer.putChain(tx));
      this.#noteUsed();
      return sealed;
    }
    return undefined;
  }

  /** Appends a message whose header does not say what it was sealed with. Undefined without an epoch. */
  async lie(text: string, about: "commitment" | "generation"): Promise<SealedEntry | undefined> {
    const { conversation } = this.#world;
    const lied = await this.store.write(SEND_TABLES, "strict", async (tx) => {
      const sending = await tx.get("sendings", [conversation, this.device]);
      if (sending === undefined) return undefined;
      const { messageKey, next } = stepChain(this.suite, sending.key);
      const isWrongCommitment = about === "commitment";
      const draft = {
        conversation,
        channel: MESSAGE_CHANNEL,
        kind: MESSAGE_KIND.content,
        epoch: sending.epoch,
        generation: isWrongCommitment ? sending.generation : sending.generation + 1,
        content: {
          seal: (prefix: Uint8Array) => {
            const sealed = sealBody(this.suite, messageKey, prefix, textToBytes(text));
            return isWrongCommitment ? { ...sealed, commitment: this.suite.random(32) } : sealed;
          },
        },
      };
      const entry = sealEntry(this.suite, this.#world.now(), this, draft, await readGround(tx, conversation));
      putEntries(tx, [entry]);
      if (isWrongCommitment) {
        const stepped = { ...sending, key: next, generation: sending.generation + 1 };
        tx.put("sendings", [conversation, this.device], stepped);
      }
      return entry;
    });
    this.#steps.take();
    return lied;
  }

  async take(batch: readonly EntryParts[], envelopes: ReadonlyMap<EntryId, Uint8Array>): Promise<AcceptResult> {
    const { conversation } = this.#world;
    const checked = await checkBatch(this.suite, clock, conversation, batch, (device) => this.#world.logKeyOf(device));
    if (checked.kind === "rejected") throw new Error(`a batch was rejected: ${checked.reason}`);
    const { result, reader } = await this.#write(OPEN_TABLES, async (tx) => {
      const reading = this.#reader(tx, envelopes);
      const accept = this.#faults.accept ?? acceptBatch;
      const accepted = await accept(tx, conversation, checked.runs, (entry, _rank, recovered) =>
        this.#open(reading, entry, recovered),
      );
      if (accepted.kind === "accepted" && accepted.count > 0) {
        const stored = checked.runs.flatMap(({ entries }) => entries);
        reading.finish(accepted.logs, stored);
      }
      return { result: accepted, reader: reading };
    });
    this.#noteLearnt(reader);
    return result;
  }

  /** The next batch that another device lacks; of own logs only, or of all. */
  async serve(to: EpochDevice, maxEntries: number, isCarrier: boolean): Promise<readonly ServedEntry[]> {
    const theirs = await to.logs();
    const { conversation } = this.#world;
    return this.store.read(SERVE_TABLES, async (tx) => {
      const missing = [...(await readLogs(tx, conversation)).values()]
        .filter(({ device }) => (isCarrier || device === this.device) && device !== to.device)
        .map((log) => ({ log, after: theirs.get(logName(log.device, log.channel))?.row.height ?? 0 }))
        .filter(({ log, after }) => after < log.row.height);
      const limits = { maxEntries, maxBytes: 512 * 1024, recipient: to.device };
      return readBatch(tx, this.suite, conversation, missing, limits, (device) => this.#world.logKeyOf(device));
    });
  }

  /** Erases what the clocks allow. */
  async tidy(): Promise<void> {
    const { conversation } = this.#world;
    const told = this.#world.othersOf(this).map(({ device }) => ({ device, marks: this.clocks.get(device) }));
    const others = this.#faults.others?.(told) ?? told;
    const found = await this.#write(["kems", "envelopes", "logs"], async (tx) => {
      const logs = await readLogs(tx, conversation);
      const erasable = findErasable(this.#book, conversation, this.device, others, this.#world.now(), logs);
      erase(tx, conversation, erasable);
      return erasable;
    });
    this.#book.noteErased(conversation, found.kems, found.envelopes);
  }

  /** Opens what is held unread as far as possible, and says what is not. */
  async resume(answers: readonly ResendAnswer[] = []): Promise<readonly LogRange[]> {
    const { conversation } = this.#world;
    const { unreadable, reader } = await this.#write(OPEN_TABLES, async (tx) => {
      for (const answer of answers) {
        for (const { device, channel, seq, opening, row } of await openAnswer(tx, this.suite, conversation, answer)) {
          tx.put("entries", [conversation, device, channel, seq], { ...row, opening });
        }
      }
      const reading = this.#reader(tx, new Map());
      const opened = await resumeOpening(tx, conversation, (entry, _rank, recovered) =>
        this.#open(reading, entry, recovered),
      );
      reading.finish(opened.logs, []);
      return { unreadable: opened.unreadable, reader: reading };
    });
    this.#noteLearnt(reader);
    return unreadable;
  }

  /** Hands over what another device asks for, as far as it can be read here. */
  async answer(requester: DeviceId, { device, channel, from, to }: LogRange): Promise<readonly ResendAnswer[]> {
    const { conversation } = this.#world;
    const prefix = [conversation, device, channel];
    const { keyPackage, rows } = await this.store.read(["packages", "entries"], async (tx) => ({
      keyPackage: await tx.get("packages", [conversation, requester]),
      rows: await tx.range("entries", { prefix, from: [...prefix, from], to: [...prefix, to + 1] }),
    }));
    if (keyPackage === undefined) return [];
    return resentMessages(rows.map(({ value }) => value)).map((messages) =>
      answerResend(this.suite, conversation, requester, keyPackage, messages),
    );
  }

  logs(): Promise<ReadonlyMap<string, LogState>> {
    return this.store.read(["logs"], (tx) => readLogs(tx, this.#world.conversation));
  }

  #reader(tx: WriteTransaction, envelopes: ReadonlyMap<EntryId, Uint8Array>): EpochReader {
    const { conversation, logKeyOf } = this.#world;
    return new EpochReader(tx, { suite: this.suite, conversation, self: this.device, logKeyOf, envelopes });
  }

  async #open(reader: EpochReader, entry: Entry, recovered: Uint8Array | undefined): Promise<Opened> {
    if (entry.header.channel === CONTROL_CHANNEL) {
      await reader.openControl(entry);
      return { kind: "opened" };
    }
    if (recovered !== undefined) {
      await reader.passMessage(entry);
      if (readOpening(this.suite, entry.header.commitment, recovered) === undefined) throw new Error("not an opening");
      return { kind: "opened", opening: recovered };
    }
    const opened = await (this.#faults.openMessage?.(reader, entry) ?? reader.openMessage(entry));
    if (opened.kind === "no-key") return { kind: "unreadable" };
    return opened.kind === "broken" ? { kind: "opened" } : { kind: "opened", opening: opened.opening };
  }

  async #write<T>(tables: Parameters<MemoryStore["write"]>[0], work: (tx: WriteTransaction) => Promise<T>): Promise<T> {
    if (this.writesBeforeCrash === 0) this.store.failNextCommit(new PowerCut("power cut"));
    if (this.writesBeforeCrash !== undefined) this.writesBeforeCrash -= 1;
    return this.store.write(tables, "strict", (tx) => work(this.#faults.tx?.(tx) ?? tx));
  }

  #noteKem(kem: PublishedKem): void {
    this.#book.noteKem(this.#world.conversation, kem);
    this.#book.notePackage(this.#world.conversation, kem.device, kem.number);
  }

  #noteLearnt(reader: EpochReader): void {
    for (const { device, number } of reader.learnt) this.#book.notePackage(this.#world.conversation, device, number);
    this.#noteUsed();
  }

  #noteUsed(): void {
    for (const key of this.#steps.take()) this.usedKeys.add(key);
  }
}

export class PowerCut extends Error {
  override readonly name = "PowerCut";
}
