/**
 * The store port in memory, for tests and the simulation. As strict as the real one and stricter where that finds mistakes:
 * a transaction whose `work` waits for anything but the transaction fails, because IndexedDB would end it behind its back.
 */
import {
  StoreClosedError,
  StoreFailedError,
  StoreFullError,
  type Durability,
  type ReadTransaction,
  type Store,
  type TableOf,
  type WriteTransaction,
} from "../../core/store/store.ts";
import { RAW_TABLE_NAMES, type RawTables } from "../../core/store/raw-tables.ts";
import type { Tables } from "../../core/store/tables.ts";
import { WriteTurns } from "../../core/store/write-turns.ts";
import { MemoryTransaction, type TreeByTable } from "./memory-transaction.ts";
import type { RowTree } from "./row-tree.ts";

/** All rows of all tables at one moment. Never changes; cheap to take and to keep. */
export interface StoreSnapshot {
  readonly trees: TreeByTable;
}

/** Of core's own rows, or of an adapter's sealed ones. */
export interface MemoryStore<Rows = Tables> extends Store<Rows> {
  /** What is committed now. */
  snapshot(): StoreSnapshot;
  /** What would be left after a power cut: everything up to the last `strict` commit. */
  crashSnapshot(): StoreSnapshot;
  /** Goes back to a snapshot, and opens again if it was closed. Not while transactions run. */
  restore(snapshot: StoreSnapshot): void;
  /** The next commit of a write fails with this error and changes nothing. */
  failNextCommit(error: Error): void;
  /** Commits that would make the rows larger than this fail with StoreFullError. Undefined: no limit. */
  setQuota(bytes: number | undefined): void;
  /** Whether so much more could be stored now. */
  hasRoomFor(bytes: number): boolean;
  readonly usedBytes: number;
}

export interface MemoryStoreOptions {
  readonly snapshot?: StoreSnapshot;
  readonly quotaBytes?: number;
}

export function createMemoryStore(options: MemoryStoreOptions = {}): MemoryStore {
  return new TreeStore(options);
}

/** Of sealed rows, below a vault. */
export function createRawMemoryStore(options: MemoryStoreOptions = {}): MemoryStore<RawTables> {
  return new TreeStore(options);
}

class TreeStore<Rows> implements MemoryStore<Rows> {
  #committed: TreeByTable;
  #flushed: TreeByTable;
  #quotaBytes: number | undefined;
  #nextFailure: Error | undefined;
  #isClosed = false;
  readonly #turns = new WriteTurns();

  constructor(options: MemoryStoreOptions) {
    this.#committed = options.snapshot?.trees ?? new Map<string, RowTree>();
    this.#flushed = this.#committed;
    this.#quotaBytes = options.quotaBytes;
  }

  async read<T>(tables: readonly TableOf<Rows>[], work: (tx: ReadTransaction<Rows>) => Promise<T>): Promise<T> {
    this.#check(tables);
    await this.#turns.earlier(tables);
    const transaction = new MemoryTransaction<Rows>(this.#committed, tables, false);
    return await runToEnd(transaction, work);
  }

  async write<T>(
    tables: readonly TableOf<Rows>[],
    durability: Durability,
    work: (tx: WriteTransaction<Rows>) => Promise<T>,
  ): Promise<T> {
    this.#check(tables);
    return await this.#turns.run(tables, async () => {
      const transaction = new MemoryTransaction<Rows>(this.#committed, tables, true);
      const result = await runToEnd(transaction, work);
      this.#commit(transaction.result(), durability);
      return result;
    });
  }

  close(): void {
    this.#isClosed = true;
  }

  snapshot(): StoreSnapshot {
    return { trees: this.#committed };
  }

  crashSnapshot(): StoreSnapshot {
    return { trees: this.#flushed };
  }

  restore(snapshot: StoreSnapshot): void {
    this.#committed = snapshot.trees;
    this.#flushed = snapshot.trees;
    this.#isClosed = false;
  }

  failNextCommit(error: Error): void {
    this.#nextFailure = error;
  }

  setQuota(bytes: number | undefined): void {
    this.#quotaBytes = bytes;
  }

  hasRoomFor(bytes: number): boolean {
    return this.#quotaBytes === undefined || sizeOfTables(this.#committed) + bytes <= this.#quotaBytes;
  }

  get usedBytes(): number {
    return sizeOfTables(this.#committed);
  }

  #commit(changed: TreeByTable, durability: Durability): void {
    const failure = this.#nextFailure;
    this.#nextFailure = undefined;
    if (failure !== undefined) throw failure;
    const next = new Map([...this.#committed, ...changed]);
    if (
      this.#quotaBytes !== undefined &&
      sizeOfTables(next) > Math.max(this.#quotaBytes, sizeOfTables(this.#committed))
    ) {
      throw new StoreFullError("The store has reached its quota");
    }
    this.#committed = next;
    if (durability === "strict") this.#flushed = next;
  }

  #check(tables: readonly string[]): void {
    if (this.#isClosed) throw new StoreClosedError("The store was closed");
    const known: readonly string[] = RAW_TABLE_NAMES;
    const unknown = tables.find((table) => !known.includes(table));
    if (unknown !== undefined) throw new StoreFailedError(`There is no table ${unknown}`);
    if (tables.length === 0) throw new StoreFailedError("A transaction needs a table");
  }
}

/**
 * Everything that a transaction answers is settled within one turn of the event loop, so `work` that is not done by the next
 * one waits for something else.
 */
async function runToEnd<Rows, T>(
  transaction: MemoryTransaction<Rows>,
  work: (tx: MemoryTransaction<Rows>) => Promise<T>,
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const overdue = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new StoreFailedError("The transaction was left idle: await nothing else inside it")),
      0,
    );
  });
  try {
    return await Promise.race([work(transaction), overdue]);
  } finally {
    clearTimeout(timer);
    transaction.end();
  }
}

function sizeOfTables(trees: TreeByTable): number {
  return [...trees.values()].reduce((sum, tree) => sum + sizeOfTree(tree), 0);
}

function sizeOfTree(tree: RowTree): number {
  return tree === undefined ? 0 : tree.row.bytes + sizeOfTree(tree.left) + sizeOfTree(tree.right);
}
