/**
 * Parcels of others (PROTOCOL, Couriers): taken from contacts by the recipient's token and within quotas, kept, handed to the recipient,
 * and answered to the depositor with the recipient's receipt. What is in them cannot be read here.
 */
import type { AccountId } from "../codec/ids.ts";
import { EMPTY_BYTES } from "../codec/bytes.ts";
import type { CoreContext } from "../conversations/core-context.ts";
import { StoreFullError, type WriteTransaction } from "../store/store.ts";
import type { ParcelRow } from "../store/courier-tables.ts";
import { PARCEL_LIFE_MS, type Cards } from "./cards.ts";
import type { Deposit, Verdict } from "./courier-frames.ts";
import { decodeReceipt, verifyReceipt } from "./receipt.ts";
import { courierMark, decodeToken, type Token, verifyToken } from "./token.ts";

/** Of all depositors together. */
const MAX_PARCELS = 20;
const MAX_BYTES = 2 * 1024 * 1024;
/** Of one depositor, whoever it is for. */
const DEPOSITOR_PARCELS = 10;
const DEPOSITOR_BYTES = 1024 * 1024;
const MAX_RECEIPTS = 64;
/** Carrying ends before own messages have no room. */
const ROOM_BYTES = 32 * 1024 * 1024;
/** A disk that was full is not tried again for this long. */
const FULL_MS = 10 * 60_000;

const TABLES = ["parcels", "parcelBytes", "parcelReceipts"] as const;

export interface CarriedParcel extends ParcelRow {
  readonly id: string;
  readonly recipient: AccountId;
  readonly depositor: AccountId;
}

export interface CarryingEffects {
  carries(): boolean;
  /** Whether so many bytes could be stored now. */
  hasRoomFor(bytes: number): Promise<boolean>;
}

export class Carrying {
  readonly #core: CoreContext;
  readonly #cards: Cards;
  readonly #effects: CarryingEffects;
  #held: readonly CarriedParcel[] = [];
  /** Monotonic. */
  #fullUntilMs = 0;

  constructor(core: CoreContext, cards: Cards, effects: CarryingEffects) {
    this.#core = core;
    this.#cards = cards;
    this.#effects = effects;
  }

  async load(): Promise<void> {
    const rows = await this.#core.store.read(["parcels"], (tx) => tx.range("parcels", {}));
    this.#held = rows
      .map(({ key: [recipient, depositor, id], value }) => ({
        ...value,
        id: String(id),
        recipient: String(recipient) as AccountId,
        depositor: String(depositor) as AccountId,
      }))
      .toSorted((a, b) => a.order - b.order);
  }

