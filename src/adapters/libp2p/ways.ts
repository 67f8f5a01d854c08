/** The ways to a first link with a peer, in the order in which they are tried. */
import type { PeerId } from "@libp2p/interface";
import type { Multiaddr } from "@multiformats/multiaddr";
import type { PeerKey } from "../../core/codec/ids.ts";
import type { Detour } from "../../core/transport/transport.ts";
import { circuitAddress, helperAddress, peerKeyToPeerId, type RelayAddress } from "./addresses.ts";

export interface Way {
  /** Of a relay its peer id, of a helper its key. */
  readonly name: string;
  readonly address: Multiaddr;
}

export interface WaySources {
  readonly to: PeerId;
  /** Devices that this one is linked with, and through which the peer says that it can be reached. */
  readonly helpers: readonly PeerKey[];
  /** Those of which it does not say so are asked after the relays: they learn whom this one looks for. */
  readonly mayHelp: readonly PeerKey[];
  /** Where the peer listens, and the own ones, the best first. Each is tried once. */
  readonly relays: readonly RelayAddress[];
  readonly isConnected: (relay: RelayAddress) => boolean;
  /** The name of what led there last. */
  readonly lastWay: string | undefined;
  /** Names of ways that are being given up. */
  readonly doubtful: ReadonlySet<string>;
}

/**
 * What led there last, then helpers and relays, of which those come first that this device is connected to: a circuit through them costs
 * one round trip. Last what is in doubt just now.
 */
export function waysTo({ to, helpers, mayHelp, relays, isConnected, lastWay, doubtful }: WaySources): readonly Way[] {
  const once = [...new Map(relays.map((relay) => [relay.id, relay])).values()];
  const through = (name: PeerKey, rank: number) => ({
    name,
    address: helperAddress(peerKeyToPeerId(name), to),
    rank,
  });
  const ways = [
    ...helpers.map((name) => through(name, 1)),
    ...mayHelp.filter((name) => !helpers.includes(name)).map((name) => through(name, 4)),
    ...once.map((relay) => ({ name: relay.id, address: circuitAddress(relay, to), rank: isConnected(relay) ? 2 : 3 })),
  ];
  const rankOf = ({ name, rank }: { readonly name: string; readonly rank: number }): number => {
    if (doubtful.has(name)) return 5;
    return name === lastWay ? 0 : rank;
  };
  return ways.toSorted((left, right) => rankOf(left) - rankOf(right)).map(({ name, address }) => ({ name, address }));
}

/** The name of the way that a path took. Undefined for what is no address of a relay. */
export function wayOf(path: Detour): string | undefined {
  return path.kind === "peer" ? path.helper : /\/p2p\/([^/]+)$/.exec(path.relay)?.[1];
}
