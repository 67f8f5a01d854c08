/** What adapters of the store port keep below the vault: sealed rows, and the row that says how they are sealed. */
import { TABLE_NAMES, type FenceRow, type TableName } from "./tables.ts";

/** A key of the vault under one of its locks: only who can open the lock has it. */
export type VaultLock =
  | {
      readonly kind: "passphrase";
      readonly salt: Uint8Array;
      /** Argon2id: memory in KiB, passes. */
      readonly memoryKib: number;
      readonly passes: number;
      readonly sealed: Uint8Array;
    }
  | { readonly kind: "recovery"; readonly salt: Uint8Array; readonly sealed: Uint8Array }
  | {
      readonly kind: "passkey";
      readonly credential: Uint8Array;
      readonly salt: Uint8Array;
      readonly sealed: Uint8Array;
    };

/** How the store's rows are encrypted; the one row that says so stands in clear. */
export interface VaultRow {
  /** Counts the keys there have been; part of the stored key of every row. */
  readonly generation: number;
  /** Unprotected, the key itself lies here. */
  readonly key:
    | { readonly kind: "clear"; readonly bytes: Uint8Array }
    | { readonly kind: "locked"; readonly locks: readonly VaultLock[] };
  /** Rows of this generation are still being encrypted anew; its key, sealed under the present one. */
  readonly previous?: { readonly generation: number; readonly sealed: Uint8Array };
}

/** What an adapter keeps: rows as sealed bytes, and in clear only the fence and the vault's own row, ["vault"]. */
export type RawTables = { readonly [Name in Exclude<TableName, "fence">]: Uint8Array } & {
  readonly fence: FenceRow;
  readonly vault: VaultRow;
};

/** All tables that adapters must create. */
export const RAW_TABLE_NAMES = [...TABLE_NAMES, "vault"] as const satisfies readonly (keyof RawTables)[];
