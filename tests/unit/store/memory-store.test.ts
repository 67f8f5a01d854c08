import { describe, expect, it } from "vitest";
import { createMemoryStore } from "../../../src/adapters/memory/memory-store.ts";
import { StoreFailedError, StoreFullError } from "../../../src/core/store/store.ts";
import { get, keys, put, withAnyRows } from "../../contract/any-rows.ts";
import { runStoreContract } from "../../contract/store-contract.ts";

runStoreContract("the memory store", {
  open: async () => createMemoryStore(),
  dispose: async (store) => store.close(),
});

describe("the memory store", () => {
  it("goes back to a snapshot, and opens another store from one", async () => {
    const store = createMemoryStore();
    const rows = withAnyRows(store);
    await put(rows, "entries", [[["a"], 1]]);
    const snapshot = store.snapshot();
    await put(rows, "entries", [
      [["a"], 2],
      [["b"], 3],
    ]);
    const twin = withAnyRows(createMemoryStore({ snapshot }));
    store.close();
    store.restore(snapshot);
    for (const one of [rows, twin]) {
      expect(await keys(one, "entries")).toEqual([["a"]]);
      expect(await get(one, "entries", ["a"])).toBe(1);
    }
  });

  it("keeps strict commits through a crash and loses the relaxed ones after them", async () => {
    const store = createMemoryStore();
    const rows = withAnyRows(store);
    await put(rows, "entries", [[["relaxed", 1], 1]]);
    await rows.write(["timeline"], "strict", async (tx) => tx.put("timeline", ["strict"], 2));
    await put(rows, "entries", [[["relaxed", 2], 3]]);
    const after = withAnyRows(createMemoryStore({ snapshot: store.crashSnapshot() }));
    expect(await keys(after, "entries")).toEqual([["relaxed", 1]]);
    expect(await keys(after, "timeline")).toEqual([["strict"]]);
  });

  it("fails exactly the next commit when told to", async () => {
    const store = createMemoryStore();
    const rows = withAnyRows(store);
    store.failNextCommit(new StoreFailedError("the disk is gone"));
    await expect(put(rows, "entries", [[["a"], 1]])).rejects.toThrow("the disk is gone");
    expect(await keys(rows, "entries")).toEqual([]);
    await put(rows, "entries", [[["a"], 1]]);
    expect(await keys(rows, "entries")).toEqual([["a"]]);
  });

  it("is full at its quota, still takes what makes it smaller, and has room again after that", async () => {
    const store = createMemoryStore({ quotaBytes: 1_000 });
    const rows = withAnyRows(store);
    await put(rows, "entries", [[["a"], new Uint8Array(900)]]);
    await expect(put(rows, "entries", [[["b"], new Uint8Array(200)]])).rejects.toBeInstanceOf(StoreFullError);
    expect(await keys(rows, "entries")).toEqual([["a"]]);
    await rows.write(["entries"], "strict", async (tx) => tx.delete("entries", ["a"]));
    await put(rows, "entries", [[["b"], new Uint8Array(200)]]);
    expect(await keys(rows, "entries")).toEqual([["b"]]);
  });

  it("fails a transaction that waits for anything else", async () => {
    const rows = withAnyRows(createMemoryStore());
    const write = rows.write(["entries"], "strict", async (tx) => {
      tx.put("entries", ["a"], 1);
      await new Promise(() => undefined);
    });
    await expect(write).rejects.toBeInstanceOf(StoreFailedError);
    expect(await keys(rows, "entries")).toEqual([]);
  });
});
