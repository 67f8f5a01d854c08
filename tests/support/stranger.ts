/** Somebody on the same relay who was never invited: a bare libp2p node that sends a WebRTC offer and listens for what comes back. */
import { circuitRelayTransport } from "@libp2p/circuit-relay-v2";
import { publicKeyFromRaw } from "@libp2p/crypto/keys";
import { identify } from "@libp2p/identify";
import type { Stream } from "@libp2p/interface";
import { noise } from "@libp2p/noise";
import { peerIdFromPublicKey } from "@libp2p/peer-id";
import { webSockets } from "@libp2p/websockets";
import { yamux } from "@libp2p/yamux";
import { multiaddr } from "@multiformats/multiaddr";
import { createLibp2p, type Libp2p } from "libp2p";

const SIGNALLING_PROTOCOL = "/webrtc-signaling/0.0.1";
/** What the signalling protocol calls an offer. */
const OFFER_TYPE = 0;
const TYPE_TAG = 0x08;
const DATA_TAG = 0x12;

export interface Answer {
  /** Whether the stream was opened at all. */
  readonly isOpened: boolean;
  /** Bytes that came back: an answer, a candidate, anything. */
  readonly bytes: number;
  /** Whether the other side ended it. */
  readonly isEnded: boolean;
}

export class Stranger {
  readonly #node: Libp2p;

  private constructor(node: Libp2p) {
    this.#node = node;
  }

  static async create(): Promise<Stranger> {
    const node = await createLibp2p({
      transports: [webSockets(), circuitRelayTransport()],
      connectionEncrypters: [noise()],
      streamMuxers: [yamux()],
      connectionGater: { denyDialMultiaddr: () => false },
      services: { identify: identify() },
    });
    return new Stranger(node);
  }

  /** Sends the offer through the relay and listens until the other side ends the stream or the time is over. */
  async offer(relay: string, peerKey: Uint8Array, sdp: string, listenMs: number): Promise<Answer> {
    const peer = peerIdFromPublicKey(publicKeyFromRaw(peerKey));
    const connection = await this.#node.dial(multiaddr(`${relay}/p2p-circuit/p2p/${peer.toString()}`));
    let stream: Stream;
    try {
      stream = await connection.newStream(SIGNALLING_PROTOCOL, { runOnLimitedConnection: true });
    } catch {
      return { isOpened: false, bytes: 0, isEnded: true };
    }
    return await this.#talk(stream, sdp, listenMs);
  }

  async stop(): Promise<void> {
    await this.#node.stop();
  }

  #talk(stream: Stream, sdp: string, listenMs: number): Promise<Answer> {
    return new Promise((resolve) => {
      let bytes = 0;
      const finish = (isEnded: boolean): void => {
        clearTimeout(timer);
        resolve({ isOpened: true, bytes, isEnded });
      };
      const timer = setTimeout(finish, listenMs, false);
      stream.addEventListener("message", ({ data }) => {
        bytes += data.byteLength;
      });
      stream.addEventListener("close", () => finish(true));
      try {
        stream.send(lengthPrefixed(offerMessage(sdp)));
      } catch {
        // Ended by the other side before a word was said.
        finish(true);
      }
    });
  }
}

/** The protobuf message { type = 1, data = 2 }. */
function offerMessage(sdp: string): Uint8Array {
  const data = new TextEncoder().encode(sdp);
  return Uint8Array.from([TYPE_TAG, OFFER_TYPE, DATA_TAG, ...varint(data.byteLength), ...data]);
}

function lengthPrefixed(message: Uint8Array): Uint8Array {
  return Uint8Array.from([...varint(message.byteLength), ...message]);
}

function varint(value: number): number[] {
  const low = value & 0x7f;
  const rest = value >>> 7;
  return rest === 0 ? [low] : [low | 0x80, ...varint(rest)];
}
