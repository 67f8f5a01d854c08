/**
 * The rows of one generation of the vault's key: stored key and sealed bytes of each (PROTOCOL, At rest). A row is bound to its place by its
 * associated data, so that nobody who can write the disk can swap two rows.
 */
import { bytesToHex, textToBytes } from "../codec/bytes.ts";
import { macOf, openBytes, sealBytes, subkey } from "../crypto/at-rest.ts";
import { type Key, type KeyPart, StoreFailedError } from "../store/store.ts";
import type { KeyLayout, PartKind } from "./key-layout.ts";
import { decodeRow } from "./row-codec.ts";

/** Changes when the form of sealed rows does. */
const ROW_VERSION = 1;
const TOKEN_BYTES = 16;
/** The 16 hex digits that an order begins with: 12 of time and 4 to tell apart. */
const RANK_LENGTH = 16;
/** Behind every token, which are hex. */
const BEHIND_TOKENS = "~";
const MAX_CACHED_TOKENS = 20_000;

export interface OpenedRow {
  readonly key: Key;
  readonly value: unknown;
}

/** Where a bound of a range lies among stored keys; `isExact` if no row on the wrong side of it can come along. */
export interface StoredBound {
  readonly key: Key;
  readonly isExact: boolean;
}

export class RowSealer {
  readonly generation: number;
  readonly #rowKey: Uint8Array;
  readonly #indexKey: Uint8Array;
  readonly #tokens = new Map<string, string>();

  constructor(generation: number, vaultKey: Uint8Array) {
    this.generation = generation;
    this.#rowKey = subkey(vaultKey, "kith/vault/rows/1");
    this.#indexKey = subkey(vaultKey, "kith/vault/index/1");
  }

  /** Also of the beginning of a key. */
  storedKey(table: string, layout: KeyLayout, key: Key): Key {
    return [
      this.generation,
      ...key.flatMap((part, at) => this.#storedPart(table, kindAt(table, layout, at), at, part)),
    ];
  }

  /** Of a bound whose first `pinned` parts are those of the range's prefix. */
  storedBound(table: string, layout: KeyLayout, bound: Key, pinned: number, side: "from" | "to"): StoredBound {
    const stored: KeyPart[] = [this.generation];
    for (const [at, part] of bound.entries()) {
      const kind = kindAt(table, layout, at);
      if (at >= pinned && kind === "name")
        throw new StoreFailedError(`The names of ${table} have no order on the disk`);
      if (at >= pinned && kind === "ranked") {
        // All that share the rank come along; their tokens are in no order.
        return { key: [...stored, rankOf(part), ...(side === "to" ? [BEHIND_TOKENS] : [])], isExact: false };
      }
      stored.push(...this.#storedPart(table, kind, at, part));
    }
    return { key: stored, isExact: true };
  }

  /** `encoded` is the row with its key, of encodeRow. */
  seal(table: string, storedKey: Key, encoded: Uint8Array): Uint8Array {
    return sealBytes(this.#rowKey, placeOf(table, storedKey), encoded);
  }

  /** @throws StoreFailedError if it was not sealed here: a damaged disk, or somebody's hand. */
  open(table: string, storedKey: Key, sealed: Uint8Array): OpenedRow {
    const encoded = openBytes(this.#rowKey, placeOf(table, storedKey), sealed);
    if (encoded === undefined) throw new StoreFailedError(`A row of ${table} is damaged`);
    return openedRow(encoded);
  }

  #storedPart(table: string, kind: PartKind, at: number, part: KeyPart): readonly KeyPart[] {
    if (kind === "number") return [part];
    if (kind === "name") return [this.#token(table, at, part)];
    const rank = rankOf(part);
    return [rank, this.#token(table, at, typeof part === "string" ? part.slice(RANK_LENGTH) : "")];
  }

  #token(table: string, at: number, part: KeyPart): string {
    const named = JSON.stringify([table, at, part]);
    const held = this.#tokens.get(named);
    if (held !== undefined) return held;
    const token = bytesToHex(macOf(this.#indexKey, textToBytes(named)).subarray(0, TOKEN_BYTES));
    if (this.#tokens.size >= MAX_CACHED_TOKENS) this.#tokens.clear();
    this.#tokens.set(named, token);
    return token;
  }
}

/** The decode boundary: what was sealed here is a key and a value. */
export function openedRow(encoded: Uint8Array): OpenedRow {
  const [key, value] = decodeRow(encoded) as readonly [Key, unknown];
  return { key, value };
}

/** What stands in clear of a part that begins with a rank. */
function rankOf(part: KeyPart): KeyPart {
  return typeof part === "string" ? part.slice(0, RANK_LENGTH) : part;
}

function kindAt(table: string, layout: KeyLayout, at: number): PartKind {
  const kind = layout[at];
  if (kind === undefined) throw new StoreFailedError(`A key of ${table} is longer than its layout`);
  return kind;
}

function placeOf(table: string, storedKey: Key): Uint8Array {
  return textToBytes(JSON.stringify([ROW_VERSION, table, ...storedKey]));
}
