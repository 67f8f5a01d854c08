/**
 * Runs in a browser page: transports driven the way core drives them. Each end moves to the newest link, says what it has, and closes the
 * older ones when the other end is heard there; a stream of numbered messages is acknowledged and sent again on a new link, so that losses and doubles would be seen.
 */
import { candidates, peerConnections, problems } from "./page-watch.ts";
import { browserClock } from "../../src/adapters/platform/browser-clock.ts";
import { createLibp2pTransport } from "../../src/adapters/libp2p/libp2p-transport.ts";
import type { PeerKey } from "../../src/core/codec/ids.ts";
import type {
  Link,
  LinkHandlers,
  Path,
  Reachability,
  RelayingRules,
  RelayStatus,
  Transport,
  WantedPeer,
} from "../../src/core/transport/transport.ts";

const HEADER_BYTES = 9;
const DATA = 1;
const ACK = 2;

export interface PageOptions {
  readonly relays: readonly string[];
  /** Bytes of the seed are all this number. */
  readonly seed: number;
}

/** What one peer page has seen of another peer. */
export interface PeerView {
  readonly path: Path["kind"] | "unknown";
  /** Every path told so far. */
  readonly paths: string;
  readonly relay: string | undefined;
  /** The key of the peer whose help is used. */
  readonly helper: string | undefined;
  readonly links: number;
  readonly linksEver: number;
  readonly received: number;
  readonly inOrder: boolean;
  readonly unacknowledged: number;
}

interface Conversation {
  path: Path | undefined;
  paths: string[];
  links: Link[];
  linksEver: number;
  outbox: { readonly number: number; readonly bytes: Uint8Array }[];
  nextNumber: number;
  lastReceived: number;
  isInOrder: boolean;
}

class TestPeer {
  readonly transport: Transport;
  readonly conversations = new Map<string, Conversation>();
  reachability: Reachability | undefined;
  helpers: readonly PeerKey[] = [];
  readonly relayed = { bytes: 0, pairs: new Set<string>() };
  relays: readonly RelayStatus[] = [];
  readonly strangers: string[] = [];
  #wanted = new Set<string>();

  constructor(relays: readonly string[]) {
    this.transport = createLibp2pTransport({ relays, iceServers: [], allowInsecure: true, clock: browserClock });
  }

  async start(seed: number): Promise<void> {
    await this.transport.start(new Uint8Array(32).fill(seed), {
      onLink: (link) => this.#onLink(link),
      onPath: (peer, path) => {
        this.of(peer).path = path;
        this.of(peer).paths.push(path.kind);
      },
      onReachability: (reachability, relays) => {
        this.reachability = reachability;
        this.relays = relays;
      },
      onHelpers: (helpers) => {
        this.helpers = helpers;
      },
      onRelayed: ({ bytes, pairs }) => {
        this.relayed.bytes += bytes;
        for (const pair of pairs) this.relayed.pairs.add(pair.toSorted().join(" "));
      },
    });
  }

  want(keys: readonly string[], relays: readonly string[], allowDirect: boolean): void {
    this.#wanted = new Set(keys);
    this.transport.want(keys.map((key) => ({ peer: key as PeerKey, relays, allowDirect })));
  }

  wantAll(peers: readonly WantedPeer[]): void {
    this.#wanted = new Set(peers.map(({ peer }) => peer));
    this.transport.want(peers);
  }

  of(key: string): Conversation {
    let conversation = this.conversations.get(key);
    if (conversation === undefined) {
      conversation = {
        path: undefined,
        paths: [],
        links: [],
        linksEver: 0,
        outbox: [],
        nextNumber: 1,
        lastReceived: 0,
        isInOrder: true,
      };
      this.conversations.set(key, conversation);
    }
    return conversation;
  }

  write(key: string, size: number): void {
    const conversation = this.of(key);
    const number = conversation.nextNumber;
    conversation.nextNumber += 1;
    const bytes = frame(DATA, number, size);
    conversation.outbox.push({ number, bytes });
    void send(conversation.links.at(-1), bytes);
  }

