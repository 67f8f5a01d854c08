/** One running transaction over a snapshot of the memory store's tables. What it changes is its own until it is committed. */
import {
  StoreFailedError,
  type Key,
  type RangeBounds,
  type RangeQuery,
  type Row,
  type TableOf,
  type WriteTransaction,
} from "../../core/store/store.ts";
import { checkKey, toBounds } from "../../core/store/key-order.ts";
import { findRow, rowsWithin, withoutRow, withRow, type RowTree, type StoredRow } from "./row-tree.ts";
import { copyOfValue } from "./value-copy.ts";
import { sizeOfValue } from "./value-size.ts";

export type TreeByTable = ReadonlyMap<string, RowTree>;

export class MemoryTransaction<Rows> implements WriteTransaction<Rows> {
  readonly #trees: Map<string, RowTree>;
  readonly #isWritable: boolean;
  #failure: Error | undefined;
  #hasEnded = false;

  constructor(trees: TreeByTable, tables: readonly string[], isWritable: boolean) {
    this.#trees = new Map(tables.map((table) => [table, trees.get(table)]));
    this.#isWritable = isWritable;
  }

  async get<Name extends TableOf<Rows>>(table: Name, key: Key): Promise<Rows[Name] | undefined> {
    checkKey(key);
    const row = findRow(this.#tree(table), key);
    return row === undefined ? undefined : toRow<Name, Rows>(row).value;
  }

  async range<Name extends TableOf<Rows>>(table: Name, query: RangeQuery): Promise<readonly Row<Name, Rows>[]> {
    return this.#rowsOf(table, query, query.limit, query.reverse).map((row) => toRow<Name, Rows>(row));
  }

  async count(table: string, query: RangeBounds): Promise<number> {
    return this.#rowsOf(table, query).length;
  }

  put<Name extends TableOf<Rows>>(table: Name, key: Key, value: Rows[Name]): void {
    this.#change(table, (tree) => {
      checkKey(key);
      return withRow(tree, {
        key: [...key],
        value: copyOfValue(value),
        bytes: sizeOfValue(key) + sizeOfValue(value),
      });
    });
  }

  delete(table: string, key: Key): void {
    this.#change(table, (tree) => {
      checkKey(key);
      return withoutRow(tree, key);
    });
  }

  deleteRange(table: string, query: RangeBounds): void {
    this.#change(table, (tree) =>
      this.#rowsOf(table, query).reduce((rest: RowTree, row) => withoutRow(rest, row.key), tree),
    );
  }

  /** The tables as this transaction leaves them. Throws if any change of it failed. */
  result(): TreeByTable {
    if (this.#failure !== undefined) throw this.#failure;
    return this.#trees;
  }

  /** Nothing may be asked of it any more. */
  end(): void {
    this.#hasEnded = true;
  }

  #change(table: string, next: (tree: RowTree) => RowTree): void {
    try {
      if (!this.#isWritable) throw new StoreFailedError("Writing in a read transaction");
      this.#trees.set(table, next(this.#tree(table)));
    } catch (error) {
      this.#failure ??=
        error instanceof StoreFailedError
          ? error
          : new StoreFailedError("The value cannot be stored", { cause: error });
    }
  }

  #rowsOf(table: string, query: RangeBounds, limit = Infinity, isReverse = false): readonly StoredRow[] {
    for (const key of [query.prefix, query.from, query.to]) if (key !== undefined) checkKey(key);
    return rowsWithin(this.#tree(table), toBounds(query), limit, isReverse);
  }

  #tree(table: string): RowTree {
    if (this.#hasEnded) throw new StoreFailedError("The transaction has ended");
    if (!this.#trees.has(table)) throw new StoreFailedError(`The transaction does not cover the table ${table}`);
    return this.#trees.get(table);
  }
}

/** The decode boundary: `put` saw to it that a table holds only rows of its type. */
function toRow<Name extends TableOf<Rows>, Rows>(row: StoredRow): Row<Name, Rows> {
  return { key: [...row.key], value: copyOfValue(row.value) as Rows[Name] };
}
