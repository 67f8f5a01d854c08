/**
 * One running transaction of the vault. What it puts is encoded at once and sealed later, a few rows at a time with a turn of the event loop
 * in between, so that a large batch does not hold up the screen; until then its own reads find it here.
 */
import {
  type Key,
  type RangeBounds,
  type RangeQuery,
  type ReadTransaction,
  type Row,
  StoreFailedError,
  type WriteTransaction,
} from "../store/store.ts";
import type { RawTables } from "../store/raw-tables.ts";
import type { TableName, Tables } from "../store/tables.ts";
import type { ClearTable, KeyLayouts, SealedTable } from "./key-layout.ts";
import { encodeRow } from "./row-codec.ts";
import { openedRow, type RowSealer } from "./row-sealer.ts";
import { inOrder, openedRange, storedRange } from "./sealed-range.ts";

/** Which keys rows may lie under. */
export interface VaultKeys {
  /** New rows are sealed by this one. */
  readonly current: RowSealer;
  /** Rows sealed by this one may be left. */
  readonly previous: RowSealer | undefined;
}

/** Some 8 ms of sealing. */
const ROWS_PER_TURN = 48;

const CLEAR_TABLE: ClearTable = "fence";

export class VaultReading implements ReadTransaction {
  readonly #raw: ReadTransaction<RawTables>;
  /** The newest first. */
  protected readonly sealers: readonly RowSealer[];
  protected readonly layouts: KeyLayouts;

  constructor(raw: ReadTransaction<RawTables>, keys: VaultKeys, layouts: KeyLayouts) {
    this.#raw = raw;
    this.sealers = keys.previous === undefined ? [keys.current] : [keys.current, keys.previous];
    this.layouts = layouts;
  }

