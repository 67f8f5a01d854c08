/**
 * Somebody with keys of their own who speaks the peer protocol by hand, over a real relay, and keeps to none of it: for what no honest
 * Kith sends. Becomes a contact by an invite when asked to.
 */
import { circuitRelayTransport } from "@libp2p/circuit-relay-v2";
import { generateKeyPairFromSeed, publicKeyFromRaw } from "@libp2p/crypto/keys";
import { identify } from "@libp2p/identify";
import type { Connection, Stream } from "@libp2p/interface";
import { noise } from "@libp2p/noise";
import { peerIdFromPublicKey } from "@libp2p/peer-id";
import { webSockets } from "@libp2p/websockets";
import { yamux } from "@libp2p/yamux";
import { multiaddr } from "@multiformats/multiaddr";
import { createLibp2p, type Libp2p } from "libp2p";
import { createMemoryStore, type MemoryStore } from "../../src/adapters/memory/memory-store.ts";
import { ByteWriter } from "../../src/core/codec/byte-writer.ts";
import { hexToBytes } from "../../src/core/codec/bytes.ts";
import { CONTROL_CHANNEL, CONTROL_KIND, MESSAGE_CHANNEL, MESSAGE_KIND } from "../../src/core/codec/entry.ts";
import type { ConversationId } from "../../src/core/codec/ids.ts";
import { encodeBundle } from "../../src/core/conversations/bundle.ts";
import { encodeText } from "../../src/core/conversations/content.ts";
import { encodeClaim, proofOf } from "../../src/core/conversations/first-contact-codec.ts";
import { conversationIdOf } from "../../src/core/conversations/conversation-id.ts";
import { encodeGenesis } from "../../src/core/membership/genesis.ts";
import { type Invite, inviteIdOf, parseInviteText } from "../../src/core/conversations/invite-codec.ts";
import { accountIdOf, consentingDevice, encodeDeviceList } from "../../src/core/crypto/identity.ts";
import { createSuite } from "../../src/core/crypto/real-suite.ts";
import { APPEND_TABLES, appendEntry } from "../../src/core/log/append.ts";
import type { EntryParts } from "../../src/core/log/entry.ts";
import type { IdentityRow } from "../../src/core/store/tables.ts";
import { encodeFrame, FRAME, FRAME_HEADER_BYTES, type Frame, FrameDecoder } from "../../src/core/sync/frames.ts";
import { helloTag } from "../../src/core/sync/hello-tag.ts";
import { decodeGreet, encodeGreet, encodeHave, encodeHello, encodeWant } from "../../src/core/sync/payloads.ts";

const PEER_PROTOCOL = "/kith/peer/1";
const ANSWER_LIMIT_MS = 15_000;
const DIAL_LIMIT_MS = 30_000;
const NOTHING = new Uint8Array(0);
const suite = createSuite();

export function readInvite(link: string): Invite {
  const parsed = parseInviteText(suite, link);
  if (parsed.kind !== "invite") throw new Error("not an invite");
  return parsed.invite;
}

/** One stream to the victim. */
export class Talk {
  readonly connection: Connection;
  readonly frames: Frame[] = [];
  readonly nonce = suite.random(32);
  /** Whether the other side is given credit for what it sent. */
  givesCredit = true;
  isEnded = false;
  readonly #stream: Stream;
  readonly #decoder = new FrameDecoder();
  #received = 0;
  #waiting: (() => void)[] = [];

