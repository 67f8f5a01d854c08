/** What happens at the end of a store. */
import { describe, expect, it } from "vitest";
import { StoreClosedError } from "../../src/core/store/store.ts";
import { get, put } from "./any-rows.ts";
import type { StoreOfTest } from "./store-contract.ts";

export function closingContract(store: StoreOfTest): void {
  describe("closing", () => {
    it("rejects reads and writes after it was closed", async () => {
      await put(store(), "entries", [[["a"], 1]]);
      store().close();
      await expect(get(store(), "entries", ["a"])).rejects.toBeInstanceOf(StoreClosedError);
      await expect(put(store(), "entries", [[["a"], 2]])).rejects.toBeInstanceOf(StoreClosedError);
    });

    it("can be closed twice", () => {
      store().close();
      expect(() => store().close()).not.toThrow();
    });

    it("lets a write that was asked for before come to its end", async () => {
      const write = store().write(["entries"], "strict", async (tx) => {
        tx.put("entries", ["a"], 1);
        await tx.get("entries", ["a"]);
        tx.put("entries", ["b"], 2);
        return "done";
      });
      store().close();
      expect(await write).toBe("done");
    });
  });
}
