/** Any sequence of transactions leaves a store as it leaves a plain sorted list. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Key, KeyPart, RangeQuery } from "../../src/core/store/store.ts";
import { rows, type AnyRow, type AnyStore } from "./any-rows.ts";
import type { StoreOfTest } from "./store-contract.ts";

const RUNS = 60;

type Change =
  | { readonly kind: "put"; readonly key: Key; readonly value: number }
  | { readonly kind: "delete"; readonly key: Key }
  | { readonly kind: "deleteRange"; readonly query: RangeQuery };

interface Step {
  readonly changes: readonly Change[];
  readonly isAborted: boolean;
  readonly query: RangeQuery;
}

const part: fc.Arbitrary<KeyPart> = fc.oneof(
  fc.integer({ min: -2, max: 3 }),
  fc.constantFrom(0.5, 1e300, -1e300),
  fc.constantFrom("", "a", "aa", "b", "1"),
);
const key: fc.Arbitrary<Key> = fc.array(part, { maxLength: 3 });
const range = fc.record({ prefix: fc.array(part, { maxLength: 2 }), from: key, to: key }, { requiredKeys: [] });
const query: fc.Arbitrary<RangeQuery> = fc
  .tuple(range, fc.record({ limit: fc.integer({ min: 0, max: 5 }), reverse: fc.boolean() }, { requiredKeys: [] }))
  .map(([bounds, options]) => ({ ...bounds, ...options }));
const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("put" as const), key, value: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("delete" as const), key }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("deleteRange" as const), query: range }) },
);
const step: fc.Arbitrary<Step> = fc.record({
  changes: fc.array(change, { maxLength: 12 }),
  isAborted: fc.boolean(),
  query,
});

export function modelContract(store: StoreOfTest): void {
  describe("model", () => {
    it("behaves like a sorted list under any transactions and queries", async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 6 }), async (steps) => {
          await store().write(["entries"], "relaxed", async (tx) => tx.deleteRange("entries", {}));
          let model: readonly AnyRow[] = [];
          for (const { changes, isAborted, query: asked } of steps) {
            await apply(store(), changes, isAborted);
            if (!isAborted) model = changes.reduce(changed, model);
            expect(await rows(store(), "entries", asked)).toEqual(select(model, asked));
            const { limit: _limit, reverse: _reverse, ...bounds } = asked;
            expect(await store().read(["entries"], (tx) => tx.count("entries", asked))).toBe(
              select(model, bounds).length,
            );
          }
          expect(await rows(store(), "entries")).toEqual(model);
        }),
        { numRuns: RUNS },
      );
    });
  });
}

async function apply(store: AnyStore, changes: readonly Change[], isAborted: boolean): Promise<void> {
  const abort = new Error("aborted on purpose");
  const write = store.write(["entries"], "relaxed", async (tx) => {
    for (const one of changes) {
      if (one.kind === "put") tx.put("entries", one.key, one.value);
      else if (one.kind === "delete") tx.delete("entries", one.key);
      else tx.deleteRange("entries", one.query);
    }
    if (isAborted) throw abort;
  });
  if (isAborted) await expect(write).rejects.toBe(abort);
  else await write;
}

function changed(model: readonly AnyRow[], one: Change): readonly AnyRow[] {
  if (one.kind === "deleteRange") {
    const gone = new Set(select(model, one.query));
    return model.filter((row) => !gone.has(row));
  }
  const others = model.filter((row) => compare(row.key, one.key) !== 0);
  if (one.kind === "delete") return others;
  return [...others, { key: one.key, value: one.value }].toSorted((a, b) => compare(a.key, b.key));
}

function select(model: readonly AnyRow[], asked: RangeQuery): readonly AnyRow[] {
  const { prefix = [], from, to, limit = Infinity, reverse = false } = asked;
  const inside = model.filter(
    (row) =>
      row.key.length >= prefix.length &&
      compare(row.key.slice(0, prefix.length), prefix) === 0 &&
      (from === undefined || compare(row.key, from) >= 0) &&
      (to === undefined || compare(row.key, to) < 0),
  );
  return (reverse ? inside.toReversed() : inside).slice(0, limit);
}

function compare(a: Key, b: Key): number {
  for (const [index, left] of a.entries()) {
    const right = b[index];
    if (right === undefined) return 1;
    if (left === right) continue;
    if (typeof left !== typeof right) return typeof left === "number" ? -1 : 1;
    return left < right ? -1 : 1;
  }
  return a.length - b.length;
}
