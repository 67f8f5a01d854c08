/**
 * The database's layout as a list of migrations: migration i leads from version i to version i + 1. A migration that was ever
 * released is never edited, because devices out there have run it; a change of the layout is a further one at the end.
 */
import type { IDBPDatabase, IDBPTransaction } from "idb";
import type { TableOf } from "../../core/store/store.ts";
import type { RawTables } from "../../core/store/raw-tables.ts";

export type RawTableName = TableOf<RawTables>;

export const DATABASE_NAME = "kith";

/** One object store per table, with the row's key kept outside of its value. */
export type KithSchema = { [Name in RawTableName]: { key: IDBValidKey; value: RawTables[Name] } };

export type Database = IDBPDatabase<KithSchema>;

/** The upgrade's own transaction over everything. It ends when it has nothing to do: await only requests of it. */
export type UpgradeTransaction = IDBPTransaction<KithSchema, RawTableName[], "versionchange">;

/** If it throws or rejects, the whole upgrade is rolled back and the older database stays as it was. */
export type Migration = (database: Database, transaction: UpgradeTransaction) => void | Promise<void>;

export const MIGRATIONS: readonly Migration[] = [
  createTables,
  createSettings,
  beginSealed,
  createBlockedAndRequests,
  createGroups,
  createCouriers,
  createGroupRequests,
];

/** The tables of version 1. */
const FIRST_TABLES = [
  "fence",
  "identity",
  "devices",
  "contacts",
  "invites",
  "openings",
  "conversations",
  "threads",
  "logs",
  "entries",
  "timeline",
  "outbox",
  "clocks",
  "reads",
] as const satisfies readonly RawTableName[];

function createTables(database: Database): void {
  for (const name of FIRST_TABLES) database.createObjectStore(name);
}

function createSettings(database: Database): void {
  database.createObjectStore("settings");
}

/** The tables of version 3, in which rows are sealed by the vault. */
const SEALED_TABLES = [
  ...FIRST_TABLES,
  "settings",
  "vault",
  "kems",
  "packages",
  "chains",
  "sendings",
  "envelopes",
] as const satisfies readonly RawTableName[];

/** The tables that version 6 brought. */
const COURIER_TABLES = [
  "courierKeys",
  "ownCards",
  "cards",
  "parcels",
  "parcelBytes",
  "parcelReceipts",
  "deposits",
] as const satisfies readonly RawTableName[];

/** Nothing that was released wrote rows in clear: what trials left behind is dropped. */
function beginSealed(database: Database): void {
  for (const name of database.objectStoreNames) database.deleteObjectStore(name);
  for (const name of SEALED_TABLES) database.createObjectStore(name);
}

function createBlockedAndRequests(database: Database): void {
  database.createObjectStore("blocked");
  database.createObjectStore("requests");
}

function createGroups(database: Database): void {
  database.createObjectStore("operations");
  database.createObjectStore("acquaintances");
}

function createCouriers(database: Database): void {
  for (const name of COURIER_TABLES) database.createObjectStore(name);
}

function createGroupRequests(database: Database): void {
  database.createObjectStore("groupRequests");
}
