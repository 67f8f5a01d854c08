/** What one browser profile holds, from its making to its loss: the store, and what its owner has seen in it. */
import { createMemoryStore, type MemoryStore, type StoreSnapshot } from "../../src/adapters/memory/memory-store.ts";
import { isLetter } from "../../src/core/conversations/letter-rows.ts";
import type { AccountId, ThreadId } from "../../src/core/codec/ids.ts";
import type { IdentityRow, TimelineRow } from "../../src/core/store/tables.ts";
import { markIn, type Written } from "./ledger.ts";

/** An own message that was acknowledged, as the messenger names it. */
export interface OwnMessage {
  readonly thread: ThreadId;
  readonly id: string;
  readonly written: Written;
}

export interface OldCopy {
  readonly snapshot: StoreSnapshot;
  readonly takenAt: number;
  /** Of the contacts then, with whether they were confirmed: an old copy is gone back to while they are the same. */
  readonly contacts: string;
}

export interface ShownRow {
  readonly order: string;
  readonly row: TimelineRow;
}

const KEPT_COPIES = 4;
const KEPT_OWN = 20;

export class Profile {
  readonly name: string;
  readonly store: MemoryStore = createMemoryStore();
  account: AccountId | undefined;
  /** The browser cleared its storage: this profile is no more. */
  isLost = false;
  /** It was once put back to an old copy. */
  hasGoneBack = false;
  /** What is done to the store before it is opened again. */
  beforeOpening: (() => void) | undefined;
  /** Every device it ever was. */
  readonly devices = new Set<string>();
  /** Messages that were ever stored here, own included. */
  readonly seen = new Set<number>();
  /** Messages of others that were ever on screen here. */
  readonly read = new Set<number>();
  /** The message that was last stored here, by room. */
  readonly newest = new Map<string, number>();
  readonly own: OwnMessage[] = [];
  /** For a planted fault: the newest time that any entry here was stamped with. */
  newestClockMs = 0;
  readonly copies: OldCopy[] = [];

  constructor(name: string) {
    this.name = name;
  }

  noteOwn(message: OwnMessage): void {
    this.own.push(message);
    if (this.own.length > KEPT_OWN) this.own.shift();
  }

  keepCopy(copy: OldCopy): void {
    this.copies.push(copy);
    if (this.copies.length > KEPT_COPIES) this.copies.shift();
  }

  identity(): Promise<IdentityRow | undefined> {
    return this.store.read(["identity"], (tx) => tx.get("identity", ["self"]));
  }

  /** Everything shown in a thread, in order, from the store itself. */
  async timeline(thread: ThreadId): Promise<readonly ShownRow[]> {
    const rows = await this.store.read(["timeline"], (tx) => tx.range("timeline", { prefix: [thread] }));
    return rows.map(({ key, value }) => ({ order: String(key[1]), row: value }));
  }

  /** Numbers of the messages that wait here. */
  async waiting(): Promise<ReadonlySet<number>> {
    const rows = await this.store.read(["outbox"], (tx) => tx.range("outbox", {}));
    return new Set(rows.flatMap(({ value }) => markIn(value.text)?.index ?? []));
  }

  /** Numbers of all messages whose text the store holds, early copies not counted: nobody else gets those. */
  async held(): Promise<ReadonlySet<number>> {
    const rows = await this.store.read(["timeline"], (tx) => tx.range("timeline", {}));
    const shown = rows.flatMap(({ value }) => (isLetter(value) ? [] : (markIn(value.text)?.index ?? [])));
    return new Set([...shown, ...(await this.waiting())]);
  }

  /** The contacts, and which of them are confirmed, as one text. */
  async contactsNow(): Promise<string> {
    const rows = await this.store.read(["contacts"], (tx) => tx.range("contacts", {}));
    return rows.map(({ value }) => `${value.account} ${String(value.isConfirmed)}`).join("\n");
  }
}
