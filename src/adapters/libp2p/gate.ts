/** Who may be dialled and who may connect. libp2p asks here before every dial and after every step of an incoming connection. */
import type { ConnectionGater, PeerId } from "@libp2p/interface";
import type { Multiaddr } from "@multiformats/multiaddr";
import type { Clock } from "../../core/clock.ts";
import type { PeerKey } from "../../core/codec/ids.ts";
import type { RelayedAs } from "../../core/transport/transport.ts";
import { ConnectionRate } from "./connection-rate.ts";
import { parseRelay, peerIdToPeerKey, type RelayAddress } from "./addresses.ts";
import type { Relaying } from "./relaying.ts";

/** By then a peer whose link was set up by hand is wanted as well, or goes. */
const EXPECTED_MS = 60_000;

/** Connections held at once with peers core did not ask for. */
export const MAX_STRANGER_CONNECTIONS = 8;

export interface GateOptions {
  readonly allowInsecure: boolean;
  readonly clock: Clock;
  /** How many connections with peers that are neither wanted nor relays are open now. */
  readonly countStrangers: () => number;
  /** Peers on which this device reserved, or is about to. */
  readonly isHelper?: (peer: PeerKey) => boolean;
  readonly relaying?: Pick<Relaying, "mayReserve" | "mayConnect">;
}

interface Admission {
  readonly allowDirect: boolean;
  readonly relayedAs?: RelayedAs;
}

export class Gate {
  readonly #options: GateOptions;
  readonly #ownRelayIds = new Set<string>();
  #wantedRelayIds: ReadonlySet<string> = new Set();
  #wanted: ReadonlyMap<PeerKey, Admission> = new Map();
  readonly #expectedUntilMs = new Map<PeerKey, number>();
  readonly #refusedUntilMs = new Map<PeerKey, number>();
  #blocked: ReadonlySet<PeerKey> = new Set();
  readonly #rate: ConnectionRate;

  constructor(options: GateOptions) {
    this.#options = options;
    this.#rate = new ConnectionRate(options.clock);
  }

  setOwnRelays(relays: readonly RelayAddress[]): void {
    for (const relay of relays) this.#ownRelayIds.add(relay.id);
  }

  setWanted(wanted: ReadonlyMap<PeerKey, Admission>, relays: readonly RelayAddress[]): void {
    this.#wanted = wanted;
    this.#rate.keepOnly(wanted);
    this.#wantedRelayIds = new Set(relays.map((relay) => relay.id));
  }

