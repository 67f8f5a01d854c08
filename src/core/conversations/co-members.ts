/**
 * Which members of common groups are looked for although they are no contacts: in a large group a few of those who are there, so that all
 * of these hang together.
 */
import type { AccountId, PeerKey } from "../codec/ids.ts";
import type { ConversationRow } from "../store/tables.ts";
import type { Directory } from "./directory.ts";

/** Up to this many members everybody looks for everybody. */
export const SMALL_GROUP = 8;
/** In one stretch of the ring: with one in ten there, somebody is among them four times out of five. */
const MAX_TRIED = 16;

/**
 * Their peers, with the relays at which they were last known to be reachable. Contacts are among them. `isAway`: it was tried, and could
 * not be reached.
 */
export function coMembers(
  directory: Directory,
  isAway: (peer: PeerKey) => boolean,
): ReadonlyMap<PeerKey, readonly string[]> {
  const own = directory.identity?.account;
  const peers = new Map<PeerKey, readonly string[]>();
  const isOut = (account: AccountId): boolean =>
    directory.blocked.has(account) ||
    (directory.devicesOf(account)?.devices ?? []).every(({ peerKey }) => isAway(peerKey));
  for (const { kind, members, former, offeredBy, isAccepted } of directory.conversations.values()) {
    if (kind !== "group" || own === undefined) continue;
    const isJoining = isAccepted === true && former?.includes(own) !== true && !members.includes(own);
    if (!isJoining && !members.includes(own)) continue;
    const met = isJoining && offeredBy !== undefined ? [offeredBy, ...members] : neighbours(members, own, isOut);
    for (const account of met) {
      if (directory.blocked.has(account)) continue;
      const relays = (directory.contacts.get(account) ?? directory.acquaintances.get(account))?.relays ?? [];
      for (const { peerKey } of directory.devicesOf(account)?.devices ?? []) peers.set(peerKey, relays);
    }
  }
  return peers;
}

/** The groups in which this account and the own one are members now. Nobody blocked has any. */
export function commonGroups(directory: Directory, account: AccountId): readonly ConversationRow[] {
  const own = directory.identity?.account;
  if (own === undefined || account === own || directory.blocked.has(account)) return [];
  return [...directory.conversations.values()].filter(
    ({ kind, members }) => kind === "group" && members.includes(own) && members.includes(account),
  );
}

/** Whether they are a member of a common group now. */
export function isFellowMember(directory: Directory, account: AccountId): boolean {
  return commonGroups(directory, account).length > 0;
}

/** Whether this peer's being there or not may change who else is looked for. */
export function isInLargeGroup(directory: Directory, peer: PeerKey): boolean {
  const account = directory.accountOfPeer(peer);
  if (account === undefined) return false;
  return [...directory.conversations.values()].some(
    ({ kind, members }) => kind === "group" && members.length > SMALL_GROUP && members.includes(account),
  );
}

/**
 * All others of a small group. In a large one the ring of sorted account ids is cut, both ways, into stretches that begin at distances 1,
 * 2, 4, …: looked for are those of each stretch up to the first who is not away. So everybody who is there is linked with the next ones
 * who are, and is reached in a number of hops that grows with the logarithm of the group.
 */
export function neighbours(
  members: readonly AccountId[],
  own: AccountId,
  isAway: (account: AccountId) => boolean = () => false,
): readonly AccountId[] {
  if (members.length <= SMALL_GROUP) return members.filter((member) => member !== own);
  const ring = members.toSorted();
  const at = ring.indexOf(own);
  const half = Math.floor(ring.length / 2);
  const found = new Set<AccountId>();
  for (const way of [1, -1]) {
    for (let from = 1; from <= half; from *= 2) {
      const to = Math.min(2 * from - 1, half, from + MAX_TRIED - 1);
      for (let distance = from; distance <= to; distance += 1) {
        const account = ring[(at + way * distance + ring.length) % ring.length];
        if (account === undefined) continue;
        found.add(account);
        if (!isAway(account)) break;
      }
    }
  }
  return [...found];
}
