/** The contacts of a profile, and how many of them are shown under one name: every row of the list asks for it. */
import type { AccountId } from "../codec/ids.ts";
import type { ContactRow } from "../store/tables.ts";
import { shownAs } from "./shown-names.ts";

export class ContactMap extends Map<AccountId, ContactRow> {
  readonly #countByLook = new Map<string, number>();

  override set(account: AccountId, contact: ContactRow): this {
    this.#count(this.get(account), -1);
    this.#count(contact, 1);
    return super.set(account, contact);
  }

  override delete(account: AccountId): boolean {
    this.#count(this.get(account), -1);
    return super.delete(account);
  }

  override clear(): void {
    this.#countByLook.clear();
    super.clear();
  }

  /** Whether another one's name looks the same. */
  isNameShared(contact: ContactRow): boolean {
    return (this.#countByLook.get(shownAs(contact).look) ?? 0) > 1;
  }

  #count(contact: ContactRow | undefined, change: 1 | -1): void {
    if (contact === undefined) return;
    const { look } = shownAs(contact);
    const count = (this.#countByLook.get(look) ?? 0) + change;
    if (count === 0) this.#countByLook.delete(look);
    else this.#countByLook.set(look, count);
  }
}
