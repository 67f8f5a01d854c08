/**
 * What Kith wrote of a backlog, transaction by transaction, and the same written plainly: the very rows, read back from the database after
 * the run, into the same tables of an empty database of the same page, in transactions of the same sizes and the same durability.
 */
import type { Page } from "@playwright/test";
import { DATABASE_NAME } from "../../src/adapters/indexeddb/schema.ts";

/** A transaction in which entries were put. */
interface WatchedBatch {
  readonly durability: IDBTransactionDurability;
  /** How many rows were put, by table. */
  readonly puts: Record<string, number>;
  readonly startMs: number;
  endMs: number;
}

export interface PlainWrites {
  /** One per repetition. */
  readonly samplesMs: readonly number[];
  readonly transactions: number;
  /** Rows put per message, in all tables: log, list, clock as often as Kith put them. */
  readonly rowsPerMessage: number;
  /** Bytes of values per message, in all tables: text as characters, numbers as 8. */
  readonly bytesPerMessage: number;
}

/** From the navigation, as performance.now() counts in the page. */
export interface WriteTimes {
  readonly firstWriteMs: number;
  /** When the last transaction with entries was complete. */
  readonly onDiskMs: number;
}

/** To run in a page before its own scripts. Costs the app two counters per put. */
export function watchWrites(): void {
  const batches: WatchedBatch[] = [];
  const puts = new WeakMap<IDBTransaction, Record<string, number>>();
  window.kithBatches = batches;
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = function (...args) {
    const { transaction, name } = this;
    let counts = puts.get(transaction);
    if (counts === undefined) puts.set(transaction, (counts = {}));
    if (name === "entries" && counts["entries"] === undefined) {
      const now = performance.now();
      const batch = { durability: transaction.durability, puts: counts, startMs: now, endMs: Number.NaN };
      batches.push(batch);
      transaction.addEventListener("complete", () => {
        batch.endMs = performance.now();
      });
    }
    counts[name] = (counts[name] ?? 0) + 1;
    return put.apply(this, args);
  };
}

export async function writeTimes(page: Page): Promise<WriteTimes> {
  return page.evaluate(() => {
    const batches = window.kithBatches ?? [];
    return {
      firstWriteMs: Math.min(...batches.map((batch) => batch.startMs)),
      onDiskMs: Math.max(...batches.map((batch) => batch.endMs)),
    };
  });
}

/** Repeats plainly what this page wrote since it was loaded, which must be `messages` messages and what belongs to them. */
export async function plainWrites(page: Page, messages: number, repetitions: number): Promise<PlainWrites> {
  return page.evaluate(
    async ({ source, count, times }) => {
      const done = <Value>(request: IDBRequest<Value>): Promise<Value> =>
        new Promise((resolve, reject) => {
          request.addEventListener("success", () => resolve(request.result));
          request.addEventListener("error", () => reject(request.error ?? new Error("IndexedDB failed")));
        });
      const sizeOf = (value: unknown): number => {
        if (typeof value === "string") return value.length;
        if (typeof value === "number") return 8;
        if (value instanceof Uint8Array) return value.byteLength;
        if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + sizeOf(item), 0);
        if (typeof value !== "object" || value === null) return 1;
        return Object.entries(value).reduce((sum, [name, item]) => sum + name.length + sizeOf(item), 0);
      };

      // The plain writes below are watched as well.
      const batches = [...(window.kithBatches ?? [])];
      const entryPuts = batches.reduce((sum, batch) => sum + (batch.puts["entries"] ?? 0), 0);
      // Rekeys are entries too, one for 50 messages.
      const mostPuts = Math.ceil(count * 1.1) + 10;
      if (entryPuts < count || entryPuts > mostPuts)
        throw new Error(`${entryPuts} entries were put for ${count} messages`);
      const tables = [...new Set(batches.flatMap((batch) => Object.keys(batch.puts)))];
      const kith = await done(indexedDB.open(source));
      const reading = kith.transaction(tables);
      const rowsByTable = new Map<string, { keys: IDBValidKey[]; values: unknown[] }>();
      for (const table of tables) {
        const [keys, values] = await Promise.all([
          done(reading.objectStore(table).getAllKeys()),
          done<unknown[]>(reading.objectStore(table).getAll()),
        ]);
        rowsByTable.set(table, { keys, values });
      }
      kith.close();

      let bytes = 0;
      let rows = 0;
      // The newest rows of a table stand at its end, as this conversation is the only one; small tables are put again and again.
      const work = batches.map(({ durability, puts }) => ({ durability, names: Object.keys(puts), puts }));
      const next = new Map(
        tables.map((table) => {
          const held = rowsByTable.get(table)?.keys.length ?? 0;
          const total = work.reduce((sum, { puts }) => sum + (puts[table] ?? 0), 0);
          return [table, Math.max(0, held - total)];
        }),
      );
      const plan = work.map(({ durability, names, puts }) => {
        const rowsOfBatch = names.flatMap((table) => {
          const { keys = [], values = [] } = rowsByTable.get(table) ?? {};
          return Array.from({ length: puts[table] ?? 0 }, () => {
            const at = (next.get(table) ?? 0) % keys.length;
            next.set(table, at + 1);
            const key = keys[at];
            if (key === undefined) throw new Error(`the table ${table} is empty`);
            bytes += sizeOf(values[at]);
            rows += 1;
            return { table, key, value: values[at] };
          });
        });
        return { durability, names, rows: rowsOfBatch };
      });

      const samplesMs: number[] = [];
      for (let repetition = 0; repetition < times; repetition += 1) {
        const name = `kith-bench-${repetition}`;
        const opening = indexedDB.open(name, 1);
        opening.addEventListener("upgradeneeded", () => {
          for (const table of tables) opening.result.createObjectStore(table);
        });
        const database = await done(opening);
        const start = performance.now();
        for (const batch of plan) {
          const transaction = database.transaction(batch.names, "readwrite", { durability: batch.durability });
          for (const { table, key, value } of batch.rows) transaction.objectStore(table).put(value, key);
          await new Promise<void>((resolve, reject) => {
            transaction.addEventListener("complete", () => resolve());
            transaction.addEventListener("abort", () => reject(transaction.error ?? new Error("IndexedDB gave up")));
          });
        }
        samplesMs.push(performance.now() - start);
        database.close();
        await done(indexedDB.deleteDatabase(name));
      }
      return {
        samplesMs,
        transactions: batches.length,
        rowsPerMessage: rows / count,
        bytesPerMessage: bytes / count,
      };
    },
    { source: DATABASE_NAME, count: messages, times: repetitions },
  );
}

declare global {
  interface Window {
    kithBatches?: WatchedBatch[];
  }
}
