/**
 * What one peer may take from a relay: so many connections, and so many circuits at a time as caller or as called. Counted on the
 * streams that are open, so nothing has to be released. Reservations need no count: libp2p keeps one per peer.
 */
import type { ConnectionGater, Libp2p, PeerId } from "@libp2p/interface";

const HOP_PROTOCOL = "/libp2p/circuit/relay/0.2.0/hop";
const STOP_PROTOCOL = "/libp2p/circuit/relay/0.2.0/stop";

export interface PeerCaps {
  readonly connectionsPerPeer: number;
  readonly circuitsPerPeer: number;
}

/** `node` is asked when a peer wants something, so it may be created after the gater. */
export function createPeerCaps(caps: PeerCaps, node: () => Libp2p | undefined): ConnectionGater {
  const open = (peer: PeerId, protocol: string): number =>
    (node()?.getConnections(peer) ?? []).reduce(
      (sum, connection) => sum + connection.streams.filter((stream) => stream.protocol === protocol).length,
      0,
    );
  return {
    // A relay answers; it never dials.
    denyDialPeer: () => true,
    denyDialMultiaddr: () => true,
    denyInboundUpgradedConnection: (peer) => (node()?.getConnections(peer).length ?? 0) >= caps.connectionsPerPeer,
    denyOutboundRelayedConnection: (source, destination) =>
      // The request being decided is one of the caller's open streams, but not yet one of the called peer's.
      open(source, HOP_PROTOCOL) > caps.circuitsPerPeer || open(destination, STOP_PROTOCOL) >= caps.circuitsPerPeer,
  };
}
