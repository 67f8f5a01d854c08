/** Which members of common groups are looked for although they are no contacts: in a large group a few, so that all hang together. */
import type { AccountId, PeerKey } from "../codec/ids.ts";
import type { Directory } from "./directory.ts";

/** Up to this many members everybody looks for everybody. */
export const SMALL_GROUP = 8;

/** Their peers, with the relays at which they were last known to be reachable. Contacts are among them. */
export function coMembers(directory: Directory): ReadonlyMap<PeerKey, readonly string[]> {
  const own = directory.identity?.account;
  const peers = new Map<PeerKey, readonly string[]>();
  for (const { kind, members, former, offeredBy, isAccepted } of directory.conversations.values()) {
    if (kind !== "group" || own === undefined) continue;
    const isJoining = isAccepted === true && former?.includes(own) !== true && !members.includes(own);
    if (!isJoining && !members.includes(own)) continue;
    const met = isJoining && offeredBy !== undefined ? [offeredBy, ...members] : neighbours(members, own);
    for (const account of met) {
      if (directory.blocked.has(account)) continue;
      const relays = (directory.contacts.get(account) ?? directory.acquaintances.get(account))?.relays ?? [];
      for (const { peerKey } of directory.devicesOf(account)?.devices ?? []) peers.set(peerKey, relays);
    }
  }
  return peers;
}

/**
 * All others of a small group; of a large one those at distances 1, 2, 4, … on the ring of sorted account ids, both ways: everybody is
 * reached in a number of hops that grows with the logarithm of the group.
 */
export function neighbours(members: readonly AccountId[], own: AccountId): readonly AccountId[] {
  if (members.length <= SMALL_GROUP) return members.filter((member) => member !== own);
  const ring = members.toSorted();
  const at = ring.indexOf(own);
  const found = new Set<AccountId>();
  for (let distance = 1; distance <= ring.length / 2; distance *= 2) {
    for (const index of [at + distance, at - distance]) {
      const account = ring[(index + ring.length) % ring.length];
      if (account !== undefined && account !== own) found.add(account);
    }
  }
  return [...found];
}
