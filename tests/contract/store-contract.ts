/** What every adapter of the store port must do; the port's own comment in words, here in tests. */
import { afterEach, beforeEach, describe } from "vitest";
import { withAnyRows, type AnyStore, type TypedStore } from "./any-rows.ts";
import { closingContract } from "./store-closing.ts";
import { modelContract } from "./store-model.ts";
import { rangesContract } from "./store-ranges.ts";
import { transactionsContract } from "./store-transactions.ts";

export interface StoreFactory {
  /** An empty store of its own. */
  open(): Promise<TypedStore>;
  /** Called after each test with what `open` gave. */
  dispose(store: TypedStore): Promise<void>;
}

/** Gives the store of the running test. */
export type StoreOfTest = () => AnyStore;

export function runStoreContract(name: string, factory: StoreFactory): void {
  describe(`${name} keeps the store contract`, () => {
    let store: TypedStore | undefined;
    beforeEach(async () => {
      store = await factory.open();
    });
    afterEach(async () => {
      if (store !== undefined) await factory.dispose(store);
      store = undefined;
    });
    const storeOfTest: StoreOfTest = () => {
      if (store === undefined) throw new Error("The store is there only inside a test");
      return withAnyRows(store);
    };
    transactionsContract(storeOfTest);
    rangesContract(storeOfTest);
    closingContract(storeOfTest);
    modelContract(storeOfTest);
  });
}
