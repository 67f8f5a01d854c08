/** The stored side of first contact: a claim held against an own invite, and the two transactions that make a contact. */
import { CONTROL_CHANNEL, CONTROL_KIND } from "../codec/entry.ts";
import { DecodeError } from "../codec/decode-error.ts";
import type { ConversationId, InviteId, PeerKey, ThreadId } from "../codec/ids.ts";
import { KEM_TABLES, publishKem } from "../epochs/kem.ts";
import { ACCEPT_TABLES, acceptBatch } from "../log/accept.ts";
import { readLogs } from "../log/log-state.ts";
import { readEntry, verifyEntry, type Entry, type EntryParts } from "../log/entry.ts";
import type { ContactRow, ConversationRow, DeviceListRow, OpeningRow } from "../store/tables.ts";
import type { InviteTrouble } from "../views.ts";
import { type Bundle, decodeBundle, deviceListRow } from "./bundle.ts";
import type { CoreContext } from "./core-context.ts";
import { directThread } from "./directory.ts";
import type { Claim } from "./first-contact-codec.ts";
import { conversationIdOf, decodeGenesis } from "./genesis.ts";
import { putOwnClock } from "./incoming.ts";
import { noteKem } from "./key-exchange.ts";
import { inviteState } from "./invites.ts";
import { newThread } from "./thread-rows.ts";

/** Two people never need more direct conversations than this: one each way, and some for lost welcomes. */
const MAX_DIRECT_CONVERSATIONS = 8;

export interface ReadClaim {
  readonly invite: InviteId;
  readonly bundle: Bundle;
  readonly conversation: ConversationId;
  readonly genesis: Entry;
}

/** The entry that founded an own conversation, by whichever own device: this profile may have become a new one since. */
export async function ownGenesis(core: CoreContext, conversation: ConversationId): Promise<EntryParts | undefined> {
  const { store, directory } = core;
  const devices = directory.devicesOf(directory.self.account)?.devices ?? [];
  return await store.read(["entries"], async (tx) => {
    for (const { device } of devices) {
      const genesis = await tx.get("entries", [conversation, device, CONTROL_CHANNEL, 1]);
      if (genesis !== undefined) return { header: genesis.header, signature: genesis.signature, body: genesis.body };
    }
    return undefined;
  });
}

/** Whether there is such an invite at all: who does not know one costs no signature check. */
export async function hasInvite(core: CoreContext, invite: InviteId): Promise<boolean> {
  return (await core.store.read(["invites"], (tx) => tx.get("invites", [invite]))) !== undefined;
}

/** Verifies everything in a claim that does not need the invite. @throws DecodeError */
export function readClaim(core: CoreContext, peer: PeerKey, claim: Claim): ReadClaim {
  const { suite, directory } = core;
  const bundle = decodeBundle(suite, claim.bundle);
  if (bundle.account === directory.self.account) throw new DecodeError("a claim of our own account");
  directory.checkDevices(bundle.account, bundle.list);
  if (!bundle.list.devices.some((device) => device.peerKey === peer)) throw new DecodeError("bundle of another peer");
  const genesis = readEntry(suite, claim.genesis);
  const content = claim.genesis.body;
  const { founder, other } = decodeGenesis(content);
  const conversation = conversationIdOf(suite, content);
  const author = bundle.list.devices.find((device) => device.device === genesis.header.device);
  const isFirst =
    genesis.header.channel === CONTROL_CHANNEL &&
    genesis.header.kind === CONTROL_KIND.genesis &&
    genesis.header.seq === 1 &&
    genesis.header.suite === suite.id &&
    genesis.header.dependencies.length === 0 &&
    genesis.header.conversation === conversation;
  const isBetweenUs = founder === bundle.account && other === directory.self.account;
  if (!isFirst || !isBetweenUs || author === undefined || !verifyEntry(suite, author.logKey, claim.genesis)) {
    throw new DecodeError("not the genesis of a conversation with us");
  }
  return { invite: claim.invite, bundle, conversation, genesis };
}

/** Why a claim cannot succeed, as far as that is known before the proof. */
export async function claimTrouble(core: CoreContext, claim: ReadClaim): Promise<InviteTrouble | undefined> {
  const row = await core.store.read(["invites"], (tx) => tx.get("invites", [claim.invite]));
  if (row === undefined) return "unknown";
  const isKnown = core.directory.contacts.get(claim.bundle.account)?.isConfirmed === true;
  const state = inviteState(row, core.clock.now());
  return state === "open" || isKnown || row.usedBy.includes(claim.bundle.account) ? undefined : state;
}

export type Admission =
  | {
      readonly kind: "admitted";
      readonly secret: Uint8Array;
      readonly thread: ThreadId;
      /** False when this account was a contact before: the claim is repeated, or both opened each other's invites. */
      readonly isNewContact: boolean;
    }
  | { readonly kind: "refused"; readonly trouble: InviteTrouble };

