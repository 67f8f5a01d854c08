/** Names as they are shown: safe, and never empty for somebody else. */
import type { AccountId } from "../codec/ids.ts";
import type { ContactRow } from "../store/tables.ts";
import type { CoreContext } from "./core-context.ts";
import { lookOf, NAMELESS, safeName } from "./names.ts";

/** Of acquaintances there is no private name. */
type Named = Pick<ContactRow, "name"> & Partial<Pick<ContactRow, "privateName">>;

/** Rows are replaced, never changed, and every row of the list is held against every name: what a row shows is found out once. */
const shownByRow = new WeakMap<Named, { readonly name: string; readonly look: string }>();

export function shownName(contact: Named): string {
  return shownAs(contact).name;
}

export function shownAs(contact: Named): { readonly name: string; readonly look: string } {
  let shown = shownByRow.get(contact);
  if (shown === undefined) {
    const name = safeName(contact.privateName ?? "") || safeName(contact.name) || NAMELESS;
    shownByRow.set(contact, (shown = { name, look: lookOf(name) }));
  }
  return shown;
}

/** "" for oneself. */
export function shownNameOf({ directory }: Pick<CoreContext, "directory">, account: AccountId): string {
  if (account === directory.identity?.account) return "";
  const known = directory.contacts.get(account) ?? directory.acquaintances.get(account);
  return known === undefined ? NAMELESS : shownName(known);
}
