/** The store port over IndexedDB: durable in the browser's profile, one object store per table. */
import {
  StoreClosedError,
  type Durability,
  type ReadTransaction,
  type Store,
  type TableOf,
  type WriteTransaction,
} from "../../core/store/store.ts";
import type { RawTables } from "../../core/store/raw-tables.ts";
import { WriteTurns } from "../../core/store/write-turns.ts";
import { toStoreError } from "./errors.ts";
import { beginFreshLog } from "./fresh-log.ts";
import { openDatabase, type ClosedReason } from "./open.ts";
import { DATABASE_NAME, MIGRATIONS, type Database, type Migration } from "./schema.ts";
import { ReadSession, WriteSession } from "./transaction.ts";

const OPEN_TIMEOUT_MS = 10_000;

export interface IndexedDbStoreOptions {
  readonly name?: string;
  /** The connection ended without `close()`. Later calls reject with StoreClosedError. */
  readonly onClosed?: (reason: ClosedReason) => void;
  /** How long to wait for another tab that holds an older version open. */
  readonly timeoutMs?: number;
  /** The layout; version i + 1 is what migration i leaves behind. */
  readonly migrations?: readonly Migration[];
}

/** Rejects as `openDatabase` says. */
export async function openIndexedDbStore(options: IndexedDbStoreOptions = {}): Promise<Store<RawTables>> {
  const connection: Connection = { isClosed: false };
  const name = options.name ?? DATABASE_NAME;
  const database = await openDatabase({
    name,
    migrations: options.migrations ?? MIGRATIONS,
    timeoutMs: options.timeoutMs ?? OPEN_TIMEOUT_MS,
    onClosed(reason) {
      if (connection.isClosed) return;
      connection.isClosed = true;
      options.onClosed?.(reason);
    },
  });
  // Nobody waits for it, and where nothing can be written now the next start tries again.
  beginFreshLog(`${name}/scratch`).catch(() => undefined);
  return new IndexedDbStore(database, connection);
}

interface Connection {
  isClosed: boolean;
}

class IndexedDbStore implements Store<RawTables> {
  readonly #database: Database;
  readonly #connection: Connection;
  readonly #turns = new WriteTurns();

  constructor(database: Database, connection: Connection) {
    this.#database = database;
    this.#connection = connection;
  }

  async read<T>(
    tables: readonly TableOf<RawTables>[],
    work: (tx: ReadTransaction<RawTables>) => Promise<T>,
  ): Promise<T> {
    this.#checkOpen();
    await this.#turns.earlier(tables);
    const session = this.#begin(
      () => new ReadSession(this.#database.transaction([...tables], "readonly"), this.#toError),
    );
    try {
      return await work(session);
    } catch (error) {
      session.abort();
      throw session.failure ?? error;
    }
  }

  async write<T>(
    tables: readonly TableOf<RawTables>[],
    durability: Durability,
    work: (tx: WriteTransaction<RawTables>) => Promise<T>,
  ): Promise<T> {
    this.#checkOpen();
    return await this.#turns.run(tables, async () => {
      const session = this.#begin(
        () => new WriteSession(this.#database.transaction([...tables], "readwrite", { durability }), this.#toError),
      );
      let result: T;
      try {
        result = await work(session);
      } catch (error) {
        session.abort();
        throw session.failure ?? error;
      }
      await session.commit();
      return result;
    });
  }

  close(): void {
    if (this.#connection.isClosed) return;
    this.#connection.isClosed = true;
    this.#turns.all().then(
      () => this.#database.close(),
      () => undefined,
    );
  }

  #checkOpen(): void {
    if (this.#connection.isClosed) throw new StoreClosedError("The store was closed");
  }

  /** A database that closed by itself says so first here. */
  #begin<Session>(make: () => Session): Session {
    try {
      return make();
    } catch (error) {
      throw toStoreError(
        error,
        this.#connection.isClosed || (error instanceof DOMException && error.name === "InvalidStateError"),
      );
    }
  }

  readonly #toError = (error: unknown): Error => toStoreError(error, this.#connection.isClosed);
}
