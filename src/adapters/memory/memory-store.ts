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
  type WriteTransaction,
} from "../../core/store/store.ts";
import { TABLE_NAMES, type TableName } from "../../core/store/tables.ts";
import { WriteTurns } from "../../core/store/write-turns.ts";
import { MemoryTransaction, type TreeByTable } from "./memory-transaction.ts";
import type { RowTree } from "./row-tree.ts";

/** All rows of all tables at one moment. Never changes; cheap to take and to keep. */
export interface StoreSnapshot {
  readonly trees: TreeByTable;
}

export interface MemoryStore extends Store {
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
}

export interface MemoryStoreOptions {
  readonly snapshot?: StoreSnapshot;
  readonly quotaBytes?: number;
}

export function createMemoryStore(options: MemoryStoreOptions = {}): MemoryStore {
  return new TreeStore(options);
}

class TreeStore implements MemoryStore {
  #committed: TreeByTable;
  #flushed: TreeByTable;
  #quotaBytes: number | undefined;
  #nextFailure: Error | undefined;
  #isClosed = false;
  readonly #turns = new WriteTurns();

  constructor(options: MemoryStoreOptions) {
    this.#committed = options.snapshot?.trees ?? new Map<TableName, RowTree>();
    this.#flushed = this.#committed;
    this.#quotaBytes = options.quotaBytes;
  }

  async read<T>(tables: readonly TableName[], work: (tx: ReadTransaction) => Promise<T>): Promise<T> {
    this.#check(tables);
    await this.#turns.earlier(tables);
    const transaction = new MemoryTransaction(this.#committed, tables, false);
    return await runToEnd(transaction, work);
  }

  async write<T>(
    tables: readonly TableName[],
    durability: Durability,
    work: (tx: WriteTransaction) => Promise<T>,
  ): Promise<T> {
    this.#check(tables);
    return await this.#turns.run(tables, async () => {
      const transaction = new MemoryTransaction(this.#committed, tables, true);
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

  #check(tables: readonly TableName[]): void {
    if (this.#isClosed) throw new StoreClosedError("The store was closed");
    const known: readonly string[] = TABLE_NAMES;
    const unknown = tables.find((table) => !known.includes(table));
    if (unknown !== undefined) throw new StoreFailedError(`There is no table ${unknown}`);
    if (tables.length === 0) throw new StoreFailedError("A transaction needs a table");
  }
}

/**
 * Everything that a transaction answers is settled within one turn of the event loop, so `work` that is not done by the next
 * one waits for something else.
 */
async function runToEnd<T>(transaction: MemoryTransaction, work: (tx: MemoryTransaction) => Promise<T>): Promise<T> {
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
