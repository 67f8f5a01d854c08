/**
 * Rekeys that name this device, and came without what was sealed to it (PROTOCOL, Envelopes on the way). Each leaves a mark where the
 * envelope would be: until it is settled, the device asks for it, and states in its clock that it has not opened the rekey.
 */
import { ByteReader } from "../codec/byte-reader.ts";
import { ByteWriter } from "../codec/byte-writer.ts";
import type { ConversationId, DeviceId } from "../codec/ids.ts";
import type { WriteTransaction } from "../store/store.ts";
import type { HeldEnvelope } from "./key-book.ts";

/** Of one author, the newest: what is older was handed over meanwhile, or will be. */
const MAX_AWAITED = 4;
/** A mark holds the epoch; an envelope is longer. */
const MARK_BYTES = 4;

export function isAwaitedMark(row: Uint8Array): boolean {
  return row.length === MARK_BYTES;
}

/** Within one transaction, which needs the table `envelopes`. */
export class AwaitedEnvelopes {
  /** What this transaction adds. */
  readonly added: HeldEnvelope[] = [];
  /** What it takes away. */
  readonly settled: HeldEnvelope[] = [];
  readonly #tx: WriteTransaction;
  readonly #conversation: ConversationId;
  readonly #self: DeviceId;
  #current: readonly HeldEnvelope[];

  constructor(tx: WriteTransaction, conversation: ConversationId, self: DeviceId, before: readonly HeldEnvelope[]) {
    this.#tx = tx;
    this.#conversation = conversation;
    this.#self = self;
    this.#current = before;
  }

  /** All that are awaited now. */
  get current(): readonly HeldEnvelope[] {
    return this.#current;
  }

  async add(device: DeviceId, seq: number, epoch: number): Promise<void> {
    const held = { device, seq, recipient: this.#self };
    if (this.#current.some((other) => other.device === device && other.seq === seq)) return;
    this.#tx.put("envelopes", this.#keyOf(held), new ByteWriter().uint(epoch, MARK_BYTES).finish());
    this.added.push(held);
    this.#current = [...this.#current, held];
    const [oldest, ...others] = this.#current
      .filter((other) => other.device === device)
      .toSorted((a, b) => a.seq - b.seq);
    if (oldest !== undefined && others.length >= MAX_AWAITED) this.#drop(oldest);
  }

  settle(device: DeviceId, seq: number): void {
    const held = this.#current.find((other) => other.device === device && other.seq === seq);
    if (held !== undefined) this.#drop(held);
  }

  /** Messages of this epoch are read: no seed of an earlier one is needed any more. */
  async settleBefore(device: DeviceId, epoch: number): Promise<void> {
    for (const held of this.#current.filter((other) => other.device === device)) {
      const row = await this.#tx.get("envelopes", this.#keyOf(held));
      const isOver = row !== undefined && isAwaitedMark(row) && new ByteReader(row).uint(MARK_BYTES) < epoch;
      if (isOver) this.#drop(held);
    }
  }

  #drop(held: HeldEnvelope): void {
    this.#tx.delete("envelopes", this.#keyOf(held));
    this.#current = this.#current.filter((other) => other !== held);
    this.settled.push(held);
  }

  #keyOf({ device, seq, recipient }: HeldEnvelope): readonly (string | number)[] {
    return [this.#conversation, device, seq, recipient];
  }
}
