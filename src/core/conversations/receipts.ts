/**
 * Who has and who read what, from the newest signed statements (PROTOCOL, Clocks). Delivered means opened by a device of the
 * recipient; ciphertext that nobody could read yet is not delivered.
 */
import { MESSAGE_CHANNEL } from "../codec/entry.ts";
import type { AccountId, ConversationId, DeviceId, ThreadId } from "../codec/ids.ts";
import { markOf } from "../log/log-marks.ts";
import type { Store } from "../store/store.ts";
import type { ClockRow, ReadRow } from "../store/tables.ts";
import type { CarriedMark, ReceiptsView, RecipientMark } from "../views.ts";
import { ClockHistory } from "./clock-history.ts";
import type { Directory } from "./directory.ts";
import type { Memberships } from "./memberships.ts";
import { shownName, shownNameOf } from "./shown-names.ts";

/** By courier: up to which message of each own device. */
export type Carried = ReadonlyMap<AccountId, ReadonlyMap<DeviceId, number>>;

/** Name of an own message log in receipts. */
export function receiptLog(conversation: ConversationId, device: DeviceId): string {
  return `${conversation}/${device}`;
}

export class Receipts {
  readonly #directory: Directory;
  readonly #memberships: Memberships;
  readonly #clocks = new Map<ConversationId, Map<DeviceId, ClockRow>>();
  readonly #reads = new Map<ConversationId, Map<DeviceId, ReadRow>>();
  readonly #history = new ClockHistory();
  readonly #carried = new Map<ConversationId, Carried>();
  readonly #couriersByLetter = new Map<ConversationId, ReadonlyMap<string, readonly AccountId[]>>();
  /** Heights of own message logs, by receipt log. */
  readonly #ownHeights = new Map<string, number>();

  constructor(directory: Directory, memberships: Memberships) {
    this.#directory = directory;
    this.#memberships = memberships;
  }

