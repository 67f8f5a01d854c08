/** Runs in a page: bare WebRTC as its own program would use it, signalled through a WebSocket server with candidates sent as they come. */
import { type Carrier, Pipe } from "./pipe.ts";

const PAUSE_BYTES = 1024 * 1024;
const RESUME_BYTES = 256 * 1024;
const LIMIT_MS = 20_000;

interface Signal {
  readonly description?: RTCSessionDescriptionInit;
  readonly candidate?: RTCIceCandidateInit;
}

export class RawEnd {
  pipe = new Pipe();
  #socket: WebSocket | undefined;
  #configuration: RTCConfiguration = {};
  #connection: RTCPeerConnection | undefined;
  #early: RTCIceCandidateInit[] = [];

  /** Into the room where the other end is. */
  async join(url: string): Promise<void> {
    const socket = new WebSocket(url);
    this.#socket = socket;
    let turn: Promise<unknown> = Promise.resolve();
    socket.addEventListener("message", ({ data }) => {
      turn = turn.then(async () => this.#onSignal(JSON.parse(String(data)) as Signal));
    });
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve);
      socket.addEventListener("error", () => reject(new Error("the signalling server does not answer")));
    });
  }

  /** How the next connections are made. Both ends are told. */
  configure(configuration: RTCConfiguration): void {
    this.close();
    this.#configuration = configuration;
  }

  /** Milliseconds from nothing to an open channel at this end. */
  async call(): Promise<number> {
    this.close();
    const startedAt = performance.now();
    const connection = this.#create();
    const channel = connection.createDataChannel("raw");
    this.#carry(channel);
    const opened = new Promise<void>((resolve, reject) => {
      setTimeout(() => reject(new Error("no channel opened")), LIMIT_MS);
      channel.addEventListener("open", () => resolve());
    });
    await connection.setLocalDescription();
    this.#send({ description: connection.localDescription?.toJSON() });
    await opened;
    return performance.now() - startedAt;
  }

  /** The kinds of the selected candidates, such as "srflx–srflx", and over what: "udp", "relay udp". */
  async selected(): Promise<string> {
    const stats: ReadonlyMap<string, Record<string, unknown>> = (await this.#connection?.getStats()) ?? new Map();
    const transport = [...stats.values()].find((entry) => entry["type"] === "transport");
    const pair = stats.get(String(transport?.["selectedCandidatePairId"]));
    const local = stats.get(String(pair?.["localCandidateId"]));
    const remote = stats.get(String(pair?.["remoteCandidateId"]));
    return `${String(local?.["candidateType"])}–${String(remote?.["candidateType"])} ${String(local?.["relayProtocol"] ?? local?.["protocol"])}`;
  }

  close(): void {
    this.#connection?.close();
    this.#connection = undefined;
    this.#early = [];
  }

  #create(): RTCPeerConnection {
    const connection = new RTCPeerConnection(this.#configuration);
    this.#connection = connection;
    connection.addEventListener("icecandidate", ({ candidate }) => {
      if (candidate !== null) this.#send({ candidate: candidate.toJSON() });
    });
    connection.addEventListener("datachannel", ({ channel }) => this.#carry(channel));
    return connection;
  }

  async #onSignal({ description, candidate }: Signal): Promise<void> {
    if (description?.type === "offer") {
      this.close();
      const connection = this.#create();
      await connection.setRemoteDescription(description);
      await connection.setLocalDescription();
      this.#send({ description: connection.localDescription?.toJSON() });
    } else if (description !== undefined) await this.#connection?.setRemoteDescription(description);
    if (candidate !== undefined) this.#early.push(candidate);
    const connection = this.#connection;
    if (connection === undefined || connection.remoteDescription === null) return;
    for (const early of this.#early.splice(0)) await connection.addIceCandidate(early).catch(() => undefined);
  }

  #carry(channel: RTCDataChannel): void {
    channel.binaryType = "arraybuffer";
    channel.bufferedAmountLowThreshold = RESUME_BYTES;
    const pipe = new Pipe();
    this.pipe = pipe;
    const carrier: Carrier = {
      async send(bytes) {
        channel.send(bytes);
        if (channel.bufferedAmount < PAUSE_BYTES) return;
        await new Promise((resolve) => channel.addEventListener("bufferedamountlow", resolve, { once: true }));
      },
    };
    channel.addEventListener("message", ({ data }) => pipe.hear(new Uint8Array(data as ArrayBuffer)));
    pipe.use(carrier);
  }

  #send(signal: { description?: unknown; candidate?: RTCIceCandidateInit }): void {
    this.#socket?.send(JSON.stringify(signal));
  }
}
