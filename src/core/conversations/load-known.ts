/** What is kept in memory of the store, read from it: at a start, and once a backup was restored into it. */
import type { CoreContext } from "./core-context.ts";

export async function loadKnown({ directory, keys, memberships, receipts, store }: CoreContext): Promise<void> {
  await directory.load(store);
  await memberships.load(store);
  await receipts.load(store);
  await keys.load(store);
}
