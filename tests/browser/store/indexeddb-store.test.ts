import { deleteDB } from "idb";
import { describe, expect, it } from "vitest";
import { openIndexedDbStore } from "../../../src/adapters/indexeddb/indexeddb-store.ts";
import { randomKey } from "../../../src/core/crypto/at-rest.ts";
import type { RawTables } from "../../../src/core/store/raw-tables.ts";
import { StoreFailedError, type Store } from "../../../src/core/store/store.ts";
import { RowSealer } from "../../../src/core/vault/row-sealer.ts";
import { createVaultStore } from "../../../src/core/vault/vault-store.ts";
import { keys, withAnyRows, type TypedStore } from "../../contract/any-rows.ts";
import { runStoreContract } from "../../contract/store-contract.ts";
import { NUMBERED_LAYOUTS } from "../../support/vault-layouts.ts";

const names = new WeakMap<TypedStore, string>();
let opened = 0;

async function open(): Promise<Store<RawTables>> {
  opened += 1;
  const name = `contract-${opened}`;
  const store = await openIndexedDbStore({ name });
  names.set(store, name);
  return store;
}

async function dispose(store: TypedStore): Promise<void> {
  store.close();
  const name = names.get(store);
  if (name !== undefined) await deleteDB(name);
}

runStoreContract("the IndexedDB store", { open, dispose });

runStoreContract("the vault over the IndexedDB store", {
  async open() {
    const raw = await open();
    const sealers = { current: new RowSealer(2, randomKey()), previous: new RowSealer(1, randomKey()) };
    const store = createVaultStore(raw, sealers, NUMBERED_LAYOUTS);
    names.set(store, names.get(raw) ?? "");
    return store;
  },
  dispose,
});

describe("in a browser without getAllRecords", () => {
  const original = Object.getOwnPropertyDescriptor(IDBObjectStore.prototype, "getAllRecords");
  runStoreContract("the IndexedDB store", {
    async open() {
      Reflect.deleteProperty(IDBObjectStore.prototype, "getAllRecords");
      return await open();
    },
    async dispose(store) {
      if (original !== undefined) Object.defineProperty(IDBObjectStore.prototype, "getAllRecords", original);
      await dispose(store);
    },
  });
});

describe("the IndexedDB store", () => {
  it("keeps its rows over closing and opening", async () => {
    const first = withAnyRows(await openIndexedDbStore({ name: "reopened" }));
    await first.write(["entries"], "strict", async (tx) => tx.put("entries", ["a"], 1));
    first.close();
    const second = await openIndexedDbStore({ name: "reopened" });
    expect(await keys(withAnyRows(second), "entries")).toEqual([["a"]]);
    second.close();
    await deleteDB("reopened");
  });

  it("fails a write that asks for more after it waited for something else", async () => {
    const store = withAnyRows(await openIndexedDbStore({ name: "idle" }));
    const write = store.write(["entries"], "strict", async (tx) => {
      await indexedDB.databases();
      tx.put("entries", ["a"], 1);
    });
    await expect(write).rejects.toBeInstanceOf(StoreFailedError);
    expect(await keys(store, "entries")).toEqual([]);
    store.close();
    await deleteDB("idle");
  });
});
