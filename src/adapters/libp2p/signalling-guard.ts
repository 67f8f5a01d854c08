/**
 * The WebRTC transport answers anybody's offer with ICE candidates, which tell this device's addresses, and libp2p asks no gater
 * before. So its signalling handler is wrapped: an offer from a peer that may not go direct ends before an RTCPeerConnection exists.
 * It also signals over whichever connection to the peer is the oldest; here it gets the one that carries the newest link.
 */
import type { Connection, PeerId, Transport } from "@libp2p/interface";
import { withOverrides } from "./component-overrides.ts";
import type { NodeComponents } from "./node.ts";

const SIGNALLING_PROTOCOL = "/webrtc-signaling/0.0.1";
/** An honest peer has one offer open, and a second when it retries. */
const MAX_OPEN_OFFERS = 2;

type Registrar = NodeComponents["registrar"];
type ConnectionManager = NodeComponents["connectionManager"];

export interface SignallingRules {
  /** Whether this peer may learn this device's addresses. */
  readonly mayGoDirect: (peer: PeerId) => boolean;
  /** The connection to signal over. */
  readonly signalOver: (peer: PeerId) => Connection | undefined;
}

export function guardSignalling(
  createTransport: (components: NodeComponents) => Transport,
  { mayGoDirect, signalOver }: SignallingRules,
): (components: NodeComponents) => Transport {
  return (components) => {
    const { registrar, connectionManager } = components;
    const guardedRegistrar = withOverrides(registrar, { handle: guardedHandle(registrar, mayGoDirect) });
    const getConnections: ConnectionManager["getConnections"] = (peer) => {
      const chosen = peer === undefined ? undefined : signalOver(peer);
      return chosen === undefined ? connectionManager.getConnections(peer) : [chosen];
    };
    const choosing = withOverrides(connectionManager, { getConnections });
    return createTransport(withOverrides(components, { registrar: guardedRegistrar, connectionManager: choosing }));
  };
}

function guardedHandle(registrar: Registrar, mayGoDirect: (peer: PeerId) => boolean): Registrar["handle"] {
  return async (protocol, handler, options) => {
    if (protocol !== SIGNALLING_PROTOCOL)
      throw new Error(`the WebRTC transport registered ${protocol}, which is not guarded`);
    await registrar.handle(
      protocol,
      (stream, connection) => {
        if (mayGoDirect(connection.remotePeer)) return handler(stream, connection);
        stream.abort(new Error("this peer may not open a direct link"));
      },
      { ...options, maxInboundStreams: MAX_OPEN_OFFERS },
    );
  };
}
