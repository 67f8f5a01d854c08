/** Rows about what contacts carry for each other (PROTOCOL, Couriers): own keys and cards, parcels left with others, parcels of others. */
import type { AccountId, DeviceId } from "../codec/ids.ts";

/** An own X-Wing key that parcels and clocks of receipts are sealed to, until it is erased. */
export interface CourierKeyRow {
  readonly seed: Uint8Array;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** What own cards say: each contact's differs in its tokens alone. */
export interface OwnCardRow {
  readonly number: number;
  readonly carries: boolean;
  /** At most three. */
  readonly couriers: readonly AccountId[];
  readonly keyNumber: number;
  /** Milliseconds since 1970. */
  readonly madeAt: number;
  /** Which device makes them: another one's keys are not here. */
  readonly device: DeviceId;
}

/** The newest card of a contact. */
export interface CardRow {
  readonly number: number;
  readonly device: DeviceId;
  readonly carries: boolean;
  readonly keyNumber: number;
  readonly publicKey: Uint8Array;
  readonly tokens: readonly Uint8Array[];
}

/** A parcel that is carried here. */
export interface ParcelRow {
  readonly size: number;
  /** Order of arrival: larger than that of every parcel that was held then. */
  readonly order: number;
  readonly expiresAt: number;
}

/** What became of a parcel, for its depositor. */
export interface ParcelReceiptRow {
  readonly recipient: AccountId;
  /** The recipient's receipt; empty if the parcel was dropped. */
  readonly bytes: Uint8Array;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface LogHeight {
  readonly device: DeviceId;
  readonly channel: number;
  readonly height: number;
}

/** An own parcel that a courier holds. */
export interface DepositRow {
  readonly recipient: AccountId;
  /** Entries above these heights are in it… */
  readonly from: readonly LogHeight[];
  /** …up to these. */
  readonly to: readonly LogHeight[];
  readonly size: number;
  readonly order: number;
  readonly expiresAt: number;
  /** The recipient could not use it: what is in it waits for a meeting, or for a newer key than the one of this number. */
  readonly uselessKey?: number;
  /** Ids of messages of the outbox: the parcel holds early copies of them, and no entries. */
  readonly letters?: readonly string[];
  /** Of letters: the recipient has them. */
  readonly isTaken?: boolean;
}

export interface CourierTables {
  /** [own account, number] */
  courierKeys: CourierKeyRow;
  /** [own account] */
  ownCards: OwnCardRow;
  /** [account] */
  cards: CardRow;
  /** [recipient, depositor, parcel id] */
  parcels: ParcelRow;
  /** [parcel id, depositor] */
  parcelBytes: Uint8Array;
  /** [depositor, parcel id] */
  parcelReceipts: ParcelReceiptRow;
  /** [conversation, courier, parcel id] */
  deposits: DepositRow;
}

export const COURIER_TABLE_NAMES = [
  "courierKeys",
  "ownCards",
  "cards",
  "parcels",
  "parcelBytes",
  "parcelReceipts",
  "deposits",
] as const satisfies readonly (keyof CourierTables)[];
