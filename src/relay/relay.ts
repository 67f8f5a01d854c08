/**
 * A rendezvous relay: a libp2p circuit-relay-v2 server over WebSocket and, where asked for, WebRTC Direct. It learns who talks to whom and how much, never what:
 * circuits carry encrypted connections between their ends. It keeps nothing but its own key, and logs nothing about peers.
 */
import { circuitRelayServer, type CircuitRelayService } from "@libp2p/circuit-relay-v2";
import { identify } from "@libp2p/identify";
import type { Libp2p, PrivateKey } from "@libp2p/interface";
import { noise } from "@libp2p/noise";
import { ping } from "@libp2p/ping";
import { webSockets } from "@libp2p/websockets";
import { yamux } from "@libp2p/yamux";
import { createLibp2p } from "libp2p";
import { usablePort } from "./listen-port.ts";
import { createPeerCaps } from "./peer-caps.ts";
import type { Running } from "./run-command.ts";
import { webrtcListening, type WebrtcOptions } from "./webrtc-listening.ts";

const ALL_INTERFACES = "0.0.0.0";
/** Enough for a reload that overlaps the old page, and for a second try. */
const CONNECTIONS_PER_PEER = 8;
/** Room for peers who only call and hold no reservation. */
const CONNECTIONS_PER_RESERVATION = 3;
const MIN_CONNECTIONS = 300;
/** Behind a proxy, or in a lab, all peers come from one host: limits per host would count them as one. */
const INBOUND_PER_HOST_PER_SECOND = 500;
const PENDING_CONNECTIONS = 250;
const MS_PER_SECOND = 1_000;

export interface RelayOptions {
  readonly key: PrivateKey;
  /** IPv4 address to listen on; 0.0.0.0 is all interfaces, of IPv6 too where there are any. */
  readonly host: string;
  /** TCP port of the WebSocket; 0 for any free one. */
  readonly port: number;
  /** The flag to name when the port is taken. */
  readonly portFlag: string;
  /** Multiaddrs to tell peers instead of the addresses listened on. */
  readonly announce: readonly string[];
  /** Certificate and key in PEM: listens with TLS (wss). */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Listens for WebRTC Direct as well. */
  readonly webrtc?: WebrtcOptions;
  readonly reservations: number;
  readonly circuitsPerPeer: number;
  /** Per circuit, both directions together. */
  readonly circuitBytes: number;
  readonly circuitSeconds: number;
}

export const RELAY_DEFAULTS = {
  reservations: 1_000,
  circuitsPerPeer: 64,
  circuitBytes: 4 * 1024 * 1024,
  circuitSeconds: 600,
} as const;

export interface Relay extends Running {
  readonly port: number;
  readonly peerId: string;
  /** Where it can be dialled, the loopback address first. */
  readonly addresses: readonly string[];
}

/** Resolves when the relay accepts connections. Throws CommandError when it cannot listen. */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  const port = await usablePort(options.host, options.port, options.portFlag);
  const node = await createRelayNode(options, port);
  const peerId = node.peerId.toString();
  const local = `/ip4/127.0.0.1/tcp/${port}${webSocketPart(options)}/p2p/${peerId}`;
  const others = node.getMultiaddrs().map(String);
  return { port, peerId, addresses: [...new Set([local, ...others])], stop: async () => node.stop() };
}

async function createRelayNode(options: RelayOptions, port: number): Promise<Libp2p> {
  const current: { node?: Libp2p } = {};
  const webrtc = options.webrtc === undefined ? undefined : await webrtcListening(options.host, options.webrtc);
  const caps = { connectionsPerPeer: CONNECTIONS_PER_PEER, circuitsPerPeer: options.circuitsPerPeer };
  const node = await createLibp2p({
    privateKey: options.key,
    addresses: {
      listen: [...listenAddresses(options, port), ...(webrtc?.listen ?? [])],
      announce: options.announce.map((address) => webrtc?.announced(address) ?? address),
    },
    transports: [
      webSockets(options.tls === undefined ? {} : { https: { ...options.tls } }),
      ...(webrtc === undefined ? [] : [webrtc.transport]),
    ],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionGater: createPeerCaps(caps, () => current.node),
    connectionManager: {
      maxConnections: Math.max(MIN_CONNECTIONS, options.reservations * CONNECTIONS_PER_RESERVATION),
      inboundConnectionThreshold: INBOUND_PER_HOST_PER_SECOND,
      maxIncomingPendingConnections: PENDING_CONNECTIONS,
    },
    services: {
      identify: identify(),
      ping: ping(),
      relay: circuitRelayServer({
        // One more for a reservation asked for while all circuits are in use.
        maxInboundHopStreams: options.circuitsPerPeer + 1,
        maxOutboundStopStreams: options.circuitsPerPeer,
        reservations: {
          maxReservations: options.reservations,
          defaultDataLimit: BigInt(options.circuitBytes),
          // In milliseconds here, told to peers in seconds: the patch of this package in patches/ sees to it.
          defaultDurationLimit: options.circuitSeconds * MS_PER_SECOND,
        },
      }),
    },
  });
  current.node = node;
  dropReservationsOfTheGone(node);
  return node;
}

/** A reservation is of use only while its peer is connected; kept until it expires, 1,000 visitors would fill the relay for hours. */
function dropReservationsOfTheGone(node: Libp2p<{ relay: CircuitRelayService }>): void {
  node.addEventListener("peer:disconnect", ({ detail: peer }) => {
    const reservation = node.services.relay.reservations.get(peer);
    if (reservation === undefined) return;
    // Its timer would otherwise remove the next reservation of the same peer.
    reservation.signal.clear();
    node.services.relay.reservations.delete(peer);
  });
}

function listenAddresses(options: RelayOptions, port: number): string[] {
  const rest = `/tcp/${port}${webSocketPart(options)}`;
  // libp2p goes on without IPv6 where there is none.
  return options.host === ALL_INTERFACES
    ? [`/ip4/${options.host}${rest}`, `/ip6/::${rest}`]
    : [`/ip4/${options.host}${rest}`];
}

function webSocketPart(options: RelayOptions): string {
  return options.tls === undefined ? "/ws" : "/tls/ws";
}