/** Counts the use and stores contact, devices, conversation and genesis, all in one transaction, if the secret was proven. */
export async function admitClaim(
  core: CoreContext,
  claim: ReadClaim,
  relays: readonly string[],
  isProven: (secret: Uint8Array) => boolean,
): Promise<Admission> {
  const { directory } = core;
  const now = core.clock.now();
  const { account } = claim.bundle;
  const thread = directThread(account);
  const conversation: ConversationRow = {
    id: claim.conversation,
    kind: "direct",
    thread,
    founder: account,
    members: [account, directory.self.account],
    isShared: true,
  };
  const isNewConversation = !directory.conversations.has(claim.conversation);
  if (isNewConversation && directory.conversationsOf(thread).length >= MAX_DIRECT_CONVERSATIONS) {
    return { kind: "refused", trouble: "unknown" };
  }
  const tables = [
    "invites",
    "contacts",
    "devices",
    "conversations",
    "threads",
    "clocks",
    ...ACCEPT_TABLES,
    ...KEM_TABLES,
  ] as const;
  const stored = await core.store.write(tables, "strict", async (tx) => {
    const invite = await tx.get("invites", [claim.invite]);
    if (invite === undefined || !isProven(invite.secret)) return { trouble: "unknown" as const };
    const earlier = await tx.get("contacts", [account]);
    const wasConfirmed = earlier?.isConfirmed === true;
    const isUsedByThem = invite.usedBy.includes(account);
    const state = inviteState(invite, now);
    if (state !== "open" && !isUsedByThem && !wasConfirmed) return { trouble: state };
    if (!isUsedByThem && !wasConfirmed) {
      tx.put("invites", [claim.invite], { ...invite, usedBy: [...invite.usedBy, account] });
    }
    const contact = confirmedContact(earlier, claim.bundle, relays, now);
    const devices = newerDevices(await tx.get("devices", [account]), claim.bundle);
    tx.put("contacts", [account], contact);
    tx.put("devices", [account], devices);
    tx.put("conversations", [conversation.id], conversation);
    const threadRow = (await tx.get("threads", [thread])) ?? newThread(thread, now);
    tx.put("threads", [thread], threadRow);
    const { device, channel } = claim.genesis.header;
    const run = { device, channel, entries: [claim.genesis] };
    const accepted = await acceptBatch(tx, conversation.id, [run], async () => ({ kind: "opened" }));
    const isNew = accepted.kind === "accepted" && accepted.count > 0;
    const published = isNew ? await publishKem(tx, core.suite, now, directory.self, conversation.id) : undefined;
    const clock = isNew ? putOwnClock(core, tx, conversation.id, await readLogs(tx, conversation.id), 0) : undefined;
    return { secret: invite.secret, isNewContact: !wasConfirmed, contact, devices, threadRow, clock, published };
  });
  if ("trouble" in stored) return { kind: "refused", trouble: stored.trouble };

  directory.contacts.set(account, stored.contact);
  directory.putDevices(account, stored.devices);
  directory.conversations.set(conversation.id, conversation);
  directory.threads.set(thread, stored.threadRow);
  if (!directory.pending.has(thread)) directory.pending.set(thread, { count: 0 });
  if (stored.published !== undefined) noteKem(core, conversation.id, stored.published.kem);
  if (stored.clock !== undefined) core.receipts.putClock(conversation.id, directory.self.device, stored.clock);
  return { kind: "admitted", secret: stored.secret, thread, isNewContact: stored.isNewContact };
}

/** The inviter proved the secret back: the contact is confirmed and the conversation founded for it is shared. */
export async function completeOpening(
  core: CoreContext,
  opening: OpeningRow,
  bundle: Bundle,
  relays: readonly string[],
): Promise<void> {
  const { directory } = core;
  const { account } = opening;
  const conversation = directory.conversations.get(opening.conversation);
  if (conversation === undefined) throw new Error("an opening without its conversation");
  const shared: ConversationRow = { ...conversation, isShared: true };
  const tables = ["contacts", "devices", "conversations", "openings"] as const;
  const { contact, devices } = await core.store.write(tables, "strict", async (tx) => {
    const earlier = await tx.get("contacts", [account]);
    const rows = {
      contact: confirmedContact(earlier, bundle, relays, core.clock.now()),
      devices: newerDevices(await tx.get("devices", [account]), bundle),
    };
    tx.put("contacts", [account], rows.contact);
    tx.put("devices", [account], rows.devices);
    tx.put("conversations", [shared.id], shared);
    tx.delete("openings", [account]);
    return rows;
  });
  directory.contacts.set(account, contact);
  directory.putDevices(account, devices);
  directory.conversations.set(shared.id, shared);
  directory.openings.delete(account);
}

/** Names and device lists only ever move forward. */
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

function newerDevices(held: DeviceListRow | undefined, bundle: Bundle): DeviceListRow {
  return held !== undefined && held.number >= bundle.list.number ? held : deviceListRow(bundle);
}
