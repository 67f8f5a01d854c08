/** What is kept in memory of the store, read from it: at a start, and once a backup was restored into it. */
import type { CoreContext } from "./core-context.ts";
import { withMembers } from "./group-intake.ts";

export async function loadKnown({ directory, keys, memberships, receipts, store }: CoreContext): Promise<void> {
  // The rest asks the directory who is who; of each other they know nothing.
  await directory.load(store);
  await Promise.all([memberships.load(store), receipts.load(store), keys.load(store)]);
  // Rows of an earlier version may lack a change that was made beside another one: the operations decide.
  for (const [id, row] of directory.conversations) {
    const state = memberships.of(id);
    if (state !== undefined) directory.conversations.set(id, withMembers(row, state));
  }
}