  get used(): { readonly parcels: number; readonly bytes: number } {
    return { parcels: this.#held.length, bytes: bytesOf(this.#held) };
  }

  /** In the order in which they came. */
  parcelsFor(recipient: AccountId): readonly CarriedParcel[] {
    return this.#held.filter((parcel) => parcel.recipient === recipient);
  }

  holdsFor(recipient: AccountId, id: string): boolean {
    return this.#held.some((held) => held.recipient === recipient && held.id === id);
  }

  bytesOf(parcel: CarriedParcel): Promise<Uint8Array | undefined> {
    return this.#core.store.read(["parcelBytes"], (tx) => tx.get("parcelBytes", [parcel.id, parcel.depositor]));
  }

  /** Whether a contact may send a parcel. */
  async judge(depositor: AccountId, deposit: Deposit): Promise<Verdict> {
    const { clock, suite, directory } = this.#core;
    if (!this.#effects.carries()) return "not-carrying";
    const token = decodeToken(deposit.token);
    const { account } = directory.self;
    const isForHere = token.courier === courierMark(suite, account, depositor) && token.depositor === depositor;
    const isUsable = token.expiresAt > clock.now() && this.#cards.isContact(token.recipient);
    if (!isForHere || !isUsable || token.recipient === depositor) return "bad-token";
    const logKey = this.#logKeyOf(token);
    if (logKey === undefined || !verifyToken(suite, logKey, deposit.token)) return "bad-token";
    if (!this.#fits(depositor, deposit, token)) return "too-much";
    if (clock.monotonic() < this.#fullUntilMs) return "no-room";
    if (await this.#effects.hasRoomFor(ROOM_BYTES)) return "send";
    this.#fullUntilMs = clock.monotonic() + FULL_MS;
    return "no-room";
  }

  /** Stores a parcel that may come. */
  async keep(depositor: AccountId, deposit: Deposit, bytes: Uint8Array): Promise<Verdict> {
    const token = decodeToken(deposit.token);
    const { recipient } = token;
    // Another link may have brought one meanwhile.
    if (!this.#effects.carries() || !this.#cards.isContact(recipient)) return "not-carrying";
    if (!this.#fits(depositor, deposit, token)) return "too-much";
    const order = (this.#held.at(-1)?.order ?? 0) + 1;
    const expiresAt = this.#core.clock.now() + PARCEL_LIFE_MS;
    const parcel = { id: deposit.id, recipient, depositor, size: bytes.length, order, expiresAt };
    const replaced = this.#replaced(depositor, deposit, token);
    this.#held = [...this.#held.filter((held) => held !== replaced), parcel];
    try {
      await this.#core.store.write(TABLES, "strict", async (tx) => {
        if (replaced !== undefined) remove(tx, replaced);
        tx.put("parcels", [recipient, depositor, parcel.id], { size: parcel.size, order, expiresAt });
        tx.put("parcelBytes", [parcel.id, depositor], bytes);
      });
    } catch (error) {
      const others = this.#held.filter((held) => held !== parcel);
      this.#held = replaced === undefined ? others : [...others, replaced].toSorted((a, b) => a.order - b.order);
      if (!(error instanceof StoreFullError)) throw error;
      this.#fullUntilMs = this.#core.clock.monotonic() + FULL_MS;
      return "no-room";
    }
    return "held";
  }

  /**
   * The recipient's word about a parcel: it goes, and the word is kept for the depositor, who is returned. Undefined for one that is not
   * valid or not about a parcel of theirs.
   */
  async settle(recipient: AccountId, bytes: Uint8Array): Promise<CarriedParcel | undefined> {
    const { parcel: id, device } = decodeReceipt(bytes);
    const parcel = this.parcelsFor(recipient).find((held) => held.id === id);
    const logKey = this.#logKeyOf({ recipient, device });
    if (parcel === undefined || logKey === undefined || !verifyReceipt(this.#core.suite, logKey, bytes))
      return undefined;
    await this.#drop([parcel], () => bytes);
    return parcel;
  }

  /** What became of parcels of a depositor. */
  async receiptsFor(depositor: AccountId): Promise<readonly { readonly id: string; readonly bytes: Uint8Array }[]> {
    const rows = await this.#core.store.read(["parcelReceipts"], (tx) =>
      tx.range("parcelReceipts", { prefix: [depositor] }),
    );
    return rows.map(({ key, value }) => ({ id: String(key[1]), bytes: value.bytes }));
  }

  /** The depositor has it. */
  async forgetReceipt(depositor: AccountId, id: string): Promise<void> {
    await this.#core.store.write(["parcelReceipts"], "relaxed", async (tx) =>
      tx.delete("parcelReceipts", [depositor, id]),
    );
  }

  /** Gives up what may no longer lie here. */
  async tidy(): Promise<void> {
    const now = this.#core.clock.now();
    const { contacts } = this.#core.directory;
    const over = this.#held.filter(({ recipient, depositor, expiresAt }) => {
      const isBetweenContacts = this.#cards.isContact(recipient) && this.#cards.isContact(depositor);
      return !this.#effects.carries() || !isBetweenContacts || expiresAt <= now;
    });
    if (over.length > 0) await this.#drop(over, () => EMPTY_BYTES);
    const gone = await this.#core.store.read(["parcelReceipts"], async (tx) =>
      (await tx.range("parcelReceipts", {})).filter(
        ({ key, value }) => value.at + PARCEL_LIFE_MS <= now || !contacts.has(String(key[0]) as AccountId),
      ),
    );
    if (gone.length === 0) return;
    await this.#core.store.write(["parcelReceipts"], "relaxed", async (tx) => {
      for (const { key } of gone) tx.delete("parcelReceipts", key);
    });
  }

  async #drop(parcels: readonly CarriedParcel[], wordOf: (parcel: CarriedParcel) => Uint8Array): Promise<void> {
    const at = this.#core.clock.now();
    await this.#core.store.write(TABLES, "strict", async (tx) => {
      for (const parcel of parcels) {
        remove(tx, parcel);
        const { depositor, recipient, id } = parcel;
        // Whoever is blocked or no contact any more is told nothing.
        if (!this.#cards.isContact(depositor)) continue;
        const kept = await tx.range("parcelReceipts", { prefix: [depositor] });
        const oldest = kept
          .toSorted((a, b) => a.value.at - b.value.at)
          .slice(0, Math.max(0, kept.length + 1 - MAX_RECEIPTS));
        for (const { key } of oldest) tx.delete("parcelReceipts", key);
        tx.put("parcelReceipts", [depositor, id], { recipient, bytes: wordOf(parcel), at });
      }
    });
    this.#held = this.#held.filter((held) => !parcels.includes(held));
  }

  #fits(depositor: AccountId, deposit: Deposit, token: Token): boolean {
    const replaced = this.#replaced(depositor, deposit, token);
    const others = this.#held.filter((held) => held !== replaced);
    const own = others.filter((held) => held.depositor === depositor);
    if (own.some((held) => held.id === deposit.id)) return false;
    const hasRoom = (held: readonly CarriedParcel[], parcels: number, bytes: number): boolean =>
      held.length < parcels && bytesOf(held) + deposit.size <= bytes;
    return (
      hasRoom(
        own.filter(({ recipient }) => recipient === token.recipient),
        token.parcels,
        token.bytes,
      ) &&
      hasRoom(own, DEPOSITOR_PARCELS, DEPOSITOR_BYTES) &&
      hasRoom(others, MAX_PARCELS, MAX_BYTES)
    );
  }

  #replaced(depositor: AccountId, deposit: Deposit, { recipient }: Token): CarriedParcel | undefined {
    return this.#held.find(
      (held) => held.id === deposit.replaced && held.depositor === depositor && held.recipient === recipient,
    );
  }

  /** Of a device on the recipient's newest list. */
  #logKeyOf({ recipient, device }: Pick<Token, "recipient" | "device">): Uint8Array | undefined {
    const listed = this.#core.directory.devicesOf(recipient)?.devices ?? [];
    return listed.find((candidate) => candidate.device === device)?.logKey;
  }
}

function remove(tx: WriteTransaction, { recipient, depositor, id }: CarriedParcel): void {
  tx.delete("parcels", [recipient, depositor, id]);
  tx.delete("parcelBytes", [id, depositor]);
}

function bytesOf(parcels: readonly CarriedParcel[]): number {
  return parcels.reduce((sum, { size }) => sum + size, 0);
}
