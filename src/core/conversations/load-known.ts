/** What is kept in memory of the store, read from it: at a start, and once a backup was restored into it. */
import type { CoreContext } from "./core-context.ts";
import { withMembers } from "./group-intake.ts";

export async function loadKnown({ directory, keys, memberships, receipts, store }: CoreContext): Promise<void> {
  await directory.load(store);
  await memberships.load(store);
  // Rows of an earlier version may lack a change that was made beside another one: the operations decide.
  for (const [id, row] of directory.conversations) {
    const state = memberships.of(id);
    if (state !== undefined) directory.conversations.set(id, withMembers(row, state));
  }
  await receipts.load(store);
  await keys.load(store);
}
