/** Whom the transport is to reach, and what is known of how: contacts, inviters that have not been met yet, members of common groups. */
import type { PeerKey } from "./codec/ids.ts";
import { coMembers, isFellowMember } from "./conversations/co-members.ts";
import type { Directory } from "./conversations/directory.ts";
import { isToBeAsked } from "./conversations/opening.ts";
import type { LastWays } from "./last-ways.ts";
import type { ReachCards } from "./conversations/reach-cards.ts";
import type { WantedPeer } from "./transport/transport.ts";

export interface MemberHelp {
  /** Whether this device relays for members of common groups who are no contacts. */
  readonly servesMembers: boolean;
  /** Whether this member is asked to relay for this device. */
  isAsked(peer: PeerKey): boolean;
}

/** `isAway`: this peer was tried, and could not be reached. */
export function wantedPeers(
  directory: Directory,
  { cards, ways }: { readonly cards: ReachCards; readonly ways: LastWays },
  help: MemberHelp,
  isAway: (peer: PeerKey) => boolean,
): readonly WantedPeer[] {
  const wanted = new Map<PeerKey, WantedPeer>();
  const mayHelp = helpingContacts(directory, cards);
  for (const opening of directory.openings.values()) {
    const { account, trouble, peer, relays } = opening;
    // Whoever waits for a decision is dialled by the inviter once there is one.
    const isWanted = trouble === undefined || isToBeAsked(opening);
    if (isWanted && !directory.blocked.has(account)) wanted.set(peer, { peer, relays, mayHelp, allowDirect: false });
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
    if (!wanted.has(peer)) wanted.set(peer, wantedMember(directory, cards, help, peer, relays));
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

/** Addresses are shown only where one relays for the other, and first by whoever asks. */
function wantedMember(
  directory: Directory,
  cards: ReachCards,
  help: MemberHelp,
  peer: PeerKey,
  relays: readonly string[],
): WantedPeer {
  const told = cards.ofMember(peer);
  const account = directory.accountOfPeer(peer);
  const isOfUse = help.servesMembers || help.isAsked(peer);
  const isFellow = isOfUse && account !== undefined && isFellowMember(directory, account);
  const isServed = isFellow && help.servesMembers;
  const canHelp = isFellow && help.isAsked(peer);
  return {
    peer,
    relays: told === undefined || told.relays.length === 0 ? relays : told.relays,
    ...(told === undefined ? {} : { helpers: told.helpers }),
    allowDirect: isServed || canHelp,
    ...(canHelp ? { canHelp } : { answersOnly: true }),
    ...(isServed ? { relayedAs: "member" } : {}),
  };
}
