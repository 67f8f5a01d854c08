/** The libp2p node of one browser tab. */
import { generateKeyPairFromSeed } from "@libp2p/crypto/keys";
import { identify } from "@libp2p/identify";
import type { Connection, Libp2p, PeerId } from "@libp2p/interface";
import { noise } from "@libp2p/noise";
import { ping } from "@libp2p/ping";
import { webRTC, webRTCDirect } from "@libp2p/webrtc";
import { webSockets } from "@libp2p/websockets";
import { yamux } from "@libp2p/yamux";
import { createLibp2p, type Libp2pOptions } from "libp2p";
import type { Gate } from "./gate.ts";
import { guardedCircuits } from "./helper-circuits.ts";
import type { Relaying } from "./relaying.ts";
import { guardSignalling } from "./signalling-guard.ts";
import { silentLogger } from "./silent-logger.ts";

const MAX_CONNECTIONS = 150;
/** Per second and host. Circuits count as coming from their relay's host, so this is for all peers behind one relay. */
const MAX_INBOUND_PER_SECOND = 50;
const MAX_PENDING_INBOUND = 32;
/** Of a relay that is all its circuits (`helper-circuits.ts`) and a little more; peers are held to fewer (`MAX_STREAMS_OF_PEER`). */
const MAX_INBOUND_STREAMS = 160;
/**
 * Of a stream over a relay or a circuit. libp2p's windows grow to 16 MiB; where a helper holds a circuit to its pace, all of that would wait
 * there, and whatever is newest behind it.
 */
const MAX_STREAM_WINDOW_BYTES = 1024 * 1024;
/** For a stream to say what it is for. */
const NEGOTIATION_TIMEOUT_MS = 5_000;
const DIAL_TIMEOUT_MS = 8000;
const UPGRADE_TIMEOUT_MS = 10_000;
const CLOSE_TIMEOUT_MS = 500;
/** A write resolves late enough for back-pressure and early enough that a short message is not stuck behind seconds of data. */
const SEND_BUFFER_BYTES = 512 * 1024;
/** Pings overlap when a wake-up checks what the heartbeat is checking too. */
const MAX_PING_STREAMS = 4;

export type NodeComponents = Parameters<NonNullable<Libp2pOptions["services"]>[string]>[0];

/** The part of the circuit transport that keeps reservations; it is public there, but its type is not exported. */
export interface ReservationStore {
  addRelay(relay: PeerId, type: "configured"): Promise<unknown>;
  hasReservation(relay: PeerId): boolean;
  readonly reservations: {
    get(relay: PeerId): { readonly timeout: ReturnType<typeof setTimeout> } | undefined;
    delete(relay: PeerId): void;
  };
  addEventListener(type: "relay:removed", listener: (event: CustomEvent<{ readonly relay: PeerId }>) => void): void;
}

export interface Node {
  readonly libp2p: Libp2p;
  readonly connections: NodeComponents["connectionManager"];
  readonly transports: NodeComponents["transportManager"];
  readonly upgrader: NodeComponents["upgrader"];
  readonly reservations: ReservationStore;
}

export interface NodeOptions {
  /** 32-byte Ed25519 seed. */
  readonly seed: Uint8Array;
  readonly gate: Gate;
  /** The connection over which to signal a direct link to this peer. */
  readonly signalOver: (peer: PeerId) => Connection | undefined;
  /** The connection of the direct link to this peer. */
  readonly directTo: (peer: PeerId) => Connection | undefined;
  readonly relaying: Relaying;
  readonly iceServers: readonly RTCIceServer[];
}

export async function createNode(options: NodeOptions): Promise<Node> {
  const { seed, gate, signalOver, directTo, relaying, iceServers } = options;
  const inner: { components?: NodeComponents; reservations?: ReservationStore } = {};
  const libp2p = await createLibp2p({
    privateKey: await generateKeyPairFromSeed("Ed25519", seed),
    logger: silentLogger,
    transports: [
      webSockets(),
      // To relays without a certificate of a name; a page listens on nothing.
      webRTCDirect(),
      guardSignalling(
        webRTC({
          rtcConfiguration: { iceServers: [...iceServers] },
          dataChannel: { maxBufferedAmount: SEND_BUFFER_BYTES },
        }),
        { mayGoDirect: (peer) => gate.mayGoDirect(peer), signalOver },
      ),
      (components) => {
        inner.components = components;
        const transport = guardedCircuits({ directTo, mayBring: (peer) => gate.mayBringCircuits(peer) })(components);
        inner.reservations = (transport as unknown as { readonly reservationStore: ReservationStore }).reservationStore;
        return transport;
      },
    ],
    connectionEncrypters: [noise()],
    streamMuxers: [
      yamux({
        maxInboundStreams: MAX_INBOUND_STREAMS,
        streamOptions: { maxStreamWindowSize: MAX_STREAM_WINDOW_BYTES },
      }),
    ],
    connectionGater: gate.connectionGater(),
    connectionManager: {
      maxConnections: MAX_CONNECTIONS,
      maxIncomingPendingConnections: MAX_PENDING_INBOUND,
      inboundConnectionThreshold: MAX_INBOUND_PER_SECOND,
      dialTimeout: DIAL_TIMEOUT_MS,
      inboundUpgradeTimeout: UPGRADE_TIMEOUT_MS,
      inboundStreamProtocolNegotiationTimeout: NEGOTIATION_TIMEOUT_MS,
      connectionCloseTimeout: CLOSE_TIMEOUT_MS,
      // Relays are dialled again by the reservations, with jitter.
      reconnectRetries: 0,
    },
    // The heartbeat does this, without being fooled by timers of a sleeping page.
    connectionMonitor: { enabled: false },
    services: {
      // Answers, as relays and other implementations expect; asks nothing, since nothing here depends on the answers.
      identify: identify({ runOnConnectionOpen: false }),
      ping: ping({ maxInboundStreams: MAX_PING_STREAMS, maxOutboundStreams: MAX_PING_STREAMS }),
      relaying: (components: NodeComponents) => relaying.service(components),
    },
  });
  libp2p.addEventListener("peer:disconnect", ({ detail: peer }) => relaying.forget(peer));
  const { components, reservations } = inner;
  if (components === undefined || reservations === undefined) throw new Error("libp2p did not create its transports");
  const { connectionManager: connections, transportManager: transports, upgrader } = components;
  return { libp2p, connections, transports, upgrader, reservations };
}
