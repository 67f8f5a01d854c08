/**
 * Being added to a group by somebody who is no contact (PROTOCOL, Requests): kept as a request, in small number, until the person
 * decides. Before that nothing of the group is taken in, and nobody of it learns anything.
 */
import { EMPTY_BYTES, equalBytes } from "../codec/bytes.ts";
import type { AccountId, ConversationId, PeerKey, ThreadId } from "../codec/ids.ts";
import type { RequestView } from "../people-views.ts";
import type { GroupRequestRow } from "../store/group-tables.ts";
import type { CoreContext } from "./core-context.ts";
import { deleteGroup } from "./deleting.ts";
import { readGroupOffer, readOffer, takeGroupOffer } from "./group-offer.ts";
import { groupThread } from "./groups.ts";
import { decodeIntroduction } from "./introduction.ts";
import { accountTag, NAMELESS, safeGroupName, safeName } from "./names.ts";
import { shownNameOf } from "./shown-names.ts";

const DAY_MS = 24 * 60 * 60_000;
/** Waiting for a decision at once. */
const MAX_OPEN = 20;
/** Of one account, so that nobody fills all the room. */
const MAX_OPEN_OF_ACCOUNT = 5;
/** New ones in a day, those deleted meanwhile included. */
const MAX_A_DAY = 20;
const KEEP_OPEN_MS = 30 * DAY_MS;
/** A group that was deleted is not asked about again within this time. */
const KEEP_DELETED_MS = 7 * DAY_MS;

/** Who tells of a group, and how they are reached where nothing else says so. */
export interface Teller {
  readonly account: AccountId;
  readonly name: string;
  readonly peers: readonly PeerKey[];
  readonly introduction: Uint8Array;
  readonly relays: readonly string[];
}

/**
 * Whether the person was asked about this group already, and a contact's telling of it need not be looked at. What somebody who is no
 * contact told first says nothing of who made this account a member: that may be the contact.
 */
export function isAskedAbout({ directory, clock }: CoreContext, conversation: ConversationId): boolean {
  const row = directory.groupRequests.get(conversation);
  if (row === undefined || !isKept(row, clock.now())) return false;
  return row.isDeleted || directory.contacts.get(row.from)?.isConfirmed === true;
}

/** The group of which just this offer waits: it comes again at every meeting. */
export function heldOffer({ directory }: CoreContext, offer: Uint8Array): ConversationId | undefined {
  return [...directory.groupRequests.values()].find((row) => equalBytes(row.offer, offer))?.conversation;
}

/** An offer of somebody who is no contact. @throws DecodeError */
export async function keepGroupOffer(core: CoreContext, teller: Teller, offer: Uint8Array): Promise<void> {
  const { id, content } = readOffer(core, offer);
  if (core.directory.conversations.has(id)) return;
  const { account, name, peers, introduction, relays } = teller;
  await keep(core, {
    conversation: id,
    groupName: content.name,
    account,
    name,
    peers,
    from: account,
    introduction,
    relays,
    offer,
    askedAt: core.clock.now(),
    isDeleted: false,
  });
}

/** A contact told of a group to which somebody else added this account: it leaves the device until the person decides. */
export async function putBack(core: CoreContext, conversation: ConversationId, addedBy: AccountId): Promise<void> {
  const { directory } = core;
  const row = directory.conversations.get(conversation);
  const offer = await readGroupOffer(core, conversation);
  if (row?.offeredBy === undefined || offer === undefined) return;
  const peers = directory.devicesOf(addedBy)?.devices.map(({ peerKey }) => peerKey) ?? [];
  const request: GroupRequestRow = {
    conversation,
    groupName: row.name ?? "",
    account: addedBy,
    name: shownNameOf(core, addedBy),
    peers,
    from: row.offeredBy,
    introduction: EMPTY_BYTES,
    relays: [],
    offer,
    askedAt: core.clock.now(),
    isDeleted: false,
  };
  await deleteGroup(core, groupThread(conversation));
  await keep(core, request);
}

/** The request about a group that was taken in is no more. */
export function endRequest(core: CoreContext, id: ConversationId): void {
  if (core.directory.groupRequests.delete(id)) core.requestsChanged();
}

