/** Own parcels that couriers hold, in memory as in the store, and what they make of messages that are not delivered: carried. */
import type { AccountId, ConversationId, DeviceId } from "../codec/ids.ts";
import { MESSAGE_CHANNEL } from "../codec/entry.ts";
import type { CoreContext } from "../conversations/core-context.ts";
import { receiptsChanged } from "../conversations/incoming-statements.ts";
import type { DepositRow } from "../store/courier-tables.ts";

export interface OwnParcel extends DepositRow {
  readonly id: string;
  readonly conversation: ConversationId;
  readonly courier: AccountId;
}

export class Deposits {
  readonly #core: CoreContext;
  #parcels: readonly OwnParcel[] = [];

  constructor(core: CoreContext) {
    this.#core = core;
  }

  async load(): Promise<void> {
    const rows = await this.#core.store.read(["deposits"], (tx) => tx.range("deposits", {}));
    this.#parcels = rows
      .map(({ key: [conversation, courier, id], value }) => ({
        ...value,
        id: String(id),
        conversation: String(conversation) as ConversationId,
        courier: String(courier) as AccountId,
      }))
      .toSorted((a, b) => a.order - b.order);
    for (const { conversation } of this.#parcels) this.#note(conversation);
  }

  /** In the order in which they were left. */
  at(conversation: ConversationId, courier: AccountId): readonly OwnParcel[] {
    return this.#parcels.filter((parcel) => parcel.conversation === conversation && parcel.courier === courier);
  }

  /** Parcels of entries, likewise. */
  entriesAt(conversation: ConversationId, courier: AccountId): readonly OwnParcel[] {
    return this.at(conversation, courier).filter(({ letters }) => letters === undefined);
  }

  /** Parcels of letters, likewise. */
  lettersAt(conversation: ConversationId, courier: AccountId): readonly OwnParcel[] {
    return this.at(conversation, courier).filter(({ letters }) => letters !== undefined);
  }

  /** Messages of which the recipient has an early copy. */
  takenLetters(conversation: ConversationId): Set<string> {
    const taken = this.#parcels.filter((parcel) => parcel.conversation === conversation && parcel.isTaken === true);
    return new Set(taken.flatMap(({ letters = [] }) => letters));
  }

  find(courier: AccountId, id: string): OwnParcel | undefined {
    return this.#parcels.find((parcel) => parcel.courier === courier && parcel.id === id);
  }

  /** A courier holds this parcel now, and no more the one that it replaces. */
  async put(parcel: OwnParcel, replaced: string | undefined): Promise<void> {
    const { id, conversation, courier, ...row } = parcel;
    const alike =
      parcel.letters === undefined ? this.entriesAt(conversation, courier) : this.lettersAt(conversation, courier);
    const useless = alike.filter(({ uselessKey }) => uselessKey !== undefined);
    const gone = [...useless, ...(replaced === undefined ? [] : [this.find(courier, replaced)])].filter(
      (other) => other !== undefined,
    );
    await this.#core.store.write(["deposits"], "relaxed", async (tx) => {
      for (const other of gone) tx.delete("deposits", [conversation, courier, other.id]);
      tx.put("deposits", [conversation, courier, id], row);
    });
    this.#parcels = [...this.#parcels.filter((held) => !gone.includes(held)), parcel];
    this.#tell([conversation]);
  }

  /** The recipient had it and could not use it. */
  markUseless(parcel: OwnParcel, keyNumber: number): Promise<void> {
    return this.#change(parcel, { uselessKey: keyNumber });
  }

  /** The recipient has the letters in it. */
  markTaken(parcel: OwnParcel): Promise<void> {
    return this.#change(parcel, { isTaken: true });
  }

  async #change(parcel: OwnParcel, change: Partial<DepositRow>): Promise<void> {
    const { id, conversation, courier, ...row } = parcel;
    const next = { ...row, ...change };
    await this.#core.store.write(["deposits"], "relaxed", async (tx) =>
      tx.put("deposits", [conversation, courier, id], next),
    );
    this.#parcels = this.#parcels.map((held) => (held === parcel ? { ...next, id, conversation, courier } : held));
    this.#tell([conversation]);
  }

  async remove(parcels: readonly OwnParcel[]): Promise<void> {
    if (parcels.length === 0) return;
    this.#parcels = this.#parcels.filter((held) => !parcels.includes(held));
    await this.#core.store.write(["deposits"], "relaxed", async (tx) => {
      for (const { conversation, courier, id } of parcels) tx.delete("deposits", [conversation, courier, id]);
    });
    this.#tell([...new Set(parcels.map(({ conversation }) => conversation))]);
  }

  /** The recipient told how far they are: parcels with nothing more in them count no more. */
  async onClock(conversation: ConversationId): Promise<void> {
    const { directory, receipts } = this.#core;
    const thread = directory.conversations.get(conversation)?.thread;
    const isWaiting = thread !== undefined && (directory.pending.get(thread)?.count ?? 0) > 0;
    const covered = this.#parcels.filter((parcel) => {
      const { conversation: of, recipient, to, letters } = parcel;
      if (of !== conversation) return false;
      // Those that lie there still are replaced by the next.
      if (letters !== undefined) return !isWaiting && (parcel.isTaken === true || parcel.uselessKey !== undefined);
      const marks = directory
        .currentDevices(recipient)
        .flatMap((device) => receipts.clockOf(conversation, device)?.marks ?? []);
      return to.every((place) =>
        marks.some(
          ({ device, channel, height }) =>
            device === place.device && channel === place.channel && height >= place.height,
        ),
      );
    });
    await this.remove(covered);
  }

  /** Forgets what has expired, and what lies with or for somebody who is no contact any more. */
  async tidy(isContact: (account: AccountId) => boolean): Promise<void> {
    const now = this.#core.clock.now();
    await this.remove(
      this.#parcels.filter(
        ({ courier, recipient, expiresAt }) => expiresAt <= now || !isContact(courier) || !isContact(recipient),
      ),
    );
  }

  #tell(conversations: readonly ConversationId[]): void {
    for (const conversation of conversations) {
      this.#note(conversation);
      receiptsChanged(this.#core, conversation);
    }
  }

  /** How far each courier has own messages of a conversation. */
  #note(conversation: ConversationId): void {
    const carried = new Map<AccountId, Map<DeviceId, number>>();
    const couriersByLetter = new Map<string, readonly AccountId[]>();
    for (const { conversation: of, courier, to, uselessKey, letters = [] } of this.#parcels) {
      if (of !== conversation || uselessKey !== undefined) continue;
      for (const id of letters) couriersByLetter.set(id, [...(couriersByLetter.get(id) ?? []), courier]);
      const heights = carried.get(courier) ?? new Map<DeviceId, number>();
      carried.set(courier, heights);
      for (const { device, channel, height } of to) {
        if (channel === MESSAGE_CHANNEL) heights.set(device, Math.max(heights.get(device) ?? 0, height));
      }
    }
    this.#core.receipts.setCarried(conversation, carried, couriersByLetter);
  }
}
