import { deleteDB } from "idb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openIndexedDbStore } from "../../../src/adapters/indexeddb/indexeddb-store.ts";
import { MIGRATIONS, type Migration } from "../../../src/adapters/indexeddb/schema.ts";
import { StoreClosedError, StoreFailedError, type Store as StoreOf } from "../../../src/core/store/store.ts";
import { COURIER_TABLE_NAMES } from "../../../src/core/store/courier-tables.ts";
import { RAW_TABLE_NAMES, type RawTables } from "../../../src/core/store/raw-tables.ts";
import { keys, put, rows, withAnyRows } from "../../contract/any-rows.ts";

type Store = StoreOf<RawTables>;

const NAME = "migrated";
/** Those the tests over any rows may use. */
const TRIED_TABLES = ["entries", "timeline"] as const;
const SHORT_TIMEOUT_MS = 300;

/** A second version: marks every entry. */
const markEntries: Migration = async (_database, transaction) => {
  const entries = transaction.objectStore("entries");
  let cursor = await entries.openCursor();
  while (cursor !== null) {
    await cursor.update(Object.assign({}, cursor.value, { marked: true }));
    cursor = await cursor.continue();
  }
};

async function openOld(onClosed?: (reason: string) => void): Promise<Store> {
  return await openIndexedDbStore({ name: NAME, migrations: MIGRATIONS, ...(onClosed && { onClosed }) });
}

async function openNew(further: Migration = markEntries, timeoutMs = 5_000): Promise<Store> {
  return await openIndexedDbStore({ name: NAME, migrations: [...MIGRATIONS, further], timeoutMs });
}

