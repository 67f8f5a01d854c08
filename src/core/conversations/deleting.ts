/**
 * Deleting a conversation here: everything in it, and the contact. Writes that were asked for before end before; those asked for later
 * find nothing in the directory and are not begun, because it forgets the contact at the moment the deletion takes its turn.
 */
import type { AccountId, ThreadId } from "../codec/ids.ts";
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
] as const;

const TABLES = [
  "contacts",
  "devices",
  "openings",
  "invites",
  "conversations",
  "threads",
  "timeline",
  "outbox",
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
  const deleting = core.store.write(TABLES, "strict", async (tx) => {
    tx.delete("contacts", [account]);
    tx.delete("devices", [account]);
    tx.delete("openings", [account]);
    tx.delete("threads", [thread]);
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
  for (const id of conversations) {
    receipts.forget(id);
    core.keys.forget(id);
  }
  return true;
}
