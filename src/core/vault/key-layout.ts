/**
 * Which parts of a row's key may be recognised on the disk. Names are kept as tokens that only the vault's key can make; what rows are
 * found in order of stays in order, so that whoever has the disk can tell how many rows there are, and when each message was written.
 */
import type { TableName } from "../store/tables.ts";

export type PartKind =
  /** An id or a name: kept as a token, found by equality only. */
  | "name"
  /** A number, kept as it is. */
  | "number"
  /** A text that begins with a rank: the rank is kept as it is, the rest as a token. */
  | "ranked";

export type KeyLayout = readonly PartKind[];

/** Tables that pass the vault as they are: the fence must be read without a key, and says nothing. */
export type ClearTable = "fence";

export type SealedTable = Exclude<TableName, ClearTable>;

export type KeyLayouts = { readonly [Name in SealedTable]: KeyLayout };

/** As tables.ts has the keys. A table without a line here does not compile. */
export const KEY_LAYOUTS: KeyLayouts = {
  identity: ["name"],
  devices: ["name"],
  contacts: ["name"],
  invites: ["name"],
  openings: ["name"],
  conversations: ["name"],
  threads: ["name"],
  logs: ["name", "name", "number"],
  entries: ["name", "name", "number", "number"],
  timeline: ["name", "ranked"],
  outbox: ["name", "number"],
  clocks: ["name", "name"],
  reads: ["name", "name"],
  kems: ["name", "name", "number"],
  packages: ["name", "name"],
  chains: ["name", "name", "number"],
  sendings: ["name", "name"],
  envelopes: ["name", "name", "number", "name"],
  settings: ["name"],
  blocked: ["name"],
  requests: ["name"],
  operations: ["name", "name"],
  acquaintances: ["name"],
  groupRequests: ["name"],
  courierKeys: ["name", "number"],
  ownCards: ["name"],
  cards: ["name"],
  parcels: ["name", "name", "name"],
  parcelBytes: ["name", "name"],
  parcelReceipts: ["name", "name"],
  deposits: ["name", "name", "name"],
};
