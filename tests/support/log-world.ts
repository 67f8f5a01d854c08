/** Devices that write one conversation's log into memory stores of their own, and exchange entries by hand. */
import { createMemoryStore, type MemoryStore } from "../../src/adapters/memory/memory-store.ts";
import { MESSAGE_CHANNEL, MESSAGE_KIND } from "../../src/core/codec/entry.ts";
import { bytesToText, textToBytes } from "../../src/core/codec/bytes.ts";
import type { ConversationId, DeviceId } from "../../src/core/codec/ids.ts";
import { deviceIdOf } from "../../src/core/crypto/identity.ts";
import { createSuite } from "../../src/core/crypto/real-suite.ts";
import {
  ACCEPT_TABLES,
  acceptBatch,
  type AcceptResult,
  type OpenEntry,
  resumeOpening,
} from "../../src/core/log/accept.ts";
import { APPEND_TABLES, appendEntry, type SealedEntry } from "../../src/core/log/append.ts";
import { checkBatch, type CheckedBatch } from "../../src/core/log/check.ts";
import type { EntryParts } from "../../src/core/log/entry.ts";
import { type LogState, logName, readLogs } from "../../src/core/log/log-state.ts";
import { ManualClock } from "./manual-clock.ts";

const suite = createSuite();

export class LogWorld {
  readonly conversation = "c0".repeat(32) as ConversationId;
  readonly #keys = new Map<DeviceId, Uint8Array>();
  readonly clock = new ManualClock();
  nowMs = Date.UTC(2026, 0, 1);

  device(): LogDevice {
    const logSeed = suite.random(32);
    const logKey = suite.publicKey(logSeed);
    const device = deviceIdOf(suite, logKey);
    this.#keys.set(device, logKey);
    return new LogDevice(this, device, logSeed);
  }

  check(batch: readonly EntryParts[]): Promise<CheckedBatch> {
    return checkBatch(suite, this.clock, this.conversation, batch, (device) => this.#keys.get(device));
  }
}

/** What a device has opened: text, in the order of ranks. */
export interface Opened {
  readonly text: string;
  readonly order: string;
}

export class LogDevice {
  readonly device: DeviceId;
  readonly logSeed: Uint8Array;
  readonly store: MemoryStore = createMemoryStore();
  readonly opened: Opened[] = [];
  readonly #world: LogWorld;
  /** Added to the world's time. */
  skewMs = 0;
  /** Devices of accounts that are no members of the group, if this is one. */
  outside: ReadonlySet<DeviceId> | undefined;
  /** Devices whose entries cannot be read yet. */
  readonly unreadable = new Set<DeviceId>();

  constructor(world: LogWorld, device: DeviceId, logSeed: Uint8Array) {
    this.#world = world;
    this.device = device;
    this.logSeed = logSeed;
  }

  async append(text: string, channel = MESSAGE_CHANNEL): Promise<SealedEntry> {
    const draft = {
      conversation: this.#world.conversation,
      channel,
      kind: MESSAGE_KIND.content,
      content: textToBytes(text),
    };
    const entry = await this.store.write(APPEND_TABLES, "strict", (tx) =>
      appendEntry(tx, suite, this.#world.nowMs + this.skewMs, this, draft),
    );
    this.opened.push({ text, order: entry.rank + this.device });
    return entry;
  }

  /** Checks and stores a batch; throws when the check refuses it. */
  async accept(...batch: readonly EntryParts[]): Promise<AcceptResult> {
    const checked = await this.#world.check(batch);
    if (checked.kind === "rejected") throw new Error(checked.reason);
    return this.store.write(ACCEPT_TABLES, "strict", (tx) =>
      acceptBatch(tx, this.#world.conversation, checked.runs, this.#open, {
        group: this.#group(),
        take: () => Promise.resolve(),
      }),
    );
  }

  /** Opens what has become readable. */
  async resume(): Promise<void> {
    await this.store.write(ACCEPT_TABLES, "strict", (tx) =>
      resumeOpening(tx, this.#world.conversation, this.#open, this.#group()),
    );
  }

  #group() {
    const { outside } = this;
    return outside === undefined ? undefined : { isOutside: (device: DeviceId) => outside.has(device) };
  }

  readonly #open: OpenEntry = (entry, rank) => {
    if (this.unreadable.has(entry.header.device)) return Promise.resolve({ kind: "unreadable" });
    const order = rank + entry.header.device;
    this.opened.push({ text: bytesToText(entry.parts.body), order });
    return Promise.resolve({ kind: "opened", shownAt: order });
  };

  async log(of: LogDevice, channel = MESSAGE_CHANNEL): Promise<LogState["row"] | undefined> {
    const logs = await this.store.read(["logs"], (tx) => readLogs(tx, this.#world.conversation));
    return logs.get(logName(of.device, channel))?.row;
  }

  /** Texts in the order shown. */
  texts(): readonly string[] {
    return this.opened.toSorted((a, b) => (a.order < b.order ? -1 : 1)).map((opened) => opened.text);
  }
}
