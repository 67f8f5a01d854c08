/** Which peers are met because of a common group. */
import { CONTROL_CHANNEL } from "../codec/entry.ts";
import type { AccountId, ConversationId, DeviceId, PeerKey } from "../codec/ids.ts";
import type { Directory } from "./directory.ts";

/** The contact behind this peer, or whoever else of a common group. */
export function knownBehind(directory: Directory, peer: PeerKey): AccountId | undefined {
  const contact = directory.contactBehind(peer);
  if (contact !== undefined) return contact;
  const account = directory.accountOfPeer(peer);
  if (account === undefined || account === directory.identity?.account || directory.blocked.has(account))
    return undefined;
  const isListed = directory.devicesOf(account)?.devices.some(({ peerKey }) => peerKey === peer) === true;
  return isListed && directory.isCoMember(account) ? account : undefined;
}

/** Whether this peer is of a member now: others are told no more than that they are none. */
export function isMemberPeer(directory: Directory, conversation: ConversationId, peer: PeerKey): boolean {
  const account = directory.accountOfPeer(peer);
  return account !== undefined && (directory.conversations.get(conversation)?.members.includes(account) ?? false);
}

/** Whether messages of this conversation are for this peer: a member's, or of whoever told of a group that is not known yet. */
export function mayTake(directory: Directory, conversation: ConversationId, peer: PeerKey): boolean {
  if (isMemberPeer(directory, conversation, peer)) return true;
  const offeredBy = directory.conversations.get(conversation)?.offeredBy;
  return offeredBy !== undefined && offeredBy === directory.accountOfPeer(peer);
}

/**
 * Whether entries of this log are taken from this peer now. Of whoever is no member, as far as is known, only what others wrote: who is a
 * member, which may show that they are one, and messages of members, whoever kept them. It is signed by those who wrote it.
 */
export function couldTake(
  directory: Directory,
  conversation: ConversationId,
  peer: PeerKey,
  device: DeviceId,
  channel: number,
): boolean {
  if (!directory.isMemberDevice(conversation, device)) return false;
  if (mayTake(directory, conversation, peer)) return true;
  const author = directory.accountOfDevice(device);
  if (author === undefined || author === directory.accountOfPeer(peer)) return false;
  return channel === CONTROL_CHANNEL || directory.conversations.get(conversation)?.members.includes(author) === true;
}
