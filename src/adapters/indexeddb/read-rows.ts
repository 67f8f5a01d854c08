/** Reads a range of rows in as few requests as the browser allows. */
import type { IDBPObjectStore } from "idb";
import type { Key, RangeQuery, Row } from "../../core/store/store.ts";
import type { RawTables } from "../../core/store/raw-tables.ts";
import { toKeySpan } from "./key-range.ts";
import type { KithSchema, RawTableName } from "./schema.ts";

type Table<Name extends RawTableName> = IDBPObjectStore<KithSchema, RawTableName[], Name, "readonly" | "readwrite">;

/** IndexedDB 3.0: keys and values in one request, in both directions. Not in every browser yet, nor in TypeScript's DOM types. */
interface RecordSource<Name extends RawTableName> {
  getAllRecords(options: {
    readonly query?: IDBKeyRange;
    readonly count?: number;
    readonly direction: "next" | "prev";
  }): Promise<readonly { readonly key: IDBValidKey; readonly value: RawTables[Name] }[]>;
}

export async function readRows<Name extends RawTableName>(
  table: Table<Name>,
  query: RangeQuery,
): Promise<readonly Row<Name, RawTables>[]> {
  const span = toKeySpan(query);
  // A count of 0 means "all" to IndexedDB.
  if (span.kind === "none" || query.limit === 0) return [];
  const range = span.kind === "range" ? span.range : undefined;
  if (hasRecords(table)) {
    const records = await table.getAllRecords({
      ...(range && { query: range }),
      ...(query.limit !== undefined && { count: query.limit }),
      direction: query.reverse === true ? "prev" : "next",
    });
    return records.map((record) => toRow<Name>(record.key, record.value));
  }
  return query.reverse === true ? readBackwards(table, range, query.limit) : readForwards(table, range, query.limit);
}

function hasRecords<Name extends RawTableName>(table: Table<Name>): table is Table<Name> & RecordSource<Name> {
  return "getAllRecords" in table;
}

async function readForwards<Name extends RawTableName>(
  table: Table<Name>,
  range: IDBKeyRange | undefined,
  limit: number | undefined,
): Promise<readonly Row<Name, RawTables>[]> {
  const [keys, values] = await Promise.all([table.getAllKeys(range, limit), table.getAll(range, limit)]);
  return values.flatMap((value, index) => {
    const key = keys[index];
    return key === undefined ? [] : [toRow<Name>(key, value)];
  });
}

async function readBackwards<Name extends RawTableName>(
  table: Table<Name>,
  range: IDBKeyRange | undefined,
  limit: number | undefined,
): Promise<readonly Row<Name, RawTables>[]> {
  if (limit === undefined) return (await readForwards(table, range, limit)).toReversed();
  const rows: Row<Name, RawTables>[] = [];
  let cursor = await table.openCursor(range, "prev");
  while (cursor !== null) {
    rows.push(toRow<Name>(cursor.key, cursor.value));
    // Stops before asking on, so that no request is left over for the transaction to wait for.
    if (rows.length >= limit) break;
    cursor = await cursor.continue();
  }
  return rows;
}

/** The decode boundary: only this adapter writes here, keys as arrays of numbers and strings, values as the table's rows. */
function toRow<Name extends RawTableName>(key: unknown, value: unknown): Row<Name, RawTables> {
  return { key: key as Key, value: value as RawTables[Name] };
}
