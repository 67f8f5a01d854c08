/**
 * PORT: reaching peers. An adapter keeps trying to hold one good link to every wanted peer, accepts links from anybody,
 * and says how each peer is reached. It knows peers (machines) and bytes; accounts, contacts and frames are core's.
 *
 * Contract
 * - A link is an ordered, reliable, authenticated byte pipe to one peer. Bytes arrive in order and in arbitrary pieces.
 * - While a peer is wanted, the adapter dials it with back-off and jitter and climbs to a better path by itself. A better path
 *   (or a renewed circuit) arrives as a NEW link to the same peer; core moves over and closes the old one. Two links to one
 *   peer can exist for a moment, never more than `MAX_LINKS_PER_PEER`.
 * - No WebRTC offer is answered, and no candidate gathered, for a peer that is not wanted with `allowDirect`.
 * - Nothing is dialled that core did not name here or the configuration did not list.
 * - Handlers are called one at a time, never re-entrantly from inside a call into the port.
 */
import type { PeerKey } from "../codec/ids.ts";

export const MAX_LINKS_PER_PEER = 4;

/** How a peer is reached now, for people. Computed from the muxer and the limits of the connection that carries the link. */
export type Path =
  | { readonly kind: "direct" }
  /** Through a rendezvous relay; `relay` is its multiaddr without the circuit part. */
  | { readonly kind: "relay"; readonly relay: string }
  /** Through another online peer. */
  | { readonly kind: "peer"; readonly helper: PeerKey }
  /** Being tried: since the start, a loss or a wake-up, for at most about 15 seconds. */
  | { readonly kind: "connecting" }
  /** Not reached; tried again with back-off. */
  | { readonly kind: "away" };

/** A path through something else: what a first link needs. */
export type Detour = Extract<Path, { kind: "relay" | "peer" }>;

/** Whether others can reach this device now. */
export type Reachability =
  /** A reservation on a relay (or a peer) is confirmed. */
  | { readonly kind: "online" }
  /** None yet, being tried. `tried` counts failed rounds since the last success. */
  | { readonly kind: "connecting"; readonly tried: number }
  | { readonly kind: "offline"; readonly reason: "no-network" | "no-relay-known" };

export interface RelayStatus {
  /** Multiaddr with the relay's peer id. */
  readonly address: string;
  readonly state: "reserved" | "connecting" | "unreachable";
}

/** A peer core wants a link to. */
export interface WantedPeer {
  readonly peer: PeerKey;
  /** Multiaddrs of relays where the peer was last known to listen, best first; the own relays are tried as well. */
  readonly relays: readonly string[];
  /** Whether WebRTC may be used, so whether the peer may learn this device's addresses. Contacts, and members of common groups where one relays for the other. */
  readonly allowDirect: boolean;
  /** Direct links to it are answered and never offered: it learns this device's addresses only by showing its own first. */
  readonly answersOnly?: boolean;
  /** As whom it may use this device while that relays. Not at all if left out. */
  readonly relayedAs?: RelayedAs;
  /** Peers through which it said that it can be reached, best first. Of use while they are linked directly. None if left out. */
  readonly helpers?: readonly PeerKey[];
  /** Peers that may lead there, which are asked after the relays. Of use while they are linked directly. None if left out. */
  readonly mayHelp?: readonly PeerKey[];
  /** Whether it said that it relays for this device. */
  readonly canHelp?: boolean;
  /** What led there last, maybe before this start: tried first where it is among the ways there are now. It opens no other. */
  readonly lastWay?: Detour;
}

/** Contacts come first; members of common groups who are no contacts are held to a part of what there is. */
export type RelayedAs = "contact" | "member";

/** Whether this device relays now for peers that are wanted with `relayedAs`, and what that may still cost. */
export interface RelayingRules {
  readonly isOn: boolean;
  /** Bytes of circuits that may still go over this device's line today, in plus out. The adapter counts them down until the next rules. */
  readonly bytesLeft: number;
  /** Of these, what circuits with a member at either end may not use. None if left out. */
  readonly keptForContacts?: number;
}

/** What was relayed since it was last told. */
export interface RelayedBytes {
  /** In plus out, of what circuits carried; without what lower layers add. */
  readonly bytes: number;
  /** Whose circuits moved. */
  readonly pairs: readonly (readonly [PeerKey, PeerKey])[];
}