  async load(store: Store): Promise<void> {
    await store.read(["clocks", "reads", "logs"], async (tx) => {
      const [clocks, reads, logs] = await Promise.all([
        tx.range("clocks", {}),
        tx.range("reads", {}),
        tx.range("logs", {}),
      ]);
      for (const { key, value } of clocks) this.putClock(conversationOf(key), deviceOf(key), value);
      for (const { key, value } of reads) this.putRead(conversationOf(key), deviceOf(key), value);
      for (const { key, value } of logs) {
        const [conversation, device] = [conversationOf(key), deviceOf(key)];
        if (key[2] !== MESSAGE_CHANNEL || !this.#directory.isOwnDevice(device)) continue;
        if (this.#directory.conversations.has(conversation)) this.noteOwnHeight(conversation, device, value.height);
      }
    });
  }

  clockOf(conversation: ConversationId, device: DeviceId): ClockRow | undefined {
    return this.#clocks.get(conversation)?.get(device);
  }

  clocksOf(conversation: ConversationId): ReadonlyMap<DeviceId, ClockRow> {
    return rowsOf(this.#clocks, conversation);
  }

  readOf(conversation: ConversationId, device: DeviceId): ReadRow | undefined {
    return this.#reads.get(conversation)?.get(device);
  }

  /** What is new in the clock of a device for who holds the one of that number; undefined where only the whole tells. */
  clockChange(conversation: ConversationId, device: DeviceId, number: number): Uint8Array | undefined {
    const newest = this.clockOf(conversation, device);
    return newest === undefined ? undefined : this.#history.since(receiptLog(conversation, device), newest, number);
  }

  putClock(conversation: ConversationId, device: DeviceId, row: ClockRow): void {
    const before = this.clockOf(conversation, device);
    if (before !== undefined) this.#history.note(receiptLog(conversation, device), before, row);
    rowsOf(this.#clocks, conversation).set(device, row);
  }

  putRead(conversation: ConversationId, device: DeviceId, row: ReadRow): void {
    rowsOf(this.#reads, conversation).set(device, row);
  }

  noteOwnHeight(conversation: ConversationId, device: DeviceId, height: number): void {
    this.#ownHeights.set(receiptLog(conversation, device), height);
  }

  /** Who keeps parcels for the other members of a conversation. */
  setCarried(
    conversation: ConversationId,
    carried: Carried,
    couriersByLetter: ReadonlyMap<string, readonly AccountId[]>,
  ): void {
    this.#carried.set(conversation, carried);
    this.#couriersByLetter.set(conversation, couriersByLetter);
  }

  /** Shown names of those with whom an early copy of this message of the outbox was left. */
  carriersOfLetter(id: string): readonly string[] {
    const couriers = [...this.#couriersByLetter.values()].flatMap((byLetter) => byLetter.get(id) ?? []);
    return couriers.map((courier) => shownNameOf({ directory: this.#directory }, courier));
  }

  forget(conversation: ConversationId): void {
    this.#carried.delete(conversation);
    for (const device of this.clocksOf(conversation).keys()) this.#history.forget(receiptLog(conversation, device));
    this.#couriersByLetter.delete(conversation);
    this.#clocks.delete(conversation);
    this.#reads.delete(conversation);
    for (const log of this.#ownHeights.keys()) {
      if (log.startsWith(`${conversation}/`)) this.#ownHeights.delete(log);
    }
  }

  /** All statements of a conversation, own first: what a peer is sent when it connects. */
  statementsOf(conversation: ConversationId): {
    readonly clocks: readonly Uint8Array[];
    readonly sealedReads: readonly Uint8Array[];
    /** Those of earlier versions. */
    readonly reads: readonly Uint8Array[];
  } {
    const reads = [...rowsOf(this.#reads, conversation).values()].filter(({ bytes }) => bytes.length > 0);
    return {
      clocks: [...rowsOf(this.#clocks, conversation).values()].map((row) => row.bytes),
      sealedReads: reads.filter(({ seal }) => seal !== undefined).map((row) => row.bytes),
      reads: reads.filter(({ seal }) => seal === undefined).map((row) => row.bytes),
    };
  }

  /** Read statements that wait for what they are sealed with. */
  unopenedReads(conversation: ConversationId): readonly (readonly [DeviceId, ReadRow])[] {
    return [...(this.#reads.get(conversation) ?? [])].filter(([, { seal }]) => seal === "unopened");
  }

  /** For each own message log of a thread: what every other member has opened, and read. */
  viewOf(thread: ThreadId): ReceiptsView {
    const view: Record<string, readonly RecipientMark[]> = {};
    for (const { id: conversation, members } of this.#directory.conversationsOf(thread)) {
      const others = members.filter((member) => member !== this.#directory.identity?.account);
      for (const device of this.#ownDevices()) {
        const deliveredBy = this.#highest(
          this.#clocks,
          conversation,
          ({ marks }: ClockRow) => markOf(marks, device, MESSAGE_CHANNEL)?.opened ?? 0,
        );
        const readBy = this.#highest(this.#reads, conversation, (row: ReadRow) => readMark(row, device));
        const carried = this.#carriedMarks(conversation, device);
        const marks = others.map((account): RecipientMark => {
          const delivered = deliveredBy.get(account) ?? 0;
          const read = readBy.get(account) ?? 0;
          const after = this.#memberships.startOf(conversation, account, device);
          return {
            after,
            delivered: Math.max(delivered, read),
            read,
            ...(carried.length === 0 ? {} : { carried }),
          };
        });
        if (marks.length > 0) view[receiptLog(conversation, device)] = marks;
      }
    }
    return view;
  }

  /** Own entries of a thread that nobody else has opened. */
  undelivered(thread: ThreadId): number {
    return Object.entries(this.viewOf(thread)).reduce((sum, [log, marks]) => {
      // Of a group one member who has it is enough for it to go on.
      const delivered = Math.max(...marks.map((mark) => mark.delivered));
      return sum + Math.max(0, (this.#ownHeights.get(log) ?? 0) - delivered);
    }, 0);
  }

  #carriedMarks(conversation: ConversationId, device: DeviceId): readonly CarriedMark[] {
    return [...(this.#carried.get(conversation) ?? [])].flatMap(([account, heights]) => {
      const contact = this.#directory.contacts.get(account);
      const upTo = heights.get(device);
      return contact === undefined || upTo === undefined ? [] : [{ name: shownName(contact), upTo }];
    });
  }

  #ownDevices(): readonly DeviceId[] {
    const { identity } = this.#directory;
    if (identity === undefined) return [];
    const held = this.#directory.devicesOf(identity.account);
    return [...(held?.devices ?? []), ...(held?.former ?? [])].map(({ device }) => device);
  }

  /** The highest mark over all devices of each account: one device that has it is enough. */
  #highest<Row>(
    rows: ReadonlyMap<ConversationId, ReadonlyMap<DeviceId, Row>>,
    conversation: ConversationId,
    markOf: (row: Row) => number,
  ): ReadonlyMap<AccountId, number> {
    const highest = new Map<AccountId, number>();
    for (const [device, row] of rows.get(conversation) ?? []) {
      const account = this.#directory.accountOfDevice(device);
      if (account !== undefined) highest.set(account, Math.max(highest.get(account) ?? 0, markOf(row)));
    }
    return highest;
  }
}

function readMark(row: ReadRow, device: DeviceId): number {
  return row.marks.find((mark) => mark.device === device)?.seq ?? 0;
}

function rowsOf<Row>(rows: Map<ConversationId, Map<DeviceId, Row>>, conversation: ConversationId): Map<DeviceId, Row> {
  let found = rows.get(conversation);
  if (found === undefined) rows.set(conversation, (found = new Map<DeviceId, Row>()));
  return found;
}

function conversationOf(key: readonly (string | number)[]): ConversationId {
  return String(key[0]) as ConversationId;
}

function deviceOf(key: readonly (string | number)[]): DeviceId {
  return String(key[1]) as DeviceId;
}