/** Joins. Undefined if the request is gone, or there is no room. */
export async function acceptGroupRequest(core: CoreContext, id: ConversationId): Promise<GroupRequestRow | undefined> {
  const row = core.directory.groupRequests.get(id);
  if (row === undefined || row.isDeleted) return undefined;
  const teller = row.introduction.length === 0 ? undefined : decodeIntroduction(core.suite, row.introduction);
  const taken = await takeGroupOffer(core, row.from, row.offer, { teller, relays: row.relays });
  if (taken === undefined) return undefined;
  endRequest(core, id);
  return row;
}

/** Takes a request away; being added again brings it back only after a week. */
export async function deleteGroupRequest(core: CoreContext, id: ConversationId): Promise<void> {
  const held = core.directory.groupRequests.get(id);
  if (held === undefined) return;
  const askedAt = core.clock.now();
  const gone = { peers: [], introduction: EMPTY_BYTES, relays: [], offer: EMPTY_BYTES, askedAt, isDeleted: true };
  const row: GroupRequestRow = { ...held, ...gone };
  await core.store.write(["groupRequests"], "strict", async (tx) => tx.put("groupRequests", [id], row));
  core.directory.groupRequests.set(id, row);
  core.requestsChanged();
}

/** What was accepted and is given up before any member was met is like a deleted request. */
export async function giveUpJoining(core: CoreContext, id: ConversationId): Promise<void> {
  const { directory, clock } = core;
  const row = directory.conversations.get(id);
  const own = directory.self.account;
  if (row?.isAccepted !== true || row.members.includes(own) || row.former?.includes(own) === true) return;
  const gone = { peers: [], introduction: EMPTY_BYTES, relays: [], offer: EMPTY_BYTES, isDeleted: true };
  const from = row.offeredBy ?? row.founder;
  const who = { account: from, from, name: "", groupName: "" };
  const next: GroupRequestRow = { conversation: id, ...who, ...gone, askedAt: clock.now() };
  await core.store.write(["groupRequests"], "strict", async (tx) => tx.put("groupRequests", [id], next));
  directory.groupRequests.set(id, next);
}

/** Those that wait for a decision. An earlier version could leave one of a group that was taken in while it was being kept. */
export function groupRequestViews({ directory, clock }: CoreContext): readonly RequestView[] {
  return [...directory.groupRequests.values()]
    .filter((row) => !row.isDeleted && isKept(row, clock.now()) && !directory.blocked.has(row.account))
    .filter((row) => !directory.conversations.has(row.conversation))
    .map(({ conversation, account, name, groupName, askedAt }) => ({
      id: groupThread(conversation),
      account,
      name: safeName(name) || NAMELESS,
      tag: accountTag(account),
      askedAt,
      group: safeGroupName(groupName) || NAMELESS,
    }));
}

export function isGroupRequest({ directory }: CoreContext, id: AccountId | ThreadId): ConversationId | undefined {
  const conversation = id as string as ConversationId;
  return directory.groupRequests.has(conversation) ? conversation : undefined;
}

/** The newest of a group replaces the one that waits; beyond the limits, or of a group taken in meanwhile, nothing is kept. */
async function keep(core: CoreContext, row: GroupRequestRow): Promise<void> {
  const { directory, clock } = core;
  const now = clock.now();
  const id = row.conversation;
  const kept = await core.store.write(["groupRequests", "conversations"], "strict", async (tx) => {
    const isTakenIn = (await tx.get("conversations", [id])) !== undefined;
    const rows = (await tx.range("groupRequests", {})).map(({ value }) => value);
    const current = rows.filter((held) => isKept(held, now));
    for (const held of rows) if (!current.includes(held)) tx.delete("groupRequests", [held.conversation]);
    const earlier = current.find((held) => held.conversation === id);
    const open = current.filter((held) => !held.isDeleted);
    const isFull =
      open.length >= MAX_OPEN ||
      open.filter(({ account }) => account === row.account).length >= MAX_OPEN_OF_ACCOUNT ||
      current.filter(({ askedAt }) => now - askedAt < DAY_MS).length >= MAX_A_DAY;
    if (isTakenIn || earlier?.isDeleted === true || (earlier === undefined && isFull)) return current;
    const next = { ...row, askedAt: earlier?.askedAt ?? row.askedAt };
    tx.put("groupRequests", [id], next);
    return [...current.filter((held) => held !== earlier), next];
  });
  directory.groupRequests.clear();
  for (const held of kept) directory.groupRequests.set(held.conversation, held);
  core.requestsChanged();
}

function isKept({ askedAt, isDeleted }: GroupRequestRow, now: number): boolean {
  return now - askedAt <= (isDeleted ? KEEP_DELETED_MS : KEEP_OPEN_MS);
}