  async get<Name extends TableName>(table: Name, key: Key): Promise<Tables[Name] | undefined> {
    if (isClear(table)) return (await this.#raw.get(CLEAR_TABLE, key)) as Tables[Name] | undefined;
    const name: SealedTable = table;
    // All asked for at once: what is put meanwhile must not move a row from one to the other in between.
    const found = await Promise.all(
      this.sealers.map(async (sealer) => {
        const stored = sealer.storedKey(name, this.layouts[name], key);
        const sealed = await this.#raw.get(name, stored);
        return sealed && sealer.open(name, stored, sealed);
      }),
    );
    const row = found.find((one) => one !== undefined);
    return row && rowOf<Name>(row).value;
  }

  async range<Name extends TableName>(table: Name, query: RangeQuery): Promise<readonly Row<Name>[]> {
    if (isClear(table)) return (await this.#raw.range(CLEAR_TABLE, query)).map((row) => rowOf<Name>(row));
    const name: SealedTable = table;
    const found = await Promise.all(
      this.sealers.map((sealer) => openedRange(this.#raw, sealer, name, this.layouts[name], query)),
    );
    return (found.length === 1 ? found.flat() : inOrder(found.flat(), query)).map((row) => rowOf<Name>(row));
  }

  async count(table: TableName, query: RangeBounds): Promise<number> {
    if (isClear(table)) return this.#raw.count(CLEAR_TABLE, query);
    let sum = 0;
    for (const sealer of this.sealers) {
      const range = storedRange(sealer, table, this.layouts[table], query);
      if (range === undefined) continue;
      sum += range.isWhole
        ? await this.#raw.count(table, range.bounds)
        : (await openedRange(this.#raw, sealer, table, this.layouts[table], boundsOf(query))).length;
    }
    return sum;
  }
}

interface PendingChange {
  readonly table: SealedTable;
  readonly key: Key;
  /** With its key, of encodeRow; undefined: to be deleted. */
  readonly encoded: Uint8Array | undefined;
}

export class VaultWriting extends VaultReading implements WriteTransaction {
  readonly #raw: WriteTransaction<RawTables>;
  readonly #pending = new Map<string, PendingChange>();
  #failure: StoreFailedError | undefined;

  constructor(raw: WriteTransaction<RawTables>, keys: VaultKeys, layouts: KeyLayouts) {
    super(raw, keys, layouts);
    this.#raw = raw;
  }

  override async get<Name extends TableName>(table: Name, key: Key): Promise<Tables[Name] | undefined> {
    const pending = this.#pending.get(nameOf(table, key));
    if (pending === undefined) return super.get(table, key);
    return pending.encoded === undefined ? undefined : rowOf<Name>(openedRow(pending.encoded)).value;
  }

  override async range<Name extends TableName>(table: Name, query: RangeQuery): Promise<readonly Row<Name>[]> {
    await this.#flush();
    return super.range(table, query);
  }

  override async count(table: TableName, query: RangeBounds): Promise<number> {
    await this.#flush();
    return super.count(table, query);
  }

  put<Name extends TableName>(table: Name, key: Key, value: Tables[Name]): void {
    if (isClear(table)) {
      this.#raw.put(CLEAR_TABLE, key, value as Tables[ClearTable]);
      return;
    }
    try {
      const encoded = encodeRow([key, value]);
      this.#pending.set(nameOf(table, key), { table, key: [...key], encoded });
    } catch (cause) {
      this.#failure ??= new StoreFailedError("The value cannot be stored", { cause });
    }
  }

  delete(table: TableName, key: Key): void {
    if (isClear(table)) this.#raw.delete(CLEAR_TABLE, key);
    else this.#pending.set(nameOf(table, key), { table, key: [...key], encoded: undefined });
  }

  deleteRange(table: TableName, query: RangeBounds): void {
    if (isClear(table)) {
      this.#raw.deleteRange(CLEAR_TABLE, query);
      return;
    }
    this.#sealTable(table);
    for (const sealer of this.sealers) {
      const range = storedRange(sealer, table, this.layouts[table], query);
      if (range?.isWhole === false) throw new StoreFailedError(`A part of ${table} cannot be deleted by rank`);
      if (range !== undefined) this.#raw.deleteRange(table, range.bounds);
    }
  }

  /** Seals what is left. Throws if anything that was put cannot be stored. */
  async finish(): Promise<void> {
    await this.#flush();
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #flush(): Promise<void> {
    for (;;) {
      const last = this.#seal(ROWS_PER_TURN);
      if (this.#pending.size === 0 || last === undefined) return;
      // A request keeps the transaction open, and its answer is a task of its own.
      await this.#raw.get(last, [0]);
    }
  }

  /** At most so many rows. Returns the table of the last. */
  #seal(limit: number): SealedTable | undefined {
    let last: SealedTable | undefined;
    let left = limit;
    for (const [name, change] of this.#pending) {
      if (left === 0) break;
      left -= 1;
      this.#pending.delete(name);
      this.#write(change);
      last = change.table;
    }
    return last;
  }

  /** Before a part of it is deleted. Tables do not depend on each other, and those of a batch would take long. */
  #sealTable(table: SealedTable): void {
    for (const [name, change] of this.#pending) {
      if (change.table !== table) continue;
      this.#pending.delete(name);
      this.#write(change);
    }
  }

  #write({ table, key, encoded }: PendingChange): void {
    const layout = this.layouts[table];
    for (const [index, sealer] of this.sealers.entries()) {
      const stored = sealer.storedKey(table, layout, key);
      if (index === 0 && encoded !== undefined) this.#raw.put(table, stored, sealer.seal(table, stored, encoded));
      // Also where it was put: a row lies under one key only.
      else this.#raw.delete(table, stored);
    }
  }
}

function isClear(table: TableName): table is ClearTable {
  return table === CLEAR_TABLE;
}

function nameOf(table: string, key: Key): string {
  return JSON.stringify([table, ...key]);
}

function boundsOf({ prefix, from, to }: RangeBounds): RangeBounds {
  return { ...(prefix && { prefix }), ...(from && { from }), ...(to && { to }) };
}

/** The decode boundary: `put` saw to it that a table holds only rows of its type. */
function rowOf<Name extends TableName>(row: { readonly key: Key; readonly value: unknown }): Row<Name> {
  return { key: row.key, value: row.value as Tables[Name] };
}