  /** Writes one message after the other, each when the one before was taken and `everyMs` passed. */
  async stream(key: string, count: number, size: number, everyMs: number): Promise<void> {
    for (let written = 0; written < count; written += 1) {
      this.write(key, size);
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  }

  #onLink(link: Link): LinkHandlers {
    const conversation = this.of(link.peer);
    if (!this.#wanted.has(link.peer)) this.strangers.push(link.peer);
    const older = conversation.links;
    conversation.links = [...older, link];
    conversation.linksEver += 1;
    void send(link, frame(ACK, conversation.lastReceived, 0));
    for (const entry of conversation.outbox) void send(link, entry.bytes);
    let pending = new Uint8Array(0);
    return {
      onData: (bytes) => {
        for (const replaced of older) void replaced.close();
        pending = concat(pending, bytes);
        pending = this.#read(conversation, link, pending);
      },
      onClose: () => {
        conversation.links = conversation.links.filter((other) => other !== link);
      },
    };
  }

  #read(conversation: Conversation, link: Link, pending: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    let rest = pending;
    for (;;) {
      if (rest.length < HEADER_BYTES) return rest;
      const view = new DataView(rest.buffer, rest.byteOffset, rest.length);
      const size = view.getUint32(5);
      if (rest.length < HEADER_BYTES + size) return rest;
      const number = view.getUint32(1);
      if (view.getUint8(0) === ACK) conversation.outbox = conversation.outbox.filter((entry) => entry.number > number);
      else {
        if (number > conversation.lastReceived + 1) conversation.isInOrder = false;
        conversation.lastReceived = Math.max(conversation.lastReceived, number);
        void send(link, frame(ACK, conversation.lastReceived, 0));
      }
      rest = rest.slice(HEADER_BYTES + size);
    }
  }
}

function frame(type: number, number: number, size: number): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + size);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, type);
  view.setUint32(1, number);
  view.setUint32(5, size);
  return bytes;
}

/** A link that closes meanwhile is no loss: what was not acknowledged goes out on the next one. */
async function send(link: Link | undefined, bytes: Uint8Array): Promise<void> {
  await link?.send(bytes).catch(() => undefined);
}

function concat(left: Uint8Array, right: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(left.length + right.length);
  joined.set(left);
  joined.set(right, left.length);
  return joined;
}

let peer: TestPeer | undefined;

function running(): TestPeer {
  if (peer === undefined) throw new Error("start first");
  return peer;
}

/** What tests call through the page. */
export const lab = {
  async start({ relays, seed }: PageOptions): Promise<void> {
    peer = new TestPeer(relays);
    await peer.start(seed);
  },
  stop: async () => running().transport.stop(),
  want: (keys: readonly string[], relays: readonly string[], allowDirect: boolean) =>
    running().want(keys, relays, allowDirect),
  wantAll: (peers: readonly WantedPeer[]) => running().wantAll(peers),
  setRelaying: (rules: RelayingRules) => running().transport.setRelaying(rules),
  helpers: () => running().helpers,
  relayed: () => ({ bytes: running().relayed.bytes, pairs: [...running().relayed.pairs] }),
  write: (key: string, size: number) => running().write(key, size),
  stream: async (key: string, count: number, size: number, everyMs: number) =>
    running().stream(key, count, size, everyMs),
  wake: () => running().transport.wake(),
  setOnline: (isOnline: boolean) => running().transport.setOnline(isOnline),
  refuse: (key: string, forMs: number) => running().transport.refuse(key as PeerKey, forMs),
  closeLinks: async (key: string) => {
    await Promise.all(
      running()
        .of(key)
        .links.map(async (link) => link.close()),
    );
  },
  ownRelays: () => running().transport.ownRelays(),
  reachability: () => running().reachability,
  relays: () => running().relays,
  strangers: () => running().strangers,
  view(key: string): PeerView {
    const { path, paths, links, linksEver, lastReceived, isInOrder, outbox } = running().of(key);
    return {
      path: path?.kind ?? "unknown",
      paths: paths.join(" "),
      relay: path?.kind === "relay" ? path.relay : undefined,
      helper: path?.kind === "peer" ? path.helper : undefined,
      links: links.length,
      linksEver,
      received: lastReceived,
      inOrder: isInOrder,
      unacknowledged: outbox.length,
    };
  },
  rtc: () => ({ peerConnections: peerConnections.length, candidates: candidates.length }),
  problems: () => problems,
  /** Types of the candidate pairs that carry data now, such as "host/host". */
  async selectedPairs(): Promise<readonly string[]> {
    const pairs: string[] = [];
    for (const connection of peerConnections) {
      if (connection.connectionState !== "connected") continue;
      const stats = await connection.getStats();
      for (const entry of stats.values()) {
        if (entry.type !== "candidate-pair" || entry.nominated !== true || entry.state !== "succeeded") continue;
        const local = stats.get(entry.localCandidateId);
        const remote = stats.get(entry.remoteCandidateId);
        pairs.push(`${local?.candidateType}/${remote?.candidateType}`);
      }
    }
    return pairs;
  },
};

export type Lab = typeof lab;
Object.assign(globalThis, { lab });