  constructor(connection: Connection, stream: Stream) {
    this.connection = connection;
    this.#stream = stream;
    stream.addEventListener("message", ({ data }) => this.#hear(data.subarray()));
    stream.addEventListener("close", () => this.#end());
    connection.addEventListener("close", () => this.#end());
  }

  /** What is sent into a stream that has ended is lost, as it should be. */
  bytes(bytes: Uint8Array): void {
    try {
      this.#stream.send(bytes);
    } catch {
      this.#end();
    }
  }

  frame(type: number, session = 0, payload: Uint8Array = NOTHING): void {
    this.bytes(encodeFrame({ type, session, payload }));
  }

  /** Resolves with the newest frame of this type, when there is one. */
  async heard(type: number): Promise<Frame> {
    await this.#until(() => this.frames.some((frame) => frame.type === type), `no frame of type ${type} came`);
    const found = this.frames.findLast((frame) => frame.type === type);
    if (found === undefined) throw new Error("the frame is gone");
    return found;
  }

  count(type: number): number {
    return this.frames.filter((frame) => frame.type === type).length;
  }

  async counted(type: number, count: number): Promise<void> {
    await this.#until(() => this.count(type) >= count, `only ${this.count(type)} frames of type ${type} came`);
  }

  async greet(): Promise<void> {
    this.frame(FRAME.greet, 0, encodeGreet({ nonce: this.nonce, relays: [] }));
    await this.heard(FRAME.greet);
  }

  async theirNonce(): Promise<Uint8Array> {
    return decodeGreet((await this.heard(FRAME.greet)).payload).nonce;
  }

  /** Resolves when the other side has ended it. */
  async ended(limitMs = ANSWER_LIMIT_MS): Promise<void> {
    await this.#until(() => this.isEnded, "the link was not ended", limitMs);
  }

  close(): void {
    this.#stream.abort(new Error("enough"));
    this.connection.abort(new Error("enough"));
  }

  #hear(bytes: Uint8Array): void {
    for (const frame of this.#decoder.push(bytes)) {
      if (frame.type === FRAME.credit) continue;
      this.#received += FRAME_HEADER_BYTES + frame.payload.length;
      this.frames.push(frame);
    }
    if (this.givesCredit) this.frame(FRAME.credit, 0, new ByteWriter().uint(this.#received, 6).finish());
    this.#wake();
  }

  #end(): void {
    this.isEnded = true;
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  async #until(holds: () => boolean, complaint: string, limitMs = ANSWER_LIMIT_MS): Promise<void> {
    const limit = AbortSignal.timeout(limitMs);
    while (!holds()) {
      await new Promise<void>((resolve, reject) => {
        limit.addEventListener("abort", () => reject(new Error(complaint)), { once: true });
        this.#waiting.push(resolve);
      });
    }
  }
}

/** A session that is level, in the conversation with the victim. */
export interface Session {
  readonly talk: Talk;
  readonly number: number;
  readonly hello: Uint8Array;
}

export class HostilePeer {
  readonly identity: IdentityRow;
  readonly bundle: Uint8Array;
  conversation: ConversationId | undefined;
  readonly invite: Invite;
  readonly #node: Libp2p;
  readonly #store: MemoryStore = createMemoryStore();

  private constructor(identity: IdentityRow, bundle: Uint8Array, invite: Invite, node: Libp2p) {
    this.identity = identity;
    this.bundle = bundle;
    this.invite = invite;
    this.#node = node;
  }

  /** The invite says who the victim is; nobody claims it yet. */
  static async create(name: string, invite: Invite): Promise<HostilePeer> {
    const [rootSeed, logSeed, peerSeed] = [suite.random(32), suite.random(32), suite.random(32)];
    const rootKey = suite.publicKey(rootSeed);
    const device = consentingDevice(suite, rootKey, { logSeed, peerSeed }, Date.now());
    const list = { rootKey, number: 1, devices: [device] };
    const identity: IdentityRow = {
      rootSeed,
      rootKey,
      account: accountIdOf(suite, rootKey),
      logSeed,
      logKey: device.logKey,
      device: device.device,
      peerSeed,
      peerKey: device.peerKey,
      name,
      profileNumber: 1,
    };
    const bytes = encodeDeviceList(suite, rootSeed, list);
    const node = await createLibp2p({
      privateKey: await generateKeyPairFromSeed("Ed25519", peerSeed),
      transports: [webSockets(), circuitRelayTransport()],
      connectionEncrypters: [noise()],
      streamMuxers: [yamux()],
      connectionGater: { denyDialMultiaddr: () => false },
      // A dozen of them share a process with the test.
      connectionManager: { dialTimeout: DIAL_LIMIT_MS },
      services: { identify: identify() },
    });
    return new HostilePeer(identity, encodeBundle(suite, identity, { ...list, bytes }), invite, node);
  }

  async stop(): Promise<void> {
    await this.#node.stop();
  }

  async connect(): Promise<Connection> {
    const relay = this.invite.relays[0] ?? "";
    const victim = peerIdFromPublicKey(publicKeyFromRaw(hexToBytes(this.invite.peer, 32)));
    return this.#node.dial(multiaddr(`${relay}/p2p-circuit/p2p/${victim.toString()}`));
  }

  /** A link on which nothing was said yet. */
  async reach(): Promise<Talk> {
    const connection = await this.connect();
    return new Talk(connection, await connection.newStream(PEER_PROTOCOL, { runOnLimitedConnection: true }));
  }

  /** A link that is greeted. */
  async meet(): Promise<Talk> {
    const talk = await this.reach();
    await talk.greet();
    return talk;
  }

  async claim(): Promise<Uint8Array> {
    const { account } = this.identity;
    const content = encodeGenesis({
      kind: "direct",
      nonce: suite.random(16),
      founder: account,
      other: this.invite.account,
    });
    this.conversation = conversationIdOf(suite, content);
    const genesis = await this.#append(CONTROL_CHANNEL, CONTROL_KIND.genesis, content);
    return encodeClaim({ invite: inviteIdOf(suite, this.invite.secret), bundle: this.bundle, genesis });
  }

  async proof(talk: Talk, claim: Uint8Array, secret = this.invite.secret): Promise<Uint8Array> {
    return proofOf(suite, secret, "acceptor", {
      acceptorNonce: talk.nonce,
      inviterNonce: await talk.theirNonce(),
      acceptorPeer: this.identity.peerKey,
      inviterPeer: this.invite.peer,
      claim,
      inviterBundle: (await talk.heard(FRAME.bundle)).payload,
    });
  }

  /** Claims the invite as an honest acceptor does. */
  async becomeContact(): Promise<Talk> {
    const talk = await this.meet();
    const claim = await this.claim();
    talk.frame(FRAME.claim, 0, claim);
    talk.frame(FRAME.proof, 0, await this.proof(talk, claim));
    await talk.heard(FRAME.welcome);
    return talk;
  }

  async helloPayload(talk: Talk): Promise<Uint8Array> {
    if (this.conversation === undefined) throw new Error("no contact yet");
    const own = { nonce: talk.nonce, peer: this.identity.peerKey };
    const victim = { nonce: await talk.theirNonce(), peer: this.invite.peer };
    const tag = helloTag({ mac: suite.mac }, this.conversation, own, victim);
    return encodeHello({ tag, digest: new Uint8Array(32), statements: new Uint8Array(8) });
  }

  /** Compares as an honest peer does, until everything new may be sent. */
  async level(talk: Talk): Promise<Session> {
    const hello = await this.helloPayload(talk);
    talk.frame(FRAME.hello, 1, hello);
    await talk.heard(FRAME.have);
    talk.frame(FRAME.have, 1, encodeHave([]));
    await talk.heard(FRAME.want);
    talk.frame(FRAME.want, 1, encodeWant([]));
    return { talk, number: 1, hello };
  }

  /** The next entry of the own message log. */
  async message(text: string): Promise<EntryParts> {
    return this.#append(MESSAGE_CHANNEL, MESSAGE_KIND.content, encodeText({ text, writtenAt: Date.now() }));
  }

  async #append(channel: number, kind: number, content: Uint8Array): Promise<EntryParts> {
    const { conversation } = this;
    if (conversation === undefined) throw new Error("no conversation yet");
    const entry = await this.#store.write(APPEND_TABLES, "strict", (tx) =>
      appendEntry(tx, suite, Date.now(), this.identity, { conversation, channel, kind, content }),
    );
    return entry.parts;
  }
}
