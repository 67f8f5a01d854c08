/** The vault's own row: how it begins, how a new key follows an old one, and the keys it leads to. */
import { textToBytes } from "../codec/bytes.ts";
import { openBytes, randomKey, sealBytes, subkey } from "../crypto/at-rest.ts";
import { type Store, StoreFailedError } from "../store/store.ts";
import type { RawTables, VaultRow } from "../store/raw-tables.ts";
import { RowSealer } from "./row-sealer.ts";
import type { VaultKeys } from "./vault-transaction.ts";

export const VAULT_KEY = ["vault"];
const FIRST_GENERATION = 1;

/** The present key with what it is stored as. */
export interface OpenKey {
  readonly bytes: Uint8Array;
  readonly row: VaultRow;
}

/** The vault's row; a store that has none gets one, unprotected. On a full disk what is there can be opened. */
export async function readOrFound(raw: Store<RawTables>): Promise<VaultRow> {
  const held = await raw.read(["vault"], (tx) => tx.get("vault", VAULT_KEY));
  return held ?? (await found(raw));
}

function found(raw: Store<RawTables>): Promise<VaultRow> {
  return raw.write(["vault"], "strict", async (tx) => {
    const held = await tx.get("vault", VAULT_KEY);
    if (held !== undefined) return held;
    const row: VaultRow = { generation: FIRST_GENERATION, key: { kind: "clear", bytes: randomKey() } };
    tx.put("vault", VAULT_KEY, row);
    return row;
  });
}

/** The sealers of the present key and, if rows of it may be left, of the one before. */
export function keysOf({ bytes, row }: OpenKey): VaultKeys {
  const current = new RowSealer(row.generation, bytes);
  if (row.previous === undefined) return { current, previous: undefined };
  const { generation, sealed } = row.previous;
  const previous = openBytes(previousKey(bytes), previousAad(row.generation), sealed);
  if (previous === undefined) throw new StoreFailedError("The vault's row is damaged");
  return { current, previous: new RowSealer(generation, previous) };
}

/** A new key follows: the old one goes under it at once, so that it lies nowhere in clear any more. */
export function nextRow(old: OpenKey, bytes: Uint8Array, key: VaultRow["key"]): VaultRow {
  const generation = old.row.generation + 1;
  const sealed = sealBytes(previousKey(bytes), previousAad(generation), old.bytes);
  return { generation, key, previous: { generation: old.row.generation, sealed } };
}

function previousKey(key: Uint8Array): Uint8Array {
  return subkey(key, "kith/vault/previous/1");
}

function previousAad(generation: number): Uint8Array {
  return textToBytes(JSON.stringify(["kith/vault/previous/1", generation]));
}
