/** One WebRTC data channel as libp2p's connection: Noise and the muxer run on top, so that the peer id is proven as anywhere else. */
import type { Logger, MessageStreamDirection, MultiaddrConnection } from "@libp2p/interface";
import { AbstractMultiaddrConnection, type SendResult } from "@libp2p/utils";
import type { Multiaddr } from "@multiformats/multiaddr";

type Sent = Parameters<AbstractMultiaddrConnection["sendData"]>[0];

/** What every browser carries in one message. */
const MAX_MESSAGE_BYTES = 16 * 1024;
const MAX_BUFFERED_BYTES = 512 * 1024;
const RESUME_BELOW_BYTES = 128 * 1024;

export interface ChannelOptions {
  readonly connection: RTCPeerConnection;
  readonly channel: RTCDataChannel;
  readonly remoteAddr: Multiaddr;
  readonly direction: MessageStreamDirection;
  readonly log: Logger;
}

/** `channel` is open. */
export function channelConnection(options: ChannelOptions): MultiaddrConnection {
  return new ChannelConnection(options);
}

class ChannelConnection extends AbstractMultiaddrConnection {
  readonly #connection: RTCPeerConnection;
  readonly #channel: RTCDataChannel;

  constructor({ connection, channel, ...init }: ChannelOptions) {
    super({ ...init, maxMessageSize: MAX_MESSAGE_BYTES });
    this.#connection = connection;
    this.#channel = channel;
    channel.binaryType = "arraybuffer";
    channel.bufferedAmountLowThreshold = RESUME_BELOW_BYTES;
    channel.addEventListener("bufferedamountlow", () => this.safeDispatchEvent("drain"));
    channel.addEventListener("message", ({ data }) => {
      if (data instanceof ArrayBuffer) this.onData(new Uint8Array(data));
      else this.abort(new Error("text on a channel for bytes"));
    });
    channel.addEventListener("close", () => this.#ended());
    connection.addEventListener("connectionstatechange", () => {
      if (connection.connectionState === "failed" || connection.connectionState === "closed") this.#ended();
    });
  }

  override sendData(data: Sent): SendResult {
    this.#channel.send(data.slice());
    return { sentBytes: data.byteLength, canSendMore: this.#channel.bufferedAmount < MAX_BUFFERED_BYTES };
  }

  override async sendClose(): Promise<void> {
    this.#connection.close();
    return Promise.resolve();
  }

  override sendReset(): void {
    this.#connection.close();
  }

  /** WebRTC has no back-pressure for what is read. */
  override sendPause(): void {}

  override sendResume(): void {}

  #ended(): void {
    this.onTransportClosed();
    this.#connection.close();
  }
}
