/**
 * A peer that speaks frames by hand over the memory network: for what no honest core sends. It takes part in the window (gives
 * credit for what it got) unless told not to.
 */
import { ByteWriter } from "../../src/core/codec/byte-writer.ts";
import { bytesToHex } from "../../src/core/codec/bytes.ts";
import type { ConversationId, PeerKey } from "../../src/core/codec/ids.ts";
import { encodeFrame, FRAME, FRAME_HEADER_BYTES, type Frame, FrameDecoder } from "../../src/core/sync/frames.ts";
import { helloTag } from "../../src/core/sync/hello-tag.ts";
import { decodeGreet, encodeGreet, encodeHello, type Greet } from "../../src/core/sync/payloads.ts";
import type { Link, LinkHandlers, Transport } from "../../src/core/transport/transport.ts";
import type { CorePerson, CoreWorld } from "./core-world.ts";

export class RawPeer {
  readonly key: PeerKey;
  readonly nonce: Uint8Array;
  /** Frames of the newest link, credit left out. */
  received: Frame[] = [];
  links = 0;
  /** Links that ended. */
  closes = 0;
  givesCredit = true;
  readonly #transport: Transport;
  readonly #world: CoreWorld;
  #link: Link | undefined;
  #decoder = new FrameDecoder();
  #receivedBytes = 0;
  #isOpen = false;
  #greeting: Greet | undefined;

  private constructor(world: CoreWorld, key: PeerKey) {
    this.#world = world;
    this.nonce = world.suite.random(32);
    this.key = key;
    this.#transport = world.network.transport();
  }

  /** With a peer key of its own, or that of somebody whose app is closed. */
  static async start(world: CoreWorld, peerSeed = world.suite.random(32)): Promise<RawPeer> {
    const peer = new RawPeer(world, bytesToHex(world.suite.publicKey(peerSeed)) as PeerKey);
    await peer.#transport.start(peerSeed, {
      onLink: (link) => peer.#onLink(link),
      onPath: () => undefined,
      onReachability: () => undefined,
    });
    await world.clock.advance(200);
    return peer;
  }

  /** At the keys of somebody, whose app is closed for it, greeted and with a link to somebody else. */
  static async inPlaceOf(world: CoreWorld, person: CorePerson, reached: CorePerson): Promise<RawPeer> {
    const { peerSeed } = await person.identity();
    await person.messenger.stop();
    await world.clock.advance(10_000);
    const peer = await RawPeer.start(world, peerSeed);
    await peer.reach((await reached.identity()).peerKey);
    await peer.greet();
    return peer;
  }

  get isConnected(): boolean {
    return this.#isOpen;
  }

  /** Who is at the other end. */
  get remoteKey(): PeerKey {
    if (this.#link === undefined) throw new Error("no link");
    return this.#link.peer;
  }

  get isOpener(): boolean {
    return this.#link?.isOpener ?? false;
  }

  /** Dials and waits for a link; nothing is said on it yet. */
  async reach(peer: PeerKey): Promise<void> {
    this.#transport.want([{ peer, relays: [], allowDirect: true }]);
    await this.#world.clock.until(() => this.#isOpen);
    await this.#world.clock.advance(200);
  }

  async send(type: number, session: number, payload: Uint8Array = new Uint8Array(0)): Promise<void> {
    await this.sendBytes(encodeFrame({ type, session, payload }));
  }

  /** Sends, and lets everything happen that follows from it. */
  async sendBytes(bytes: Uint8Array): Promise<void> {
    this.queue(bytes);
    await this.#world.clock.advance(200);
  }

  queue(bytes: Uint8Array): void {
    this.#link?.send(bytes).catch(() => undefined);
  }

  greet(): Promise<void> {
    return this.send(FRAME.greet, 0, encodeGreet({ nonce: this.nonce, relays: [] }));
  }

  /** The other side's greeting. */
  get greeting(): Greet {
    if (this.#greeting === undefined) throw new Error("not greeted");
    return this.#greeting;
  }

  /** A hello frame's payload for a conversation, as the peer with this key says it. */
  hello(conversation: ConversationId, digest: Uint8Array): Uint8Array {
    if (this.#link === undefined) throw new Error("no link");
    const { suite } = this.#world;
    const host = { mac: suite.mac.bind(suite) };
    const own = { nonce: this.nonce, peer: this.key };
    const remote = { nonce: this.greeting.nonce, peer: this.#link.peer };
    return encodeHello({ tag: helloTag(host, conversation, own, remote), digest, statements: new Uint8Array(8) });
  }

  /** Types of the frames received since the last call, in order. */
  takeTypes(): number[] {
    return this.received.splice(0).map(({ type }) => type);
  }

  lastOf(type: number): Frame {
    const frame = this.received.findLast((candidate) => candidate.type === type);
    if (frame === undefined) throw new Error(`no frame of type ${type}`);
    return frame;
  }

  async credit(bytes: number): Promise<void> {
    await this.send(FRAME.credit, 0, new ByteWriter().uint(bytes, 6).finish());
  }

  async stop(): Promise<void> {
    await this.#transport.stop();
  }

  #onLink(link: Link): LinkHandlers {
    this.#link = link;
    this.#decoder = new FrameDecoder();
    this.#receivedBytes = 0;
    this.received = [];
    this.links += 1;
    this.#isOpen = true;
    return {
      onData: (bytes) => this.#onData(bytes),
      onClose: () => {
        this.closes += 1;
        if (this.#link === link) this.#isOpen = false;
      },
    };
  }

  #onData(bytes: Uint8Array): void {
    for (const frame of this.#decoder.push(bytes)) {
      if (frame.type === FRAME.credit) continue;
      this.#receivedBytes += FRAME_HEADER_BYTES + frame.payload.length;
      if (frame.type === FRAME.greet) this.#greeting = decodeGreet(frame.payload);
      this.received.push(frame);
    }
    if (!this.givesCredit) return;
    const payload = new ByteWriter().uint(this.#receivedBytes, 6).finish();
    this.queue(encodeFrame({ type: FRAME.credit, session: 0, payload }));
  }
}
