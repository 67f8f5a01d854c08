/** A libp2p node with WebRTC as it comes, which answers anybody: shows that a stranger's offer would be answered if nothing refused it. */
import { circuitRelayTransport } from "@libp2p/circuit-relay-v2";
import { generateKeyPair } from "@libp2p/crypto/keys";
import { identify } from "@libp2p/identify";
import { noise } from "@libp2p/noise";
import { webRTC } from "@libp2p/webrtc";
import { webSockets } from "@libp2p/websockets";
import { yamux } from "@libp2p/yamux";
import { createLibp2p } from "libp2p";

export interface BarePeer {
  /** Ed25519, 32 bytes. */
  readonly key: Uint8Array;
  stop(): Promise<void>;
}

/** Resolves when it is reachable through the relay. */
export async function startBarePeer(relay: string): Promise<BarePeer> {
  const privateKey = await generateKeyPair("Ed25519");
  const node = await createLibp2p({
    privateKey,
    addresses: { listen: [`${relay}/p2p-circuit`, "/webrtc"] },
    transports: [webSockets(), circuitRelayTransport(), webRTC()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionGater: { denyDialMultiaddr: () => false },
    services: { identify: identify() },
  });
  return { key: privateKey.publicKey.raw, stop: async () => node.stop() };
}
