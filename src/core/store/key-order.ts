/** The order of keys as IndexedDB has it, and the range of a query as two tests on a key. */
import { StoreFailedError, type Key, type KeyPart, type RangeBounds } from "./store.ts";

/** Negative, 0 or positive: element by element, numbers before strings, a prefix first. */
export function compareKeys(a: Key, b: Key): number {
  const shared = Math.min(a.length, b.length);
  for (let index = 0; index < shared; index += 1) {
    const order = compareParts(a[index] ?? 0, b[index] ?? 0);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** Both hold for exactly the keys of the range. Along growing keys `isAfterStart` turns true once, `isBeforeEnd` false once. */
export interface KeyBounds {
  isAfterStart(key: Key): boolean;
  isBeforeEnd(key: Key): boolean;
}

export function toBounds(query: RangeBounds): KeyBounds {
  const { prefix = [], from, to } = query;
  return {
    isAfterStart: (key) => compareKeys(key, prefix) >= 0 && (from === undefined || compareKeys(key, from) >= 0),
    isBeforeEnd: (key) =>
      compareKeys(key.slice(0, prefix.length), prefix) <= 0 && (to === undefined || compareKeys(key, to) < 0),
  };
}

/** IndexedDB refuses what it cannot order. */
export function checkKey(key: Key): void {
  for (const part of key) {
    if (typeof part === "string" || (typeof part === "number" && !Number.isNaN(part))) continue;
    throw new StoreFailedError("A key holds something else than strings and numbers");
  }
}

function compareParts(a: KeyPart, b: KeyPart): number {
  if (a === b) return 0;
  if (typeof a === "number") return typeof b === "number" && a > b ? 1 : -1;
  if (typeof b === "number") return 1;
  return a < b ? -1 : 1;
}
