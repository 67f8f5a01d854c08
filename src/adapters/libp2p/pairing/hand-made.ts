/**
 * Direct links that two people set up by carrying an offer and an answer from screen to screen. ICE is gathered whole, since nothing
 * can follow; the peer's id is proven by Noise on the open channel, as on a link through a relay.
 */
import type { PeerId } from "@libp2p/interface";
import type { PeerKey } from "../../../core/codec/ids.ts";
import { type HandMadeAnswer, type HandMadeLinks, NoAddressError } from "../../../core/transport/transport.ts";
import { peerKeyToPeerId, webrtcAddress } from "../addresses.ts";
import type { Gate } from "../gate.ts";
import type { Links } from "../links.ts";
import type { Node } from "../node.ts";
import { silentLogger } from "../silent-logger.ts";
import { channelConnection } from "./channel-connection.ts";
import { packDescription, readSdp, unpackDescription, writeSdp } from "./description.ts";

/** A STUN server that does not answer is not waited for longer. */
const GATHER_MS = 2_000;
const COMPLETE_MS = 30_000;
/** Somebody has to show the answer to the other. */
const ANSWER_MS = 10 * 60_000;

export interface HandMadeContext {
  readonly node: Node;
  readonly gate: Gate;
  readonly links: Links;
  readonly iceServers: readonly RTCIceServer[];
  /** Aborts when the node stops. */
  readonly signal: AbortSignal;
}

export function handMadeLinks(context: HandMadeContext): HandMadeLinks {
  return {
    async offer() {
      const end = new End(context);
      try {
        await end.connection.setLocalDescription(await end.connection.createOffer());
        const description = await end.described();
        return {
          description,
          cancel: () => end.cancel(),
          complete: (peer, answer) => complete(context, end, peerKeyToPeerId(peer), peer, answer),
        };
      } catch (error) {
        end.cancel();
        throw error;
      }
    },
    async answer(peer, offered) {
      const sdp = writeSdp("offer", unpackDescription(offered));
      const end = new End(context);
      try {
        await end.connection.setRemoteDescription({ type: "offer", sdp });
        await end.connection.setLocalDescription(await end.connection.createAnswer());
        const description = await end.described();
        return {
          description,
          cancel: () => end.cancel(),
          linked: answered(context, end, peer),
        } satisfies HandMadeAnswer;
      } catch (error) {
        end.cancel();
        throw error;
      }
    },
  };
}

async function complete(
  { node, gate, links }: HandMadeContext,
  end: End,
  peerId: PeerId,
  peer: PeerKey,
  answer: Uint8Array,
): Promise<void> {
  const sdp = writeSdp("answer", unpackDescription(answer));
  const signal = end.within(COMPLETE_MS);
  try {
    gate.expect(peer);
    await end.connection.setRemoteDescription({ type: "answer", sdp });
    await end.opened(signal);
    const connection = await node.upgrader.upgradeOutbound(end.asConnection("outbound", peerId), { signal });
    await links.open(peerId, connection, signal);
  } catch (error) {
    end.cancel();
    throw error;
  }
}

async function answered({ node, gate }: HandMadeContext, end: End, peer: PeerKey): Promise<void> {
  const signal = end.within(ANSWER_MS);
  try {
    await end.opened(signal);
    gate.expect(peer);
    await node.upgrader.upgradeInbound(end.asConnection("inbound", peerKeyToPeerId(peer)), { signal });
  } catch (error) {
    end.cancel();
    throw error;
  }
}

/** A peer connection with one channel that both ends know of beforehand. */
class End {
  readonly connection: RTCPeerConnection;
  readonly #channel: RTCDataChannel;
  readonly #cancelled = new AbortController();
  readonly #stopping: AbortSignal;

  constructor({ iceServers, signal }: HandMadeContext) {
    this.connection = new RTCPeerConnection({ iceServers: [...iceServers] });
    this.#channel = this.connection.createDataChannel("kith", { negotiated: true, id: 0 });
    this.#stopping = signal;
    signal.addEventListener("abort", () => this.connection.close(), { once: true });
  }

  within(ms: number): AbortSignal {
    return AbortSignal.any([this.#stopping, this.#cancelled.signal, AbortSignal.timeout(ms)]);
  }

  cancel(): void {
    this.#cancelled.abort(new Error("cancelled"));
    this.connection.close();
  }

  /** What was gathered, packed. */
  async described(): Promise<Uint8Array> {
    await until(
      this.connection,
      "icegatheringstatechange",
      () => this.connection.iceGatheringState === "complete",
      this.within(GATHER_MS),
    ).catch((error: unknown) => {
      // What there is by then is enough.
      if (!(error instanceof DOMException && error.name === "TimeoutError")) throw error;
    });
    const description = readSdp(this.connection.localDescription?.sdp ?? "");
    if (description.candidates.length === 0) throw new NoAddressError("no address to be reached at");
    return packDescription(description);
  }

  async opened(signal: AbortSignal): Promise<void> {
    await until(this.#channel, "open", () => this.#channel.readyState === "open", signal);
  }

  asConnection(direction: "inbound" | "outbound", peerId: PeerId): ReturnType<typeof channelConnection> {
    return channelConnection({
      connection: this.connection,
      channel: this.#channel,
      remoteAddr: webrtcAddress(peerId),
      direction,
      log: silentLogger.forComponent("kith:pairing"),
    });
  }
}

async function until(target: EventTarget, event: string, isSo: () => boolean, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (isSo()) return;
  await new Promise<void>((resolve, reject) => {
    const done = new AbortController();
    const settle = (act: () => void): void => {
      done.abort();
      act();
    };
    target.addEventListener(event, () => isSo() && settle(resolve), { signal: done.signal });
    signal.addEventListener("abort", () => settle(() => reject(signal.reason as Error)), { signal: done.signal });
  });
}
