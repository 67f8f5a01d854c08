/** How much a person's memory store holds. */
import { sizeOfValue } from "../../src/adapters/memory/value-size.ts";
import { KEY_LAYOUTS, type SealedTable } from "../../src/core/vault/key-layout.ts";
import type { CorePerson } from "./core-world.ts";

/** Bytes of all rows with their keys, about: what IndexedDB and the vault add is not in it. */
export async function storedBytes({ store }: CorePerson): Promise<number> {
  let sum = 0;
  for (const table of Object.keys(KEY_LAYOUTS) as SealedTable[]) {
    const rows = await store.read([table], (tx) => tx.range(table, {}));
    for (const { key, value } of rows) sum += sizeOfValue(key) + sizeOfValue(value);
  }
  return sum;
}