export interface Link {
  readonly peer: PeerKey;
  readonly path: Path;
  /** Whether this side opened the stream. The two ends always differ. */
  readonly isOpener: boolean;
  /**
   * Queues bytes. Resolves when the transport can take more (back-pressure), not when they arrived.
   * Rejects with LinkClosedError once the link is closed; bytes queued before may or may not have arrived.
   */
  send(bytes: Uint8Array): Promise<void>;
  /** Closes after queued bytes were handed over, within a second. Idempotent; never rejects. */
  close(): Promise<void>;
}

/** What core does with a link. Returned synchronously from `onLink`, so that no byte is missed. */
export interface LinkHandlers {
  /** The adapter does not keep `bytes`. */
  onData(bytes: Uint8Array): void;
  /** Once, for whatever reason, also after an own `close()`. No `onData` follows. */
  onClose(): void;
}

export interface TransportHandlers {
  onLink(link: Link): LinkHandlers;
  /** The path to a wanted peer changed. */
  onPath(peer: PeerKey, path: Path): void;
  onReachability(reachability: Reachability, relays: readonly RelayStatus[]): void;
  /** The peers on which this device holds a reservation changed. */
  onHelpers?(helpers: readonly PeerKey[]): void;
  /** This device relayed for others. About once a second while it does. */
  onRelayed?(relayed: RelayedBytes): void;
}

/** One end of a direct link that two people set up by carrying descriptions from screen to screen; no server takes part. */
export interface HandMadeEnd {
  /** For the other end. At most `MAX_DESCRIPTION_BYTES` (limits.ts). Tells this device's addresses. */
  readonly description: Uint8Array;
  cancel(): void;
}

export interface HandMadeOffer extends HandMadeEnd {
  /** Takes what the other end made of this offer. The link comes by `onLink`; rejects if it does not stand in 30 seconds. */
  complete(peer: PeerKey, description: Uint8Array): Promise<void>;
}

export interface HandMadeAnswer extends HandMadeEnd {
  /** Resolves once the link stands; it comes by `onLink`. Rejects when it was cancelled, or did not stand in ten minutes. */
  readonly linked: Promise<void>;
}

/** Links without any server. The peer may learn this device's addresses, whether or not it is wanted. Not before `start`. */
export interface HandMadeLinks {
  /** Rejects with NoAddressError on a device without any network. */
  offer(): Promise<HandMadeOffer>;
  /** @throws DecodeError for what is no description; NoAddressError as `offer`. */
  answer(peer: PeerKey, description: Uint8Array): Promise<HandMadeAnswer>;
}

/** There is no network that the other end could be on. */
export class NoAddressError extends Error {
  override readonly name = "NoAddressError";
}

export interface Transport {
  /** Starts the node with this Ed25519 seed (32 bytes). Resolves when peers can be dialled, before any relay answered. */
  start(peerSeed: Uint8Array, handlers: TransportHandlers): Promise<void>;
  /** Ends all links and the node within two seconds; handlers hear the closes, then nothing more. Idempotent. */
  stop(): Promise<void>;
  /** Replaces the set of wanted peers. Links to peers no longer wanted are closed. */
  want(peers: readonly WantedPeer[]): void;
  /** Closes every link and connection to this peer and refuses new ones for `forMs` milliseconds. */
  refuse(peer: PeerKey, forMs: number): void;
  /**
   * Replaces the set of blocked peers: their links and connections end, they are neither dialled nor let in, and no offer of theirs is
   * answered, as if this device were away. Holds whether or not they are wanted, and may be called before `start`.
   */
  block(peers: readonly PeerKey[]): void;
  /** Replaces the rules of relaying for others, off at first. What they do not allow any more ends at once. */
  setRelaying(rules: RelayingRules): void;
  /** The relays others can use to reach this device, best first: reserved ones, else the configured ones. At most two. */
  ownRelays(): readonly string[];
  /** The page came back or the network changed: drop what may be dead, reserve and dial again now instead of after a back-off. */
  wake(): void;
  /** Whether the platform believes there is a network at all. */
  setOnline(isOnline: boolean): void;
  /** Undefined before `start` has resolved, and where such links cannot be made. */
  readonly byHand: HandMadeLinks | undefined;
}

export class LinkClosedError extends Error {
  override readonly name = "LinkClosedError";
}
