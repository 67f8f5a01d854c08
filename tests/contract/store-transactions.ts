/** Atomicity, isolation and the order of writes. */
import { describe, expect, it } from "vitest";
import { StoreFailedError } from "../../src/core/store/store.ts";
import { get, keys, put } from "./any-rows.ts";
import type { StoreOfTest } from "./store-contract.ts";

const BIG_ROW_BYTES = 2 * 1024 * 1024;

export function transactionsContract(store: StoreOfTest): void {
  describe("transactions", () => {
    it("gives back what was put, and nothing for an unknown key", async () => {
      await put(store(), "entries", [[["a", 1], { text: "hello", bytes: new Uint8Array([1, 2, 3]) }]]);
      expect(await get(store(), "entries", ["a", 1])).toEqual({ text: "hello", bytes: new Uint8Array([1, 2, 3]) });
      expect(await get(store(), "entries", ["a", 2])).toBeUndefined();
      expect(await get(store(), "timeline", ["a", 1])).toBeUndefined();
    });

    it("replaces the row of a key", async () => {
      await put(store(), "entries", [[["a"], "old"]]);
      await put(store(), "entries", [[["a"], "new"]]);
      expect(await get(store(), "entries", ["a"])).toBe("new");
      expect(await keys(store(), "entries")).toEqual([["a"]]);
    });

    it("keeps a copy: later changes of a value, put or read, do not reach the store", async () => {
      const value = { list: [1] };
      await store().write(["entries"], "relaxed", async (tx) => {
        tx.put("entries", ["a"], value);
        value.list.push(2);
      });
      const [row] = await store().read(["entries"], (tx) => tx.range("entries", {}));
      expect(row?.value).toEqual({ list: [1] });
      Object.assign(Object(row?.value), { list: [] });
      expect(await get(store(), "entries", ["a"])).toEqual({ list: [1] });
    });

    it("resolves with what the work resolved with", async () => {
      expect(await store().write(["entries"], "strict", async () => 42)).toBe(42);
      expect(await store().read(["entries"], async () => "read")).toBe("read");
    });

    it("shows a transaction its own changes", async () => {
      await put(store(), "entries", [
        [["a"], 1],
        [["b"], 2],
      ]);
      const seen = await store().write(["entries"], "strict", async (tx) => {
        tx.put("entries", ["c"], 3);
        tx.delete("entries", ["a"]);
        return [await tx.get("entries", ["a"]), await tx.get("entries", ["c"]), await tx.count("entries", {})];
      });
      expect(seen).toEqual([undefined, 3, 2]);
    });

    it.each(["strict", "relaxed"] as const)("commits all tables of a %s write together", async (durability) => {
      await store().write(["entries", "timeline"], durability, async (tx) => {
        tx.put("entries", ["a"], 1);
        await tx.get("entries", ["a"]);
        tx.put("timeline", ["b"], 2);
      });
      expect(await get(store(), "entries", ["a"])).toBe(1);
      expect(await get(store(), "timeline", ["b"])).toBe(2);
    });

    it("rolls everything back when the work throws, and rejects with that error", async () => {
      await put(store(), "entries", [[["kept"], 1]]);
      const mistake = new Error("changed my mind");
      const write = store().write(["entries", "timeline"], "strict", async (tx) => {
        tx.put("entries", ["a"], 1);
        tx.put("timeline", ["a"], 1);
        tx.deleteRange("entries", { prefix: ["kept"] });
        await tx.get("entries", ["a"]);
        throw mistake;
      });
      await expect(write).rejects.toBe(mistake);
      expect(await keys(store(), "entries")).toEqual([["kept"]]);
      expect(await keys(store(), "timeline")).toEqual([]);
    });

    it("rolls back when the work throws before it awaited anything", async () => {
      const mistake = new Error("at once");
      const write = store().write(["entries"], "strict", (tx) => {
        tx.put("entries", ["a"], 1);
        throw mistake;
      });
      await expect(write).rejects.toBe(mistake);
      expect(await keys(store(), "entries")).toEqual([]);
    });

    it("rejects with the work's error when a read throws", async () => {
      const mistake = new Error("nothing to see");
      const read = store().read(["entries"], async (tx) => {
        await tx.get("entries", ["a"]);
        throw mistake;
      });
      await expect(read).rejects.toBe(mistake);
    });

    it("fails as a whole when one value cannot be stored", async () => {
      const write = store().write(["entries"], "strict", async (tx) => {
        tx.put("entries", ["a"], 1);
        tx.put("entries", ["b"], () => "functions cannot be cloned");
        tx.put("entries", ["c"], 3);
      });
      await expect(write).rejects.toBeInstanceOf(StoreFailedError);
      expect(await keys(store(), "entries")).toEqual([]);
    });

    it("fails as a whole when one key cannot be ordered", async () => {
      const write = store().write(["entries"], "strict", async (tx) => {
        tx.put("entries", ["a"], 1);
        tx.put("entries", [Number.NaN], 2);
      });
      await expect(write).rejects.toBeInstanceOf(StoreFailedError);
      expect(await keys(store(), "entries")).toEqual([]);
    });

    it("fails when the work catches a failed request and goes on", async () => {
      const write = store().write(["entries"], "strict", async (tx) => {
        tx.put("entries", ["a"], 1);
        tx.put("entries", [Number.NaN], 2);
        await tx.get("entries", ["a"]).catch(() => undefined);
      });
      await expect(write).rejects.toBeInstanceOf(StoreFailedError);
      expect(await keys(store(), "entries")).toEqual([]);
    });

    it("refuses a table that the transaction did not name", async () => {
      const read = store().read(["entries"], (tx) => tx.get("timeline", ["a"]));
      await expect(read).rejects.toBeInstanceOf(StoreFailedError);
      const write = store().write(["entries"], "strict", async (tx) => tx.put("timeline", ["a"], 1));
      await expect(write).rejects.toBeInstanceOf(StoreFailedError);
      expect(await keys(store(), "timeline")).toEqual([]);
    });

    it("runs writes over a common table one after the other, in the order of the calls", async () => {
      const order: string[] = [];
      const increments = Array.from({ length: 20 }, (_, index) =>
        store().write(
          index % 2 === 0 ? ["entries", "timeline"] : ["entries"],
          index % 3 === 0 ? "strict" : "relaxed",
          async (tx) => {
            order.push(`start ${index}`);
            const count = Number((await tx.get("entries", ["count"])) ?? 0);
            await tx.get("entries", ["something else"]);
            tx.put("entries", ["count"], count + 1);
            order.push(`end ${index}`);
          },
        ),
      );
      await Promise.all(increments);
      expect(await get(store(), "entries", ["count"])).toBe(20);
      expect(order).toEqual(Array.from({ length: 20 }, (_, index) => [`start ${index}`, `end ${index}`]).flat());
    });

    it("lets the next write run after one that failed", async () => {
      const failing = store().write(["entries"], "strict", async () => {
        throw new Error("failed");
      });
      const next = put(store(), "entries", [[["a"], 1]]);
      await expect(failing).rejects.toThrow("failed");
      await next;
      expect(await get(store(), "entries", ["a"])).toBe(1);
    });

    it("reads one consistent snapshot while others write", async () => {
      await put(store(), "entries", [
        [["a"], 0],
        [["b"], 0],
      ]);
      const work: Promise<unknown>[] = [];
      const sums: Promise<readonly unknown[]>[] = [];
      for (let round = 1; round <= 10; round += 1) {
        work.push(
          put(store(), "entries", [
            [["a"], round],
            [["b"], round],
          ]),
        );
        sums.push(
          store().read(["entries"], async (tx) => [await tx.get("entries", ["a"]), await tx.get("entries", ["b"])]),
        );
      }
      await Promise.all(work);
      for (const [a, b] of await Promise.all(sums)) expect(a).toBe(b);
    });

    it("shows a read everything that was written before it was asked for", async () => {
      const write = put(store(), "entries", [[["a"], "written"]]);
      const read = get(store(), "entries", ["a"]);
      expect(await read).toBe("written");
      await write;
    });

    it("stores big rows", async () => {
      const bytes = new Uint8Array(BIG_ROW_BYTES).fill(7);
      await put(store(), "entries", [[["big"], { bytes }]]);
      const row = await get(store(), "entries", ["big"]);
      expect(row).toHaveProperty("bytes.byteLength", BIG_ROW_BYTES);
      expect(row).toHaveProperty(`bytes.${BIG_ROW_BYTES - 1}`, 7);
    });
  });
}
