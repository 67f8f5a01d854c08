/**
 * What libp2p knows of peers, in memory and for as long as the page lives. Takes the place of `@libp2p/peer-store` in the build
 * (`scripts/leave-out.ts`), which encodes every entry for a database that a browser node does not give it.
 */
import {
  type Peer,
  type PeerData,
  type PeerId,
  type PeerQuery,
  type PeerStore,
  type Tag,
  NotFoundError,
} from "@libp2p/interface";
import type { Multiaddr } from "@multiformats/multiaddr";

/** The one that changed longest ago makes room. */
const MAX_PEERS = 1_000;
/** Of one peer; the newest stay. */
const MAX_ADDRESSES = 32;

interface Components {
  readonly peerId: PeerId;
  readonly events: { safeDispatchEvent(type: string, init: { readonly detail: unknown }): unknown };
}

interface Options {
  /** Which addresses of a peer may be kept. */
  readonly addressFilter?: (peer: PeerId, address: Multiaddr) => boolean | Promise<boolean>;
}

export function persistentPeerStore(components: Components, options: Options = {}): PeerStore {
  return new MemoryPeerStore(components, options);
}

class MemoryPeerStore implements PeerStore {
  readonly #peers = new Map<string, Peer>();
  readonly #components: Components;
  readonly #options: Options;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(components: Components, options: Options) {
    this.#components = components;
    this.#options = options;
  }

  async forEach(visit: (peer: Peer) => void, query?: PeerQuery): Promise<void> {
    (await this.all(query)).forEach(visit);
  }

  /** All but the node itself. */
  async all(query: PeerQuery = {}): Promise<Peer[]> {
    const { filters = [], orders = [], offset = 0, limit = Infinity } = query;
    const found = [...this.#peers.values()].filter(
      (peer) => !this.#isSelf(peer.id) && filters.every((isWanted) => isWanted(peer)),
    );
    return orders.reduce((peers, order) => peers.toSorted(order), found).slice(offset, offset + limit);
  }

  async delete(id: PeerId): Promise<void> {
    if (!this.#isSelf(id)) this.#peers.delete(id.toString());
  }

  async has(id: PeerId): Promise<boolean> {
    return this.#peers.has(id.toString());
  }

  /** @throws NotFoundError */
  async get(id: PeerId): Promise<Peer> {
    const peer = this.#peers.get(id.toString());
    if (peer === undefined) throw new NotFoundError();
    return peer;
  }

  /** @throws NotFoundError */
  async getInfo(id: PeerId): Promise<{ id: PeerId; multiaddrs: Multiaddr[] }> {
    const { addresses } = await this.get(id);
    return { id, multiaddrs: addresses.map(({ multiaddr }) => multiaddr) };
  }

  async save(id: PeerId, data: PeerData): Promise<Peer> {
    return this.#change(id, data, () => empty(id));
  }

  /** What is named replaces what was known. */
  async patch(id: PeerId, data: PeerData): Promise<Peer> {
    return this.#change(id, data, (known) => ({
      ...known,
      addresses: data.addresses === undefined && data.multiaddrs === undefined ? known.addresses : [],
      protocols: data.protocols === undefined ? known.protocols : [],
      metadata: data.metadata === undefined ? known.metadata : new Map<string, Uint8Array>(),
      tags: data.tags === undefined ? known.tags : new Map<string, Tag>(),
    }));
  }

  /** What is named joins what was known. */
  async merge(id: PeerId, data: PeerData): Promise<Peer> {
    return this.#change(id, data, (known) => known);
  }

  /** Peers never say their addresses by record here: who meets whom is in the app's own invites and cards. */
  async consumePeerRecord(): Promise<boolean> {
    return false;
  }

  /** One after another, since the filter may take its time. */
  async #change(id: PeerId, data: PeerData, base: (known: Peer) => Peer): Promise<Peer> {
    const changed = this.#turn.then(async () => this.#write(id, data, base));
    this.#turn = changed.catch(() => undefined);
    return changed;
  }

  async #write(id: PeerId, data: PeerData, base: (known: Peer) => Peer): Promise<Peer> {
    const key = id.toString();
    const previous = this.#peers.get(key);
    const peer = joined(base(previous ?? empty(id)), data);
    peer.addresses = await this.#allowed(peer);
    this.#peers.delete(key);
    this.#peers.set(key, peer);
    this.#makeRoom();
    const type = this.#isSelf(id) ? "self:peer:update" : "peer:update";
    this.#components.events.safeDispatchEvent(type, { detail: { peer, previous, updated: true } });
    return peer;
  }

  async #allowed({ id, addresses }: Peer): Promise<Peer["addresses"]> {
    const unlike = [...new Map(addresses.map((address) => [address.multiaddr.toString(), address])).values()];
    const { addressFilter } = this.#options;
    if (addressFilter === undefined) return unlike.slice(-MAX_ADDRESSES);
    const isAllowed = await Promise.all(unlike.map(async ({ multiaddr }) => addressFilter(id, multiaddr)));
    return unlike.filter((_, index) => isAllowed[index]).slice(-MAX_ADDRESSES);
  }

  #makeRoom(): void {
    for (const [key, { id }] of this.#peers) {
      if (this.#peers.size <= MAX_PEERS) return;
      if (!this.#isSelf(id)) this.#peers.delete(key);
    }
  }

  #isSelf(id: PeerId): boolean {
    return this.#components.peerId.equals(id);
  }
}

function empty(id: PeerId): Peer {
  return { id, addresses: [], protocols: [], metadata: new Map(), tags: new Map() };
}

function joined(known: Peer, data: PeerData): Peer {
  const added = (data.multiaddrs ?? []).map((multiaddr) => ({ multiaddr, isCertified: false }));
  return {
    ...known,
    addresses: [...known.addresses, ...added, ...(data.addresses ?? [])],
    protocols: [...new Set([...known.protocols, ...(data.protocols ?? [])])].toSorted(),
    metadata: changedMap(known.metadata, data.metadata, (value) => value),
    tags: changedMap(known.tags, data.tags, ({ value = 0 }): Tag => ({ value })),
    ...(data.peerRecordEnvelope === undefined ? {} : { peerRecordEnvelope: data.peerRecordEnvelope }),
  };
}

/** A value of undefined takes its key away. */
function changedMap<Value, Stored>(
  known: ReadonlyMap<string, Stored>,
  changes: ReadonlyMap<string, Value | undefined> | Readonly<Record<string, Value | undefined>> = {},
  toStored: (value: Value) => Stored,
): Map<string, Stored> {
  const changed = new Map(known);
  for (const [key, value] of isMap(changes) ? changes : Object.entries(changes)) {
    if (value === undefined) changed.delete(key);
    else changed.set(key, toStored(value));
  }
  return changed;
}

function isMap<Value>(
  changes: ReadonlyMap<string, Value> | Readonly<Record<string, Value>>,
): changes is ReadonlyMap<string, Value> {
  return changes instanceof Map;
}