  refuse(peer: PeerKey, forMs: number): void {
    const nowMs = this.#options.clock.monotonic();
    for (const [key, untilMs] of this.#refusedUntilMs) if (untilMs <= nowMs) this.#refusedUntilMs.delete(key);
    this.#refusedUntilMs.set(peer, nowMs + forMs);
  }

  /** Refused until another set replaces this one. */
  setBlocked(peers: readonly PeerKey[]): void {
    this.#blocked = new Set(peers);
  }

  /** This peer comes over a link that was set up by hand: its person agreed to that on both screens. */
  expect(peer: PeerKey): void {
    this.#expectedUntilMs.set(peer, this.#options.clock.monotonic() + EXPECTED_MS);
  }

  isExpected(peer: PeerKey): boolean {
    return (this.#expectedUntilMs.get(peer) ?? 0) > this.#options.clock.monotonic();
  }

  isRefused(peer: PeerKey): boolean {
    return this.#blocked.has(peer) || (this.#refusedUntilMs.get(peer) ?? 0) > this.#options.clock.monotonic();
  }

  isWanted(peer: PeerKey): boolean {
    return this.#wanted.has(peer) || this.isExpected(peer);
  }

  isOwnRelay(peer: PeerId): boolean {
    return this.#ownRelayIds.has(peer.toString());
  }

  isRelay(peer: PeerId): boolean {
    return this.isOwnRelay(peer) || this.#wantedRelayIds.has(peer.toString());
  }

  /** Whether this peer may learn this device's addresses, so whether WebRTC may be offered to it and answered. */
  mayGoDirect(peerId: PeerId): boolean {
    const peer = peerIdToPeerKey(peerId);
    if (peer === undefined || this.isRefused(peer)) return false;
    return this.#wanted.get(peer)?.allowDirect === true || this.isExpected(peer);
  }

  /** As whom this peer may ask this device to relay; undefined: not at all. Noise has proven that the peer has its key. */
  relayedAs(peerId: PeerId): RelayedAs | undefined {
    const peer = peerIdToPeerKey(peerId);
    return peer === undefined || this.isRefused(peer) ? undefined : this.#wanted.get(peer)?.relayedAs;
  }

  /** Whether circuits through this peer are taken: one of the own relays, or a device that helps. */
  mayBringCircuits(peerId: PeerId): boolean {
    const peer = peerIdToPeerKey(peerId);
    return this.isOwnRelay(peerId) || (peer !== undefined && this.#options.isHelper?.(peer) === true);
  }

  /** Whether this peer may connect to this device. Relays are only dialled, so being one opens no door. */
  #mayConnect(peerId: PeerId): boolean {
    const peer = peerIdToPeerKey(peerId);
    if (peer === undefined || this.isRefused(peer)) return false;
    return this.isWanted(peer) || this.#options.countStrangers() < MAX_STRANGER_CONNECTIONS;
  }

  /** Asked once per connection, before anything is exchanged: the relay has authenticated the peer. */
  #isOftenEnough(peerId: PeerId): boolean {
    const peer = peerIdToPeerKey(peerId);
    return peer === undefined || !this.#rate.take(peer, this.isWanted(peer));
  }

  #mayDialPeer(peerId: PeerId): boolean {
    if (this.isRelay(peerId)) return true;
    const peer = peerIdToPeerKey(peerId);
    return peer !== undefined && this.isWanted(peer) && !this.isRefused(peer);
  }

  #mayDialAddress(address: Multiaddr): boolean {
    const text = address.toString();
    const circuitAt = text.indexOf("/p2p-circuit/");
    const relay = parseRelay(circuitAt === -1 ? text : text.slice(0, circuitAt), this.#options.allowInsecure);
    return relay !== undefined && this.isRelay(relay.peerId);
  }

  connectionGater(): ConnectionGater {
    return {
      denyDialPeer: (peer) => !this.#mayDialPeer(peer),
      denyDialMultiaddr: (address) => !this.#mayDialAddress(address),
      denyOutboundConnection: (peer) => !this.#mayDialPeer(peer),
      denyOutboundUpgradedConnection: (peer, connection) =>
        !this.#mayDialPeer(peer) || (isWebrtc(connection.remoteAddr) && !this.mayGoDirect(peer)),
      denyInboundRelayedConnection: (relay, peer) =>
        !this.mayBringCircuits(relay) || !this.#mayConnect(peer) || this.#isOftenEnough(peer),
      denyInboundEncryptedConnection: (peer) => !this.#mayConnect(peer),
      denyInboundUpgradedConnection: (peer, connection) =>
        !this.#mayConnect(peer) || (isWebrtc(connection.remoteAddr) && !this.mayGoDirect(peer)),
      denyInboundRelayReservation: (peer) => this.#options.relaying?.mayReserve(peer) !== true,
      denyOutboundRelayedConnection: (caller, called) => this.#options.relaying?.mayConnect(caller, called) !== true,
      // What a peer says about its own addresses is not dialled: core names the relays.
      filterMultiaddrForPeer: (peer, address) => this.isRelay(peer) && this.#mayDialAddress(address),
    };
  }
}

/** A circuit through a device that is linked by WebRTC is none. */
function isWebrtc(address: Multiaddr): boolean {
  const names = address.getComponents().map((component) => component.name);
  return names.slice(names.lastIndexOf("p2p-circuit") + 1).includes("webrtc");
}
