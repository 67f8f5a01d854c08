/** Whom the transport is to reach, and what is known of how: contacts, inviters that have not been met yet, members of common groups. */
import type { PeerKey } from "./codec/ids.ts";
import { coMembers } from "./conversations/co-members.ts";
import type { Directory } from "./conversations/directory.ts";
import type { LastWays } from "./last-ways.ts";
import type { ReachCards } from "./conversations/reach-cards.ts";
import type { WantedPeer } from "./transport/transport.ts";

/** `isAway`: this peer was tried, and could not be reached. */
export function wantedPeers(
  directory: Directory,
  { cards, ways }: { readonly cards: ReachCards; readonly ways: LastWays },
  isAway: (peer: PeerKey) => boolean,
): readonly WantedPeer[] {
  const wanted = new Map<PeerKey, WantedPeer>();
  const helpers = helpingContacts(directory, cards);
  for (const { account, trouble, request, peer, relays } of directory.openings.values()) {
    // Whoever waits for a decision is dialled by the inviter once there is one.
    const isWanted = trouble === undefined || request === "asking";
    if (isWanted && !directory.blocked.has(account)) wanted.set(peer, { peer, relays, helpers, allowDirect: false });
  }
  for (const { account, isConfirmed } of directory.contacts.values()) {
    if (!isConfirmed || directory.blocked.has(account)) continue;
    for (const { peerKey: peer, device } of directory.devicesOf(account)?.devices ?? []) {
      const lastWay = ways.of(account, device);
      wanted.set(peer, {
        peer,
        ...cards.of(account, device),
        ...(lastWay && { lastWay }),
        allowDirect: true,
        relayedAs: "contact",
      });
    }
  }
  for (const [peer, relays] of coMembers(directory, isAway)) {
    if (!wanted.has(peer)) wanted.set(peer, { peer, relays, allowDirect: false });
  }
  return [...wanted.values()];
}

/** Whoever invites somebody is often known to a friend of theirs, and an invite does not say to whom. */
function helpingContacts(directory: Directory, cards: ReachCards): readonly PeerKey[] {
  return [...directory.contacts.values()].flatMap(({ account, isConfirmed }) => {
    if (!isConfirmed || directory.blocked.has(account)) return [];
    const devices = directory.devicesOf(account)?.devices ?? [];
    return devices.flatMap(({ peerKey, device }) => (cards.of(account, device).canHelp ? [peerKey] : []));
  });
}
