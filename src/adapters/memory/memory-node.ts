/** One peer of the memory network: its reservations, whom it wants, and the links it has. */
import type { PeerKey } from "../../core/codec/ids.ts";
import type {
  HandMadeLinks,
  LinkHandlers,
  Path,
  Reachability,
  RelayStatus,
  Transport,
  TransportHandlers,
  WantedPeer,
} from "../../core/transport/transport.ts";
import { Mailbox } from "./mailbox.ts";
import type { LinkOwner, MemoryLink } from "./memory-link.ts";
import type { World } from "./memory-transport.ts";
import { PeerDialler } from "./peer-dialler.ts";

const MAX_OWN_RELAYS = 2;
const NO_HANDLERS: LinkHandlers = { onData: () => undefined, onClose: () => undefined };

export class MemoryNode implements Transport, LinkOwner {
  readonly mailbox = new Mailbox();
  readonly relays: readonly string[];
  readonly #world: World;
  readonly #links = new Set<MemoryLink>();
  readonly #diallers = new Map<PeerKey, PeerDialler>();
  readonly #refusedUntil = new Map<PeerKey, number>();
  #blocked: ReadonlySet<PeerKey> = new Set();
  #key: PeerKey | undefined;
  #handlers: TransportHandlers | undefined;
  #reserved: readonly string[] = [];
  #isOnline = true;
  #failedRounds = 0;

  constructor(world: World) {
    this.#world = world;
    this.relays = world.options.relays;
  }

  get key(): PeerKey {
    if (this.#key === undefined) throw new Error("The transport has not been started");
    return this.#key;
  }

  get reserved(): readonly string[] {
    return this.#reserved;
  }

  async start(peerSeed: Uint8Array, handlers: TransportHandlers): Promise<void> {
    if (this.#key !== undefined) throw new Error("A transport starts once");
    this.#key = this.#world.options.peerKeyOf(peerSeed);
    this.#handlers = handlers;
    this.#world.join(this);
    this.#tellReachability();
    this.reserve();
  }

  async stop(): Promise<void> {
    if (this.#handlers === undefined) return;
    this.want([]);
    await Promise.all([...this.#links].map((link) => link.close()));
    await new Promise<void>((resolve) => this.mailbox.post(resolve));
    this.#world.leave(this);
    this.vanish();
  }

  /** From now on nothing is heard of this node, and it hears nothing. */
  vanish(): void {
    this.#handlers = undefined;
    this.#reserved = [];
    this.mailbox.close();
    for (const dialler of this.#diallers.values()) dialler.stop();
    this.#diallers.clear();
  }

  want(peers: readonly WantedPeer[]): void {
    const wanted = new Map(peers.filter((one) => one.peer !== this.#key).map((one) => [one.peer, one]));
    for (const [peer, dialler] of this.#diallers) {
      if (wanted.has(peer)) continue;
      dialler.stop();
      this.#diallers.delete(peer);
      this.#closeLinks(peer);
    }
    for (const one of wanted.values()) {
      const dialler = this.#diallers.get(one.peer);
      if (dialler === undefined) this.#diallers.set(one.peer, this.#newDialler(one));
      else dialler.update(one);
    }
  }

  refuse(peer: PeerKey, forMs: number): void {
    this.#refusedUntil.set(peer, this.#world.options.clock.monotonic() + forMs);
    this.#closeLinks(peer);
  }

  block(peers: readonly PeerKey[]): void {
    this.#blocked = new Set(peers);
    for (const peer of peers) this.#closeLinks(peer);
  }

  /** A description is the device's own key: whoever knows it can be linked, wherever they are. */
  get byHand(): HandMadeLinks | undefined {
    const own = this.#key;
    return own === undefined || this.#handlers === undefined ? undefined : this.#world.handMade(own);
  }

  /** Lines of this network go from peer to peer or over a relay: nobody relays here. */
  setRelaying(): void {}

  ownRelays(): readonly string[] {
    return (this.#reserved.length > 0 ? this.#reserved : this.relays).slice(0, MAX_OWN_RELAYS);
  }

  wake(): void {
    this.reserve();
    for (const dialler of this.#diallers.values()) dialler.wake();
  }

  setOnline(isOnline: boolean): void {
    if (this.#isOnline === isOnline) return;
    this.#isOnline = isOnline;
    this.#tellReachability();
    if (isOnline) this.wake();
  }

  refuses(peer: PeerKey): boolean {
    return this.#blocked.has(peer) || this.#world.options.clock.monotonic() < (this.#refusedUntil.get(peer) ?? 0);
  }

  allowsDirect(peer: PeerKey): boolean {
    return this.#diallers.get(peer)?.wanted.allowDirect === true;
  }

  /** Asks the relays again for reservations; the answer comes after a round trip. */
  reserve(): void {
    const { clock, latencyMs, random } = this.#world.options;
    clock.delay(latencyMs * 2 * (0.5 + random())).then(
      () => this.#reserveNow(),
      () => undefined,
    );
  }

  onLink(link: MemoryLink): LinkHandlers {
    this.#links.add(link);
    const handlers = this.#handlers?.onLink(link) ?? NO_HANDLERS;
    this.#diallers.get(link.peer)?.onLinksChanged();
    return handlers;
  }

  onLinkClosed(link: MemoryLink): void {
    this.#links.delete(link);
    this.#diallers.get(link.peer)?.onLinksChanged();
  }

  #newDialler(wanted: WantedPeer): PeerDialler {
    const { clock, random, maxRetryDelayMs } = this.#world.options;
    return new PeerDialler({
      clock,
      random,
      maxRetryDelayMs,
      wanted,
      dial: (peer) => this.#handlers !== undefined && this.#isOnline && this.#world.dial(this, peer),
      bestPath: () => bestPath([...this.#links].filter((link) => link.peer === wanted.peer)),
      onPath: (path) => this.mailbox.post(() => this.#handlers?.onPath(wanted.peer, path)),
    });
  }

  #closeLinks(peer: PeerKey): void {
    for (const link of this.#links) {
      // Closing a memory link cannot fail.
      if (link.peer === peer) link.close().catch(() => undefined);
    }
  }

  #reserveNow(): void {
    if (this.#handlers === undefined) return;
    this.#reserved = this.relays.filter((address) => this.#world.isRelayReachable(this, address));
    this.#failedRounds = this.#reserved.length > 0 ? 0 : this.#failedRounds + 1;
    this.#tellReachability();
  }

  #tellReachability(): void {
    const relays = this.relays.map((address): RelayStatus => ({
      address,
      state: this.#reserved.includes(address) ? "reserved" : this.#failedRounds > 0 ? "unreachable" : "connecting",
    }));
    const reachability = this.#reachability();
    this.mailbox.post(() => this.#handlers?.onReachability(reachability, relays));
  }

  #reachability(): Reachability {
    if (!this.#isOnline) return { kind: "offline", reason: "no-network" };
    if (this.relays.length === 0) return { kind: "offline", reason: "no-relay-known" };
    return this.#reserved.length > 0 ? { kind: "online" } : { kind: "connecting", tried: this.#failedRounds };
  }
}

function bestPath(links: readonly MemoryLink[]): Path | undefined {
  return links.find((link) => link.path.kind === "direct")?.path ?? links[0]?.path;
}
