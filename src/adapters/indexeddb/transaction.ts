/**
 * One running transaction of the store port over IndexedDB. It remembers the first failure of anything it was asked to do,
 * because a put is not awaited and because IndexedDB itself tells only "aborted" afterwards.
 */
import { type IDBPTransaction, unwrap } from "idb";
import type { Key, RangeBounds, RangeQuery, ReadTransaction, Row, WriteTransaction } from "../../core/store/store.ts";
import type { RawTables } from "../../core/store/raw-tables.ts";
import { toIdbKey, toKeySpan } from "./key-range.ts";
import { readRows } from "./read-rows.ts";
import type { KithSchema, RawTableName } from "./schema.ts";

type Mode = "readonly" | "readwrite";
type Transaction<M extends Mode> = IDBPTransaction<KithSchema, RawTableName[], M>;
type ErrorTranslation = (error: unknown) => Error;

export class ReadSession implements ReadTransaction<RawTables> {
  readonly #transaction: Transaction<Mode>;
  readonly #toError: ErrorTranslation;
  #failure: Error | undefined;

  constructor(transaction: Transaction<Mode>, toError: ErrorTranslation) {
    this.#transaction = transaction;
    this.#toError = toError;
    // Whoever waits for the end asks for it; an abort that nobody waits for is no news.
    transaction.done.catch(() => undefined);
  }

  /** The first thing that went wrong below, translated. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  get<Name extends RawTableName>(table: Name, key: Key): Promise<RawTables[Name] | undefined> {
    return this.#ask(async () => await this.#transaction.objectStore(table).get(toIdbKey(key)));
  }

  range<Name extends RawTableName>(table: Name, query: RangeQuery): Promise<readonly Row<Name, RawTables>[]> {
    return this.#ask(async () => await readRows(this.#transaction.objectStore(table), query));
  }

  count(table: RawTableName, query: RangeBounds): Promise<number> {
    return this.#ask(async () => {
      const span = toKeySpan(query);
      if (span.kind === "none") return 0;
      return await this.#transaction.objectStore(table).count(span.kind === "range" ? span.range : undefined);
    });
  }

  /** Rolls back. Does nothing if it has ended already. */
  abort(): void {
    try {
      this.#transaction.abort();
    } catch {
      // Aborted by a failed request before, or ended.
    }
  }

  protected fail(error: unknown): Error {
    this.#failure ??= this.#toError(error);
    return this.#failure;
  }

  /** Who asked may have stopped listening when the answer fails, so the promise is marked as handled. */
  #ask<T>(request: () => Promise<T>): Promise<T> {
    const answer = request().catch((error: unknown) => {
      throw this.fail(error);
    });
    answer.catch(() => undefined);
    return answer;
  }
}

export class WriteSession extends ReadSession implements WriteTransaction<RawTables> {
  readonly #transaction: Transaction<"readwrite">;
  /** Without the promise and the two listeners that each request of the wrapped one takes: a batch puts hundreds of rows. */
  readonly #bare: IDBTransaction;

  constructor(transaction: Transaction<"readwrite">, toError: ErrorTranslation) {
    super(transaction, toError);
    this.#transaction = transaction;
    this.#bare = unwrap(transaction);
  }

  put<Name extends RawTableName>(table: Name, key: Key, value: RawTables[Name]): void {
    this.#order(table, (rows) => rows.put(value, toIdbKey(key)));
  }

  delete(table: RawTableName, key: Key): void {
    this.#order(table, (rows) => rows.delete(toIdbKey(key)));
  }

  deleteRange(table: RawTableName, query: RangeBounds): void {
    this.#order(table, (rows) => {
      const span = toKeySpan(query);
      if (span.kind === "none") return undefined;
      return span.kind === "range" ? rows.delete(span.range) : rows.clear();
    });
  }

  /** Commits without waiting for another turn of the event loop; resolves when it is done, rejects with the translated failure. */
  async commit(): Promise<void> {
    if (this.failure !== undefined) {
      this.abort();
      throw this.failure;
    }
    try {
      this.#transaction.commit();
    } catch {
      // It has ended by itself, having nothing to do; `done` says how.
    }
    try {
      await this.#transaction.done;
    } catch (error) {
      throw this.fail(error);
    }
  }

  /** A change that nobody awaits: if it fails, now or later, it takes the transaction with it. */
  #order(table: RawTableName, ask: (rows: IDBObjectStore) => IDBRequest | undefined): void {
    try {
      const request = ask(this.#bare.objectStore(table));
      if (request !== undefined) request.onerror = () => this.fail(request.error);
    } catch (error) {
      this.fail(error);
      this.abort();
    }
  }
}
