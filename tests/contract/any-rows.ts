/** The store port with its row types taken off, so that the contract can be tried with values that no table would hold. */
import type { RawTables } from "../../src/core/store/raw-tables.ts";
import type { Durability, Key, RangeQuery, Store } from "../../src/core/store/store.ts";

/** Of core's rows or of sealed ones. */
export type TypedStore = Store | Store<RawTables>;

export type AnyTable = "entries" | "timeline" | "outbox";

export interface AnyRow {
  readonly key: Key;
  readonly value: unknown;
}

export interface AnyReadTransaction {
  get(table: AnyTable, key: Key): Promise<unknown>;
  range(table: AnyTable, query: RangeQuery): Promise<readonly AnyRow[]>;
  count(table: AnyTable, query: RangeQuery): Promise<number>;
}

export interface AnyWriteTransaction extends AnyReadTransaction {
  put(table: AnyTable, key: Key, value: unknown): void;
  delete(table: AnyTable, key: Key): void;
  deleteRange(table: AnyTable, query: RangeQuery): void;
}

export interface AnyStore {
  read<T>(tables: readonly AnyTable[], work: (tx: AnyReadTransaction) => Promise<T>): Promise<T>;
  write<T>(
    tables: readonly AnyTable[],
    durability: Durability,
    work: (tx: AnyWriteTransaction) => Promise<T>,
  ): Promise<T>;
  close(): void;
}

/** A store does not look into rows, which is what makes this sound. */
export function withAnyRows(store: TypedStore): AnyStore {
  return store;
}

export async function put(store: AnyStore, table: AnyTable, rows: readonly (readonly [Key, unknown])[]): Promise<void> {
  await store.write([table], "relaxed", async (tx) => {
    for (const [key, value] of rows) tx.put(table, key, value);
  });
}

export async function keys(store: AnyStore, table: AnyTable, query: RangeQuery = {}): Promise<readonly Key[]> {
  return (await rows(store, table, query)).map((row) => row.key);
}

export function rows(store: AnyStore, table: AnyTable, query: RangeQuery = {}): Promise<readonly AnyRow[]> {
  return store.read([table], (tx) => tx.range(table, query));
}

export function get(store: AnyStore, table: AnyTable, key: Key): Promise<unknown> {
  return store.read([table], (tx) => tx.get(table, key));
}
