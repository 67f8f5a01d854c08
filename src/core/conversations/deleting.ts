/**
 * Deleting a conversation here: everything in it, and the contact. Writes that were asked for before end before; those asked for later
 * find nothing in the directory and are not begun, because it forgets the contact at the moment the deletion takes its turn.
 */
import type { AccountId, ThreadId } from "../codec/ids.ts";
import type { AcquaintanceRow } from "../store/group-tables.ts";
import type { CoreContext } from "./core-context.ts";
import { contactOf } from "./thread-views.ts";

const OF_CONVERSATION = [
  "logs",
  "entries",
  "clocks",
  "reads",
  "kems",
  "packages",
  "chains",
  "sendings",
  "envelopes",
  "deposits",
] as const;

/** Takes a group off this device. What is known of its members stays where they are met elsewhere. */
export async function deleteGroup(core: CoreContext, thread: ThreadId): Promise<boolean> {
  const { directory, receipts, memberships } = core;
  const row = directory.conversationsOf(thread).find(({ kind }) => kind === "group");
  if (row === undefined) return false;
  const { id } = row;
  directory.removeGroup(row);
  const met = [...row.members, ...(row.former ?? []), ...(row.offeredBy === undefined ? [] : [row.offeredBy])];
  const strangers = met.filter((account) => directory.acquaintances.has(account) && !directory.isCoMember(account));
  try {
    await core.store.write([...TABLES, "operations", "acquaintances"], "strict", async (tx) => {
      tx.delete("threads", [thread]);
      tx.deleteRange("timeline", { prefix: [thread] });
      tx.deleteRange("outbox", { prefix: [thread] });
      tx.delete("conversations", [id]);
      for (const table of [...OF_CONVERSATION, "operations"] as const) tx.deleteRange(table, { prefix: [id] });
      for (const account of strangers) {
        tx.delete("acquaintances", [account]);
        if (!directory.contacts.has(account)) tx.delete("devices", [account]);
      }
    });
  } catch (error) {
    await directory.load(core.store);
    throw error;
  }
  directory.removeGroup(row);
  for (const account of strangers) directory.removeAcquaintance(account);
  receipts.forget(id);
  core.keys.forget(id);
  memberships.forget(id);
  return true;
}

const TABLES = [
  "contacts",
  "devices",
  "openings",
  "invites",
  "conversations",
  "threads",
  "timeline",
  "outbox",
  "cards",
  "parcelReceipts",
  ...OF_CONVERSATION,
] as const;

/** A counted use of an invite that belongs to nobody any more. */
const NOBODY = "" as AccountId;

/** False if there is no such conversation. If it rejects, nothing was deleted. */
export async function deleteConversation(core: CoreContext, thread: ThreadId): Promise<boolean> {
  const { directory, receipts } = core;
  const contact = contactOf(core, thread);
  if (contact === undefined) return false;
  const { account } = contact;
  const conversations = directory.conversationsOf(thread).map(({ id }) => id);
  // Somebody of a common group is no stranger.
  const acquaintance: AcquaintanceRow | undefined = directory.isCoMember(account)
    ? { account, name: contact.name, profileNumber: contact.profileNumber, relays: contact.relays }
    : undefined;
  const deleting = core.store.write([...TABLES, "acquaintances"], "strict", async (tx) => {
    tx.delete("contacts", [account]);
    if (acquaintance === undefined) tx.delete("devices", [account]);
    else tx.put("acquaintances", [account], acquaintance);
    tx.delete("openings", [account]);
    tx.delete("threads", [thread]);
    tx.delete("cards", [account]);
    tx.deleteRange("parcelReceipts", { prefix: [account] });
    tx.deleteRange("timeline", { prefix: [thread] });
    tx.deleteRange("outbox", { prefix: [thread] });
    for (const id of conversations) {
      tx.delete("conversations", [id]);
      for (const table of OF_CONVERSATION) tx.deleteRange(table, { prefix: [id] });
    }
    // An invite that this contact used up does not bring them back: the use stays counted.
    for (const { key, value } of await tx.range("invites", {})) {
      if (!value.usedBy.includes(account)) continue;
      tx.put("invites", key, { ...value, usedBy: value.usedBy.map((user) => (user === account ? NOBODY : user)) });
    }
  });
  directory.removeContact(account);
  try {
    await deleting;
  } catch (error) {
    await directory.load(core.store);
    throw error;
  }
  // Writes that were on their way have put back what they knew.
  directory.removeContact(account);
  if (acquaintance !== undefined) directory.acquaintances.set(account, acquaintance);
  for (const id of conversations) {
    receipts.forget(id);
    core.keys.forget(id);
  }
  return true;
}
