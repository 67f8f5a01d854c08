/** Somebody becomes a contact: contact, devices, the conversation they founded and its genesis, all in one transaction. */
import type { ConversationId, ThreadId } from "../codec/ids.ts";
import type { PublishedKem } from "../epochs/key-book.ts";
import { KEM_TABLES, publishKem } from "../epochs/kem.ts";
import { ACCEPT_TABLES, acceptBatch } from "../log/accept.ts";
import type { Entry } from "../log/entry.ts";
import { readLogs } from "../log/log-state.ts";
import type { WriteTransaction } from "../store/store.ts";
import type { ClockRow, ContactRow, ConversationRow, DeviceListRow, ThreadRow } from "../store/tables.ts";
import { type Bundle, deviceListRow } from "./bundle.ts";
import { compareLists, withFork, withNewerList } from "./contact-trust.ts";
import type { CoreContext } from "./core-context.ts";
import { replacingList } from "./former-devices.ts";
import { directThread } from "./directory.ts";
import { putOwnClock } from "./incoming.ts";
import { noteKem } from "./key-exchange.ts";
import { newThread } from "./thread-rows.ts";

/** Two people never need more direct conversations than this: one each way, and some for lost welcomes. */
const MAX_DIRECT_CONVERSATIONS = 8;

export const ADMISSION_TABLES = [
  "contacts",
  "devices",
  "conversations",
  "threads",
  "clocks",
  "requests",
  ...ACCEPT_TABLES,
  ...KEM_TABLES,
] as const;

/** Who comes, and the conversation they founded; everything in it was verified. */
export interface Founding {
  readonly bundle: Bundle;
  readonly conversation: ConversationId;
  readonly genesis: Entry;
}

/** What was stored, to be remembered after the commit. */
interface Admitted {
  readonly thread: ThreadId;
  readonly contact: ContactRow;
  readonly devices: DeviceListRow;
  readonly conversation: ConversationRow;
  readonly threadRow: ThreadRow;
  readonly clock: ClockRow | undefined;
  /** This device's first key for the conversation. */
  readonly kem: PublishedKem | undefined;
}

/** Whether another conversation with this account may be stored. */
export function hasRoom({ directory }: CoreContext, { bundle, conversation }: Founding): boolean {
  if (directory.conversations.has(conversation)) return true;
  return directory.conversationsOf(directThread(bundle.account)).length < MAX_DIRECT_CONVERSATIONS;
}

/** Call `rememberAdmitted` with the outcome after the commit. */
export async function putAdmitted(
  core: CoreContext,
  tx: WriteTransaction,
  { bundle, conversation: id, genesis }: Founding,
  relays: readonly string[],
): Promise<Admitted> {
  const now = core.clock.now();
  const { account } = bundle;
  const thread = directThread(account);
  const members = [account, core.directory.self.account];
  const conversation: ConversationRow = { id, kind: "direct", thread, founder: account, members, isShared: true };
  const { contact, devices } = await putContact(core, tx, bundle, relays);
  const threadRow = (await tx.get("threads", [thread])) ?? newThread(thread, now);
  tx.put("conversations", [id], conversation);
  tx.put("threads", [thread], threadRow);
  tx.delete("requests", [account]);
  const { device, channel } = genesis.header;
  const accepted = await acceptBatch(tx, id, [{ device, channel, entries: [genesis] }], async () => ({
    kind: "opened",
  }));
  const isNew = accepted.kind === "accepted" && accepted.count > 0;
  const kem = isNew ? (await publishKem(tx, core.suite, now, core.directory.self, id)).kem : undefined;
  const clock = isNew ? putOwnClock(core, tx, id, await readLogs(tx, id), 0) : undefined;
  return { thread, contact, devices, conversation, threadRow, clock, kem };
}

export function rememberAdmitted(core: CoreContext, admitted: Admitted): void {
  const { directory } = core;
  const { thread, contact, devices, conversation, threadRow, clock, kem } = admitted;
  directory.contacts.set(contact.account, contact);
  directory.putDevices(contact.account, devices);
  directory.conversations.set(conversation.id, conversation);
  directory.threads.set(thread, threadRow);
  if (!directory.pending.has(thread)) directory.pending.set(thread, { count: 0 });
  if (kem !== undefined) noteKem(core, conversation.id, kem);
  if (clock !== undefined) core.receipts.putClock(conversation.id, directory.self.device, clock);
  if (directory.requests.delete(contact.account)) core.requestsChanged();
}

/** Needs the tables contacts and devices. Names and device lists only ever move forward; what a list changes is noted. */
export async function putContact(
  core: CoreContext,
  tx: WriteTransaction,
  bundle: Bundle,
  relays: readonly string[],
): Promise<{ readonly contact: ContactRow; readonly devices: DeviceListRow }> {
  const now = core.clock.now();
  const { account } = bundle;
  const held = await tx.get("devices", [account]);
  const named = confirmedContact(await tx.get("contacts", [account]), bundle, relays, now);
  const { contact, devices } = withList(core, named, held, bundle, now);
  tx.put("contacts", [account], contact);
  tx.put("devices", [account], devices);
  return { contact, devices };
}

function withList(
  { suite }: CoreContext,
  contact: ContactRow,
  held: DeviceListRow | undefined,
  bundle: Bundle,
  now: number,
): { readonly contact: ContactRow; readonly devices: DeviceListRow } {
  if (held === undefined) return { contact, devices: deviceListRow(bundle) };
  const comparison = compareLists(held, bundle);
  if (comparison === "fork") return { contact: withFork(suite, contact, bundle, now), devices: held };
  if (comparison !== "newer") return { contact, devices: held };
  const devices = replacingList(held, deviceListRow(bundle));
  return { contact: withNewerList(contact, held, devices, now), devices };
}

function confirmedContact(
  earlier: ContactRow | undefined,
  { account, profile }: Bundle,
  relays: readonly string[],
  now: number,
): ContactRow {
  const isNewer = earlier === undefined || profile.number > earlier.profileNumber;
  return {
    privateName: "",
    createdAt: now,
    ...earlier,
    account,
    name: isNewer ? profile.name : earlier.name,
    profileNumber: isNewer ? profile.number : earlier.profileNumber,
    isConfirmed: true,
    relays,
  };
}
