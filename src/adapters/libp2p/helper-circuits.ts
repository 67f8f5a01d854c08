/**
 * Circuits through other people's devices, of which libp2p's circuit transport is not aware: it takes the first connection to a relay that
 * it finds, where only the direct one serves, and it reserves with whoever brings a circuit.
 */
import { circuitRelayTransport } from "@libp2p/circuit-relay-v2";
import type { Connection, PeerId, Transport } from "@libp2p/interface";
import { withOverrides } from "./component-overrides.ts";
import type { NodeComponents } from "./node.ts";

const STOP_PROTOCOL = "/libp2p/circuit/relay/0.2.0/stop";
/** Of all others through one relay or helper. */
const MAX_CIRCUITS_PER_RELAY = 128;
/**
 * More than this device ever asks for at once. libp2p empties its queue of reservations whenever one was made, and whoever waits in it waits
 * for ever.
 */
const MAX_RESERVATIONS_IN_PROGRESS = 64;

export interface CircuitRules {
  /** The connection of the direct link to this peer; undefined for relays. */
  readonly directTo: (peer: PeerId) => Connection | undefined;
  /** Whether this device reserved with this peer, which then may bring circuits. */
  readonly mayBring: (peer: PeerId) => boolean;
}

export function guardedCircuits({ directTo, mayBring }: CircuitRules): (components: NodeComponents) => Transport {
  const createTransport = circuitRelayTransport({
    maxInboundStopStreams: MAX_CIRCUITS_PER_RELAY,
    reservationConcurrency: MAX_RESERVATIONS_IN_PROGRESS,
  });
  return (components) => {
    const { registrar, connectionManager } = components;
    const handle: typeof registrar.handle = async (protocol, handler, options) => {
      if (protocol !== STOP_PROTOCOL) throw new Error(`the circuit transport registered ${protocol}, unguarded`);
      await registrar.handle(
        protocol,
        (stream, connection) => {
          if (mayBring(connection.remotePeer)) return handler(stream, connection);
          stream.abort(new Error("nothing is reserved there"));
        },
        options,
      );
    };
    const getConnections: typeof connectionManager.getConnections = (peer) => {
      const direct = peer === undefined ? undefined : directTo(peer);
      return direct === undefined ? connectionManager.getConnections(peer) : [direct];
    };
    const openConnection: typeof connectionManager.openConnection = async (target, options) => {
      const direct = "publicKey" in target ? directTo(target) : undefined;
      return direct ?? connectionManager.openConnection(target, options);
    };
    return createTransport(
      withOverrides(components, {
        registrar: withOverrides(registrar, { handle }),
        connectionManager: withOverrides(connectionManager, { getConnections, openConnection }),
      }),
    );
  };
}
