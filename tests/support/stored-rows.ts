/** Reads and writes the rows of an unprotected profile past the app: sealed and opened here, with the key that lies beside them. */
import type { Page } from "@playwright/test";
import { DATABASE_NAME } from "../../src/adapters/indexeddb/schema.ts";
import type { Key } from "../../src/core/store/store.ts";
import type { Tables } from "../../src/core/store/tables.ts";
import { KEY_LAYOUTS, type SealedTable } from "../../src/core/vault/key-layout.ts";
import { encodeRow } from "../../src/core/vault/row-codec.ts";
import { RowSealer } from "../../src/core/vault/row-sealer.ts";

export interface StoredRow<Name extends SealedTable> {
  readonly key: Key;
  readonly value: Tables[Name];
}

/** A row to be stored. */
export type RowToStore = {
  readonly [Name in SealedTable]: { readonly table: Name; readonly key: Key; readonly value: Tables[Name] };
}[SealedTable];

/** All rows of a table, in the order they have on the disk. */
export async function readStoredRows<Name extends SealedTable>(
  page: Page,
  table: Name,
): Promise<readonly StoredRow<Name>[]> {
  const sealer = await sealerOf(page);
  const sealed = await page.evaluate(
    async ([name, asked]) => {
      const database = await window.kithOpen(name);
      const store = database.transaction(asked).objectStore(asked);
      const [keys, values] = await Promise.all([window.kithDone(store.getAllKeys()), window.kithDone(store.getAll())]);
      database.close();
      return values.map((value: Uint8Array, at) => ({
        key: keys[at] as (string | number)[],
        hex: window.kithHex(value),
      }));
    },
    [DATABASE_NAME, table] as const,
  );
  return sealed.map(({ key, hex }) => {
    const row = sealer.open(table, key, Buffer.from(hex, "hex"));
    return { key: row.key, value: row.value as Tables[Name] };
  });
}

/** In one transaction. Kith must be reloaded then, or not run yet. */
export async function writeStoredRows(page: Page, rows: readonly RowToStore[]): Promise<void> {
  const sealer = await sealerOf(page);
  const sealed = rows.map(({ table, key, value }) => {
    const stored = sealer.storedKey(table, KEY_LAYOUTS[table], key);
    return {
      table,
      key: [...stored],
      hex: Buffer.from(sealer.seal(table, stored, encodeRow([key, value]))).toString("hex"),
    };
  });
  await page.evaluate(
    async ([name, puts]) => {
      const database = await window.kithOpen(name);
      const tables = [...new Set(puts.map(({ table }) => table))];
      const transaction = database.transaction(tables, "readwrite");
      for (const { table, key, hex } of puts) transaction.objectStore(table).put(window.kithBytes(hex), key);
      await new Promise<void>((resolve, reject) => {
        transaction.oncomplete = () => resolve();
        transaction.onabort = () => reject(transaction.error ?? new Error("not written"));
      });
      database.close();
    },
    [DATABASE_NAME, sealed] as const,
  );
}

async function sealerOf(page: Page): Promise<RowSealer> {
  await page.evaluate(installOpeners);
  const row = await page.evaluate(async (name) => {
    const database = await window.kithOpen(name);
    const vault = await window.kithDone(database.transaction("vault").objectStore("vault").get(["vault"]));
    database.close();
    return {
      generation: Number(vault.generation),
      hex: vault.key.kind === "clear" ? window.kithHex(vault.key.bytes) : undefined,
    };
  }, DATABASE_NAME);
  if (row.hex === undefined) throw new Error("the profile is protected");
  return new RowSealer(row.generation, Buffer.from(row.hex, "hex"));
}

function installOpeners(): void {
  window.kithDone = async (request) =>
    new Promise((resolve, reject) => {
      request.addEventListener("success", () => resolve(request.result));
      request.addEventListener("error", () => reject(request.error ?? new Error("IndexedDB failed")));
    });
  window.kithHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  window.kithBytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  window.kithOpen = async (name) => window.kithDone(indexedDB.open(name));
}

declare global {
  interface Window {
    kithOpen: (name: string) => Promise<IDBDatabase>;
    kithHex: (bytes: Uint8Array) => string;
    kithBytes: (hex: string) => Uint8Array<ArrayBuffer>;
    kithDone: <Value>(request: IDBRequest<Value>) => Promise<Value>;
  }
}