describe("the IndexedDB schema", () => {
  const open: Store[] = [];
  beforeEach(async () => {
    await deleteDB(NAME);
  });
  afterEach(async () => {
    for (const store of open.splice(0)) store.close();
    await deleteDB(NAME);
  });
  const kept = (store: Store): Store => {
    open.push(store);
    return store;
  };

  async function writeOldRows(): Promise<void> {
    const old = await openOld();
    await put(withAnyRows(old), "entries", [
      [["c", 1], { text: "one" }],
      [["c", 2], { text: "two" }],
    ]);
    await put(withAnyRows(old), "timeline", [[["t"], { text: "shown" }]]);
    old.close();
  }

  it("has every table in its newest version", async () => {
    const store = kept(await openOld());
    for (const table of RAW_TABLE_NAMES) expect(await store.read([table], (tx) => tx.count(table, {})), table).toBe(0);
  });

  it("gains the settings in its second version and keeps everything of the first", async () => {
    const first = await openIndexedDbStore({ name: NAME, migrations: MIGRATIONS.slice(0, 1) });
    for (const table of TRIED_TABLES) await put(withAnyRows(first), table, [[["a"], { of: table }]]);
    await expect(first.read(["settings"], (tx) => tx.count("settings", {}))).rejects.toBeInstanceOf(StoreFailedError);
    first.close();
    const second = kept(await openIndexedDbStore({ name: NAME, migrations: MIGRATIONS.slice(0, 2) }));
    for (const table of TRIED_TABLES) {
      expect(await rows(withAnyRows(second), table)).toEqual([{ key: ["a"], value: { of: table } }]);
    }
    await second.write(["settings"], "strict", async (tx) => tx.put("settings", ["notifies"], Uint8Array.of(1)));
    expect(await second.read(["settings"], (tx) => tx.get("settings", ["notifies"]))).toEqual(Uint8Array.of(1));
  });

  it("starts empty in its third version, which was the first to seal its rows", async () => {
    const clear = await openIndexedDbStore({ name: NAME, migrations: MIGRATIONS.slice(0, 2) });
    for (const table of TRIED_TABLES) await put(withAnyRows(clear), table, [[["a"], { text: "in clear" }]]);
    clear.close();
    const sealed = kept(await openIndexedDbStore({ name: NAME, migrations: MIGRATIONS.slice(0, 3) }));
    for (const table of TRIED_TABLES) expect(await rows(withAnyRows(sealed), table)).toEqual([]);
  });

  it("gains blocked accounts and requests in its fourth version and keeps everything of the third", async () => {
    const third = await openIndexedDbStore({ name: NAME, migrations: MIGRATIONS.slice(0, 3) });
    for (const table of TRIED_TABLES) await put(withAnyRows(third), table, [[["a"], { of: table }]]);
    await expect(third.read(["blocked"], (tx) => tx.count("blocked", {}))).rejects.toBeInstanceOf(StoreFailedError);
    third.close();
    const fourth = kept(await openIndexedDbStore({ name: NAME, migrations: MIGRATIONS.slice(0, 4) }));
    for (const table of TRIED_TABLES) {
      expect(await rows(withAnyRows(fourth), table)).toEqual([{ key: ["a"], value: { of: table } }]);
    }
    for (const table of ["blocked", "requests"] as const) {
      expect(await fourth.read([table], (tx) => tx.count(table, {}))).toBe(0);
    }
  });

  it("gains what couriers need in its sixth version and keeps everything of the fifth", async () => {
    const fifth = await openIndexedDbStore({ name: NAME, migrations: MIGRATIONS.slice(0, 5) });
    for (const table of TRIED_TABLES) await put(withAnyRows(fifth), table, [[["a"], { of: table }]]);
    await expect(fifth.read(["parcels"], (tx) => tx.count("parcels", {}))).rejects.toBeInstanceOf(StoreFailedError);
    fifth.close();
    const sixth = kept(await openIndexedDbStore({ name: NAME, migrations: MIGRATIONS.slice(0, 6) }));
    for (const table of TRIED_TABLES) {
      expect(await rows(withAnyRows(sixth), table)).toEqual([{ key: ["a"], value: { of: table } }]);
    }
    for (const table of COURIER_TABLE_NAMES) expect(await sixth.read([table], (tx) => tx.count(table, {}))).toBe(0);
  });

  it("keeps the rows of an older version when a further migration runs", async () => {
    await writeOldRows();
    const store = withAnyRows(kept(await openNew()));
    expect(await rows(store, "entries")).toEqual([
      { key: ["c", 1], value: { text: "one", marked: true } },
      { key: ["c", 2], value: { text: "two", marked: true } },
    ]);
    expect(await rows(store, "timeline")).toEqual([{ key: ["t"], value: { text: "shown" } }]);
  });

  it("leaves the old version as it was when a migration fails half-way", async () => {
    await writeOldRows();
    const failing: Migration = async (database, transaction) => {
      database.createObjectStore("left over" as never);
      await transaction.objectStore("entries").clear();
      throw new Error("power cut");
    };
    const upgrade = openNew(failing);
    await expect(upgrade).rejects.toBeInstanceOf(StoreFailedError);
    await expect(upgrade).rejects.toMatchObject({ cause: { message: "power cut" } });
    const store = withAnyRows(kept(await openOld()));
    expect(await keys(store, "entries")).toEqual([
      ["c", 1],
      ["c", 2],
    ]);
  });

  it("leaves the old version as it was when a migration throws at once", async () => {
    await writeOldRows();
    await expect(
      openNew(() => {
        throw new Error("at once");
      }),
    ).rejects.toBeInstanceOf(StoreFailedError);
    expect(await keys(withAnyRows(kept(await openOld())), "entries")).toHaveLength(2);
  });

  it("refuses data of a newer Kith in words and does not touch it", async () => {
    await writeOldRows();
    (await openNew()).close();
    const older = openOld();
    await expect(older).rejects.toBeInstanceOf(StoreFailedError);
    await expect(older).rejects.toThrow("newer Kith");
    await expect(older).rejects.toMatchObject({ cause: { name: "VersionError" } });
    expect(await keys(withAnyRows(kept(await openNew())), "entries")).toHaveLength(2);
  });

  it("closes the older connection with a report when a newer version opens", async () => {
    const reasons: string[] = [];
    const old = kept(await openOld((reason) => reasons.push(reason)));
    kept(await openNew());
    expect(reasons).toEqual(["newer-version"]);
    await expect(keys(withAnyRows(old), "entries")).rejects.toBeInstanceOf(StoreClosedError);
  });

  it("closes with a report when the database is deleted", async () => {
    const reasons: string[] = [];
    kept(await openOld((reason) => reasons.push(reason)));
    await deleteDB(NAME);
    expect(reasons).toEqual(["deleted"]);
  });

  it("does not report an own close", async () => {
    const reasons: string[] = [];
    const old = await openOld((reason) => reasons.push(reason));
    old.close();
    kept(await openNew());
    expect(reasons).toEqual([]);
  });

  it("says so when another connection will not give way", async () => {
    const stubborn = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(NAME, 1);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(new Error("could not open"));
    });
    const blocked = openNew(markEntries, SHORT_TIMEOUT_MS);
    await expect(blocked).rejects.toBeInstanceOf(StoreFailedError);
    await expect(blocked).rejects.toThrow("Another tab");
    stubborn.close();
  });
});
