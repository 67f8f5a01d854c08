/** Changes of a contact's row: of what the store has, so that two changes at once both hold. */
import type { AccountId } from "../codec/ids.ts";
import type { Durability } from "../store/store.ts";
import type { ContactRow } from "../store/tables.ts";
import type { CoreContext } from "./core-context.ts";

/** Resolves after the commit. Nothing happens if there is no such contact. */
export async function changeContact(
  core: CoreContext,
  account: AccountId,
  durability: Durability,
  change: (held: ContactRow) => ContactRow,
): Promise<void> {
  const next = await core.store.write(["contacts"], durability, async (tx) => {
    const held = await tx.get("contacts", [account]);
    if (held === undefined) return undefined;
    const row = change(held);
    tx.put("contacts", [account], row);
    return row;
  });
  if (next !== undefined) core.directory.contacts.set(account, next);
}
