import { expect, test } from "vitest";
import { createRawMemoryStore } from "../../../../src/adapters/memory/memory-store.ts";
import { randomKey } from "../../../../src/core/crypto/at-rest.ts";
import type { RawTables } from "../../../../src/core/store/raw-tables.ts";
import type { Key, WriteTransaction } from "../../../../src/core/store/store.ts";
import { KEY_LAYOUTS } from "../../../../src/core/vault/key-layout.ts";
import { RowSealer } from "../../../../src/core/vault/row-sealer.ts";
import { VaultWriting } from "../../../../src/core/vault/vault-transaction.ts";

const ROWS = 200;
/** About ten milliseconds of sealing. */
const MOST_AT_ONCE = 64;
const CHAIN = { key: new Uint8Array(32), generation: 0 };

test("what a transaction puts is sealed in pieces, also when a range of another table is deleted in between", async () => {
  const raw = createRawMemoryStore();
  const keys = { current: new RowSealer(1, randomKey()), previous: undefined };
  const pieces = [0];
  await raw.write(["outbox", "chains"], "strict", async (tx) => {
    const writing = new VaultWriting(toldOf(tx, pieces), keys, KEY_LAYOUTS);
    writing.put("chains", ["conversation", "device", 1], CHAIN);
    for (let number = 1; number <= ROWS; number += 1) {
      writing.put("outbox", ["thread", number], { id: "", text: "", writtenAt: 0 });
    }
    writing.deleteRange("chains", { prefix: ["conversation", "device"], to: ["conversation", "device", 2] });
    writing.put("chains", ["conversation", "device", 2], CHAIN);
    await writing.finish();
  });
  expect(Math.max(...pieces)).toBeLessThanOrEqual(MOST_AT_ONCE);
  const counts = await raw.read(["outbox", "chains"], async (tx) => [
    await tx.count("outbox", {}),
    await tx.count("chains", {}),
  ]);
  expect(counts).toEqual([ROWS, 1]);
});

/** Counts the rows put between two requests. */
function toldOf(tx: WriteTransaction<RawTables>, pieces: number[]): WriteTransaction<RawTables> {
  return {
    get: async <Name extends keyof RawTables>(table: Name, key: Key) => {
      pieces.push(0);
      return tx.get(table, key);
    },
    range: (table, query) => tx.range(table, query),
    count: (table, query) => tx.count(table, query),
    put: (table, key, value) => {
      pieces.push((pieces.pop() ?? 0) + 1);
      tx.put(table, key, value);
    },
    delete: (table, key) => tx.delete(table, key),
    deleteRange: (table, query) => tx.deleteRange(table, query),
  };
}
