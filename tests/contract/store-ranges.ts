/** The order of keys and the ranges over them. */
import { describe, expect, it } from "vitest";
import type { Key } from "../../src/core/store/store.ts";
import { keys, put, rows, type AnyStore } from "./any-rows.ts";
import type { StoreOfTest } from "./store-contract.ts";

/** In their order. */
const KEYS: readonly Key[] = [
  [],
  [-1],
  [2],
  [10],
  [10, "x"],
  [""],
  ["", 0],
  ["Z"],
  ["a"],
  ["a", -3],
  ["a", 0.5],
  ["a", 2],
  ["a", 10],
  ["a", 10, "deep"],
  ["a", ""],
  ["a", "1"],
  ["a", "b"],
  ["a", "b", 7],
  ["ab"],
  ["b"],
  ["\u{FFFD}"],
  ["\u{FFFF}", "last"],
];

const MANY_ROWS = 10_000;
const MANY_ROWS_LIMIT_MS = 3_000;

export function rangesContract(store: StoreOfTest): void {
  describe("ranges", () => {
    it("orders keys element by element, numbers before strings, a prefix first", async () => {
      await putShuffled(store());
      expect(await keys(store(), "entries")).toEqual(KEYS);
      expect(await keys(store(), "entries", { reverse: true })).toEqual(KEYS.toReversed());
    });

    it("takes a prefix: exactly the keys that begin with these parts", async () => {
      await putShuffled(store());
      for (const prefix of KEYS) {
        const expected = KEYS.filter((key) => prefix.every((part, index) => key[index] === part));
        expect(await keys(store(), "entries", { prefix }), JSON.stringify(prefix)).toEqual(expected);
      }
      expect(await keys(store(), "entries", { prefix: ["absent"] })).toEqual([]);
    });

    it("includes `from` and excludes `to`, forwards and backwards", async () => {
      await putShuffled(store());
      const query = { from: ["a", 2], to: ["b"] };
      const expected = KEYS.slice(
        KEYS.findIndex((key) => key[1] === 2),
        KEYS.findIndex((key) => key[0] === "b"),
      );
      expect(await keys(store(), "entries", query)).toEqual(expected);
      expect(await keys(store(), "entries", { ...query, reverse: true })).toEqual(expected.toReversed());
    });

    it("keeps `from` and `to` within the prefix", async () => {
      await putShuffled(store());
      expect(await keys(store(), "entries", { prefix: ["a"], from: ["a", 2], to: ["a", "1"] })).toEqual([
        ["a", 2],
        ["a", 10],
        ["a", 10, "deep"],
        ["a", ""],
      ]);
      expect(await keys(store(), "entries", { prefix: ["a", "b"], from: [1], to: ["z"] })).toEqual([
        ["a", "b"],
        ["a", "b", 7],
      ]);
    });

    it("finds nothing in a range that is empty or the wrong way round", async () => {
      await putShuffled(store());
      expect(await keys(store(), "entries", { from: ["b"], to: ["a"] })).toEqual([]);
      expect(await keys(store(), "entries", { from: ["a"], to: ["a"] })).toEqual([]);
      expect(await keys(store(), "entries", { prefix: ["a"], from: ["b"], reverse: true, limit: 3 })).toEqual([]);
    });

    it("limits from the start, and from the end when reversed", async () => {
      await putShuffled(store());
      expect(await keys(store(), "entries", { limit: 3 })).toEqual(KEYS.slice(0, 3));
      expect(await keys(store(), "entries", { limit: 3, reverse: true })).toEqual(KEYS.toReversed().slice(0, 3));
      expect(await keys(store(), "entries", { prefix: ["a"], limit: 2, reverse: true })).toEqual([
        ["a", "b", 7],
        ["a", "b"],
      ]);
      expect(await keys(store(), "entries", { limit: 0 })).toEqual([]);
      expect(await keys(store(), "entries", { limit: 1_000 })).toEqual(KEYS);
    });

    it("gives each key its own value", async () => {
      await putShuffled(store());
      for (const reverse of [false, true]) {
        for (const row of await rows(store(), "entries", { reverse, limit: 100 }))
          expect(row.value).toEqual(labelOf(row.key));
      }
    });

    it("counts a range", async () => {
      await putShuffled(store());
      const counts = await store().read(["entries"], async (tx) => [
        await tx.count("entries", {}),
        await tx.count("entries", { prefix: ["a"] }),
        await tx.count("entries", { from: ["a", 2], to: ["a", 10] }),
        await tx.count("entries", { from: ["b"], to: ["a"] }),
      ]);
      expect(counts).toEqual([KEYS.length, 10, 1, 0]);
    });

    it("deletes a range and nothing else", async () => {
      await putShuffled(store());
      await store().write(["entries"], "strict", async (tx) => {
        tx.deleteRange("entries", { prefix: ["a"] });
        tx.deleteRange("entries", { to: [2] });
        tx.deleteRange("entries", { from: ["b"], to: ["a"] });
      });
      expect(await keys(store(), "entries")).toEqual(KEYS.slice(2).filter((key) => key[0] !== "a"));
      await store().write(["entries"], "strict", async (tx) => tx.deleteRange("entries", {}));
      expect(await keys(store(), "entries")).toEqual([]);
    });

    it("reads ten thousand rows quickly, and the last of them without reading all", async () => {
      const many = Array.from(
        { length: MANY_ROWS },
        (_, index) => [["c", index], { text: "x".repeat(200), index }] as const,
      );
      await put(store(), "timeline", many);
      const start = performance.now();
      const all = await rows(store(), "timeline", { prefix: ["c"] });
      const last = await rows(store(), "timeline", { prefix: ["c"], limit: 2, reverse: true });
      expect(performance.now() - start).toBeLessThan(MANY_ROWS_LIMIT_MS);
      expect(all.length).toBe(MANY_ROWS);
      expect(last.map((row) => row.key)).toEqual([
        ["c", MANY_ROWS - 1],
        ["c", MANY_ROWS - 2],
      ]);
    });
  });
}

function labelOf(key: Key): string {
  return JSON.stringify(key);
}

/** In an order that has nothing to do with the keys'. */
async function putShuffled(store: AnyStore): Promise<void> {
  const stride = 7;
  const shuffled = KEYS.map((_, index) => KEYS[(index * stride) % KEYS.length] ?? []);
  await put(
    store,
    "entries",
    shuffled.map((key) => [key, labelOf(key)]),
  );
}
