import { beforeEach, expect, test, vi } from "vitest";
import type { AccountId } from "../../../../src/core/codec/ids.ts";
import { ContactMap } from "../../../../src/core/conversations/contact-map.ts";
import type { ContactRow } from "../../../../src/core/store/tables.ts";

let contacts: ContactMap;

beforeEach(() => {
  contacts = new ContactMap();
});

function put(account: string, name: string, privateName = ""): ContactRow {
  const row: ContactRow = {
    account: account as AccountId,
    name,
    privateName,
    isConfirmed: true,
    profileNumber: 1,
    relays: [],
    createdAt: 0,
  };
  contacts.set(row.account, row);
  return row;
}

test("two whose names look the same share one, and one who is alone with a name does not", () => {
  const [bob, other, carol] = [put("01", "Bob"), put("02", "bob "), put("03", "Carol")];
  expect([bob, other, carol].map((contact) => contacts.isNameShared(contact))).toEqual([true, true, false]);
});

test("a contact who is renamed, deleted or put again shares with nobody more than there are", () => {
  const bob = put("01", "Bob");
  put("02", "Bob");
  put("02", "Bob", "Robert");
  expect(contacts.isNameShared(bob)).toBe(false);
  put("02", "Bob");
  expect(contacts.isNameShared(bob)).toBe(true);
  put("01", "Bob");
  expect(contacts.delete("02" as AccountId)).toBe(true);
  expect(contacts.delete("02" as AccountId)).toBe(false);
  expect(contacts.isNameShared(bob)).toBe(false);
  put("02", "Bob");
  contacts.clear();
  expect(contacts.isNameShared(put("01", "Bob"))).toBe(false);
});

test("no row of the list is held against all others", () => {
  const all = Array.from({ length: 100 }, (_, index) => put(`${index}`, `Somebody ${index % 99}`));
  const looks = vi.spyOn(contacts, "values");
  expect(all.filter((contact) => contacts.isNameShared(contact))).toHaveLength(2);
  expect(looks).not.toHaveBeenCalled();
});
