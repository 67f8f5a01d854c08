/** Turns a query of the store port into what IndexedDB takes: one range of array keys, or nothing at all. */
import type { Key, RangeBounds } from "../../core/store/store.ts";

export type KeySpan =
  | { readonly kind: "all" }
  /** No key can match; IndexedDB would throw at an inverted range. */
  | { readonly kind: "none" }
  | { readonly kind: "range"; readonly range: IDBKeyRange };

export function toKeySpan(query: RangeBounds): KeySpan {
  const lower = later(query.prefix && [...query.prefix], query.from && [...query.from]);
  // Arrays sort after numbers and strings, so [...prefix, []] stands behind every key that begins with the prefix.
  const upper = earlier(query.prefix && [...query.prefix, []], query.to && [...query.to]);
  if (lower === undefined && upper === undefined) return { kind: "all" };
  if (lower === undefined) return { kind: "range", range: IDBKeyRange.upperBound(upper, true) };
  if (upper === undefined) return { kind: "range", range: IDBKeyRange.lowerBound(lower) };
  if (indexedDB.cmp(lower, upper) >= 0) return { kind: "none" };
  return { kind: "range", range: IDBKeyRange.bound(lower, upper, false, true) };
}

export function toIdbKey(key: Key): IDBValidKey {
  return [...key];
}

function later(a: IDBValidKey[] | undefined, b: IDBValidKey[] | undefined): IDBValidKey[] | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return indexedDB.cmp(a, b) >= 0 ? a : b;
}

function earlier(a: IDBValidKey[] | undefined, b: IDBValidKey[] | undefined): IDBValidKey[] | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return indexedDB.cmp(a, b) <= 0 ? a : b;
}
