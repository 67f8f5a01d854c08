/**
 * PORT: durable records. Ordered tables of structured-cloneable rows under compound keys, and transactions over them. Core sees `Store`;
 * below it, the vault (core/vault) keeps the same rows encrypted in a `Store<RawTables>`, which adapters implement.
 *
 * Contract
 * - A write transaction is atomic and isolated: all of its puts and deletes are visible and durable together, or none is.
 *   It commits after `work` resolved; if `work` throws, it is rolled back and `write` rejects with that error.
 * - `write` resolves only after the commit. With `strict` durability the commit was flushed to disk as far as the platform can say.
 * - Write transactions over a common table run one after the other, in the order of the calls.
 * - Inside `work`, await only this transaction: it ends when it has nothing to do.
 * - Keys order like IndexedDB keys: element by element, numbers before strings, numbers by value, strings by code unit, a prefix first.
 */
import type { Tables } from "./tables.ts";

export type KeyPart = string | number;
export type Key = readonly KeyPart[];

/** The name of one of the tables that hold `Rows`. */
export type TableOf<Rows> = keyof Rows & string;

export interface Row<Name extends TableOf<Rows>, Rows = Tables> {
  readonly key: Key;
  readonly value: Rows[Name];
}

/** A range of keys: `from` included, `to` excluded; either may be left out. */
export interface RangeQuery {
  /** Only keys that begin with these parts. */
  readonly prefix?: Key;
  /** Full key (prefix included), first one returned. */
  readonly from?: Key;
  /** Full key (prefix included), first one not returned. */
  readonly to?: Key;
  /** At most this many rows. */
  readonly limit?: number;
  /** From the end backwards. `limit` then counts from the end. */
  readonly reverse?: boolean;
}

export type RangeBounds = Pick<RangeQuery, "prefix" | "from" | "to">;

export interface ReadTransaction<Rows = Tables> {
  get<Name extends TableOf<Rows>>(table: Name, key: Key): Promise<Rows[Name] | undefined>;
  range<Name extends TableOf<Rows>>(table: Name, query: RangeQuery): Promise<readonly Row<Name, Rows>[]>;
  count(table: TableOf<Rows>, query: RangeBounds): Promise<number>;
}

export interface WriteTransaction<Rows = Tables> extends ReadTransaction<Rows> {
  /** Inserts or replaces. Need not be awaited: the transaction fails as a whole if it fails. */
  put<Name extends TableOf<Rows>>(table: Name, key: Key, value: Rows[Name]): void;
  delete(table: TableOf<Rows>, key: Key): void;
  /** Deletes all rows of the range. */
  deleteRange(table: TableOf<Rows>, query: RangeBounds): void;
}

export type Durability = "strict" | "relaxed";

export interface Store<Rows = Tables> {
  /** Reads a consistent snapshot of the named tables. */
  read<T>(tables: readonly TableOf<Rows>[], work: (tx: ReadTransaction<Rows>) => Promise<T>): Promise<T>;
  write<T>(
    tables: readonly TableOf<Rows>[],
    durability: Durability,
    work: (tx: WriteTransaction<Rows>) => Promise<T>,
  ): Promise<T>;
  /** Ends the store; later calls reject with StoreClosedError. */
  close(): void;
}

/** The disk or the quota is full; nothing of the transaction was written. */
export class StoreFullError extends Error {
  override readonly name = "StoreFullError";
}

/** The store was closed: by `close()`, by another version of Kith that upgraded it, or by the platform. */
export class StoreClosedError extends Error {
  override readonly name = "StoreClosedError";
}

/** Anything else that went wrong below; `cause` has the platform's error. */
export class StoreFailedError extends Error {
  override readonly name: string = "StoreFailedError";
}

/** What is stored was written by a newer Kith. Nothing was touched. */
export class StoreNewerError extends StoreFailedError {
  override readonly name = "StoreNewerError";
}

/** Another tab keeps an older version open and does not give way. */
export class StoreBlockedError extends StoreFailedError {
  override readonly name = "StoreBlockedError";
}
