/**
 * Seals all rows anew when the vault's key has changed, a few at a time, while everything goes on. Rows of both keys can be read meanwhile.
 * Nothing but the rows themselves says how far it has come, so it goes on after any interruption by starting again.
 */
import type { Clock } from "../clock.ts";
import type { Store } from "../store/store.ts";
import { RAW_TABLE_NAMES, type RawTables } from "../store/raw-tables.ts";
import { KEY_LAYOUTS, type SealedTable } from "./key-layout.ts";
import { encodeRow } from "./row-codec.ts";
import type { RowSealer } from "./row-sealer.ts";

/** About 10 ms of work. */
const ROWS_PER_STEP = 48;
const PAUSE_MS = 4;

const SEALED_TABLES = Object.keys(KEY_LAYOUTS) as readonly SealedTable[];

/**
 * Resolves with "moved" when no row of `from` is left and the vault's row says so, with "superseded" if another instance of the app changed
 * the key meanwhile. Rejects with the store's errors, after which it can be called again.
 */
export async function moveRows(
  raw: Store<RawTables>,
  from: RowSealer,
  to: RowSealer,
  clock: Clock,
): Promise<"moved" | "superseded"> {
  for (;;) {
    for (const table of SEALED_TABLES) {
      for (;;) {
        const count = await moveStep(raw, table, from, to);
        if (count === undefined) return "superseded";
        if (count < ROWS_PER_STEP) break;
        await clock.delay(PAUSE_MS);
      }
    }
    const end = await endMove(raw, from, to);
    if (end !== "rows-left") return end;
  }
}

/** How many rows were moved; undefined if the keys are others by now. */
async function moveStep(
  raw: Store<RawTables>,
  table: SealedTable,
  from: RowSealer,
  to: RowSealer,
): Promise<number | undefined> {
  return raw.write([table, "vault"], "relaxed", async (tx) => {
    if ((await tx.get("vault", ["vault"]))?.generation !== to.generation) return undefined;
    const rows = await tx.range(table, { prefix: [from.generation], limit: ROWS_PER_STEP });
    for (const row of rows) {
      const { key, value } = from.open(table, row.key, row.value);
      const stored = to.storedKey(table, KEY_LAYOUTS[table], key);
      tx.put(table, stored, to.seal(table, stored, encodeRow([key, value])));
      tx.delete(table, row.key);
    }
    return rows.length;
  });
}

async function endMove(
  raw: Store<RawTables>,
  from: RowSealer,
  to: RowSealer,
): Promise<"moved" | "superseded" | "rows-left"> {
  return raw.write(RAW_TABLE_NAMES, "strict", async (tx) => {
    const row = await tx.get("vault", ["vault"]);
    if (row?.generation !== to.generation) return "superseded";
    for (const table of SEALED_TABLES) {
      if ((await tx.count(table, { prefix: [from.generation] })) > 0) return "rows-left";
    }
    const { previous: _moved, ...rest } = row;
    tx.put("vault", ["vault"], rest);
    return "moved";
  });
}
