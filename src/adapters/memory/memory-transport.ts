/**
 * The transport port in memory: a small world of peers, relays and lines between them, for tests and the simulation. All chance
 * comes from `random` and all time from `clock`, so one seed gives one course of events.
 */
import type { Clock } from "../../core/clock.ts";
import type { PeerKey } from "../../core/codec/ids.ts";
import { bytesToText, textToBytes } from "../../core/codec/bytes.ts";
import {
  type HandMadeLinks,
  MAX_LINKS_PER_PEER,
  type Path,
  type Transport,
  type WantedPeer,
} from "../../core/transport/transport.ts";
import { MemoryLink, type PipeSettings } from "./memory-link.ts";
import { MemoryNode } from "./memory-node.ts";

const DEFAULT_LATENCY_MS = 20;
const DEFAULT_LOSS_NOTICE_MS = 5_000;
const DEFAULT_MAX_PIECE_BYTES = 16_384;
const DEFAULT_WINDOW_BYTES = 262_144;
const DEFAULT_MAX_RETRY_DELAY_MS = 30_000;
const DEFAULT_RELAY = "/memory/relay";

export interface MemoryNetworkOptions {
  readonly clock: Clock;
  /** 0 included to 1 excluded. */
  readonly random: () => number;
  /** The Ed25519 public key of a peer seed. */
  readonly peerKeyOf: (seed: Uint8Array) => PeerKey;
  /** The relays every node is configured with; all are up at first. */
  readonly relays?: readonly string[];
  /** One way, about. */
  readonly latencyMs?: number;
  /** How long an end takes to notice a dead line, about. */
  readonly lossNoticeMs?: number;
  readonly maxPieceBytes?: number;
  readonly windowBytes?: number;
  /** Whether a link begins over a relay and climbs to a direct one later, as between browsers. Else it is direct at once. */
  readonly startsOnRelay?: boolean;
  /** The longest that a dialler waits between two attempts, before jitter. */
  readonly maxRetryDelayMs?: number;
  /** Whether a line between the two can be made now, beside what `cut` and `setOffline` say: asked at every dial. */
  readonly canMeet?: (a: PeerKey, b: PeerKey) => boolean;
  /** How many times the latency a new line between the two takes. */
  readonly slownessOf?: (a: PeerKey, b: PeerKey) => number;
}

export interface MemoryNetwork {
  /** A transport that is not started. A seed that starts again takes the place of its older node, as a restarted browser does. */
  transport(): Transport;
  /** No line between the two any more, direct or over a relay; the ends notice later. */
  cut(a: PeerKey, b: PeerKey): void;
  heal(a: PeerKey, b: PeerKey): void;
  /** Kills the links between the two, once; they dial again. */
  drop(a: PeerKey, b: PeerKey): void;
  /** The peer's network is gone, without its knowing. */
  setOffline(peer: PeerKey, isOffline: boolean): void;
  setRelay(address: string, isUp: boolean): void;
  /** Whether direct links between the two can be made; true at first. Existing ones stay. */
  setDirect(a: PeerKey, b: PeerKey, isPossible: boolean): void;
  /** A further, direct link between two linked peers, as after a climb. */
  upgrade(a: PeerKey, b: PeerKey): void;
  /** A further link on the same path, as when a circuit is renewed. */
  renew(a: PeerKey, b: PeerKey): void;
  /** The node is gone in an instant: its handlers hear nothing more, the others notice later. */
  crash(peer: PeerKey): void;
  /** The paths of the open links between the two. */
  paths(a: PeerKey, b: PeerKey): readonly Path[];
}

export function createMemoryNetwork(options: MemoryNetworkOptions): MemoryNetwork {
  return new World(options);
}

interface Line {
  readonly opener: MemoryNode;
  readonly listener: MemoryNode;
  readonly path: Path;
  readonly ends: readonly [MemoryLink, MemoryLink];
}

export class World implements MemoryNetwork {
  readonly options: Required<MemoryNetworkOptions>;
  readonly #nodes = new Map<PeerKey, MemoryNode>();
  readonly #offline = new Set<PeerKey>();
  readonly #relaysDown = new Set<string>();
  readonly #cutPairs = new Set<string>();
  readonly #relayedPairs = new Set<string>();
  #lines: readonly Line[] = [];
  /** Answers to links made by hand: by who offered, then by who answered. */
  readonly #answered = new Map<PeerKey, Map<PeerKey, () => void>>();

  constructor(options: MemoryNetworkOptions) {
    this.options = {
      relays: [DEFAULT_RELAY],
      latencyMs: DEFAULT_LATENCY_MS,
      lossNoticeMs: DEFAULT_LOSS_NOTICE_MS,
      maxPieceBytes: DEFAULT_MAX_PIECE_BYTES,
      windowBytes: DEFAULT_WINDOW_BYTES,
      startsOnRelay: false,
      maxRetryDelayMs: DEFAULT_MAX_RETRY_DELAY_MS,
      canMeet: () => true,
      slownessOf: () => 1,
      ...options,
    };
  }

  transport(): Transport {
    return new MemoryNode(this);
  }

  cut(a: PeerKey, b: PeerKey): void {
    this.#cutPairs.add(pair(a, b));
    this.drop(a, b);
  }

  heal(a: PeerKey, b: PeerKey): void {
    this.#cutPairs.delete(pair(a, b));
  }

  drop(a: PeerKey, b: PeerKey): void {
    this.#lose((line) => isBetween(line, a, b));
  }

  setOffline(peer: PeerKey, isOffline: boolean): void {
    if (isOffline) {
      this.#offline.add(peer);
      this.#lose((line) => line.opener.key === peer || line.listener.key === peer);
    } else this.#offline.delete(peer);
    this.#nodes.get(peer)?.reserve();
  }

  setRelay(address: string, isUp: boolean): void {
    if (isUp) this.#relaysDown.delete(address);
    else {
      this.#relaysDown.add(address);
      this.#lose((line) => line.path.kind === "relay" && line.path.relay === address);
    }
    for (const node of this.#nodes.values()) node.reserve();
  }

  setDirect(a: PeerKey, b: PeerKey, isPossible: boolean): void {
    if (isPossible) this.#relayedPairs.delete(pair(a, b));
    else this.#relayedPairs.add(pair(a, b));
  }

  upgrade(a: PeerKey, b: PeerKey): void {
    this.#further(a, b, { kind: "direct" });
  }

  renew(a: PeerKey, b: PeerKey): void {
    this.#further(a, b, this.paths(a, b)[0] ?? { kind: "direct" });
  }

  crash(peer: PeerKey): void {
    const node = this.#nodes.get(peer);
    if (node === undefined) return;
    node.vanish();
    this.#lose((line) => line.opener === node || line.listener === node);
    this.leave(node);
  }

  paths(a: PeerKey, b: PeerKey): readonly Path[] {
    return this.#openLines(a, b).map((line) => line.path);
  }

  /** Links that need no relay: the description of an end is its key. Both ends go on until they are cancelled. */
  handMade(own: PeerKey): HandMadeLinks {
    const description = textToBytes(own);
    return {
      offer: () =>
        Promise.resolve({
          description,
          cancel: () => this.#answered.delete(own),
          complete: (peer) => {
            const answered = this.#answered.get(own)?.get(peer);
            if (answered === undefined) return Promise.reject(new Error("nobody answered this"));
            this.#further(own, peer, { kind: "direct" });
            answered();
            return Promise.resolve();
          },
        }),
      answer: (_, offered) => {
        const answers = this.#answersTo(bytesToText(offered) as PeerKey);
        const linked = new Promise<void>((resolve) => answers.set(own, resolve));
        return Promise.resolve({ description, linked, cancel: () => answers.delete(own) });
      },
    };
  }

  #answersTo(offerer: PeerKey): Map<PeerKey, () => void> {
    const answers = this.#answered.get(offerer) ?? new Map<PeerKey, () => void>();
    this.#answered.set(offerer, answers);
    return answers;
  }

  /** A node has started. */
  join(node: MemoryNode): void {
    this.crash(node.key);
    this.#nodes.set(node.key, node);
  }

  /** A node has stopped. */
  leave(node: MemoryNode): void {
    if (this.#nodes.get(node.key) === node) this.#nodes.delete(node.key);
  }

  isRelayReachable(node: MemoryNode, address: string): boolean {
    return !this.#offline.has(node.key) && !this.#relaysDown.has(address);
  }

  /** One attempt to link to a wanted peer on a better path than there is. Tells whether it made one. */
  dial(from: MemoryNode, wanted: WantedPeer): boolean {
    const to = this.#nodes.get(wanted.peer);
    if (to === undefined || to === from || !this.#canReach(from, to)) return false;
    const best = Math.max(0, ...this.#openLines(from.key, to.key).map((line) => rankOf(line.path)));
    const relay = [...wanted.relays, ...from.relays].find(
      (address) => to.reserved.includes(address) && this.isRelayReachable(from, address),
    );
    const isSignalled = relay !== undefined || best > 0;
    const isDirectAllowed =
      wanted.allowDirect && to.allowsDirect(from.key) && !this.#relayedPairs.has(pair(from.key, to.key));
    const mustClimb = this.options.startsOnRelay && best === 0;
    const path: Path | undefined =
      isDirectAllowed && isSignalled && !mustClimb
        ? { kind: "direct" }
        : relay === undefined
          ? undefined
          : { kind: "relay", relay };
    if (path === undefined || rankOf(path) <= best) return false;
    this.#connect(from, to, path);
    return true;
  }

  #canReach(a: MemoryNode, b: MemoryNode): boolean {
    if (this.#offline.has(a.key) || this.#offline.has(b.key) || this.#cutPairs.has(pair(a.key, b.key))) return false;
    if (!this.options.canMeet(a.key, b.key)) return false;
    return !a.refuses(b.key) && !b.refuses(a.key);
  }

  #further(a: PeerKey, b: PeerKey, path: Path): void {
    const opener = this.#nodes.get(a);
    const listener = this.#nodes.get(b);
    if (opener !== undefined && listener !== undefined && this.#canReach(opener, listener))
      this.#connect(opener, listener, path);
  }

  #connect(opener: MemoryNode, listener: MemoryNode, path: Path): void {
    const existing = this.#openLines(opener.key, listener.key);
    if (existing.length >= MAX_LINKS_PER_PEER) return;
    const { clock, random, maxPieceBytes, windowBytes } = this.options;
    const latencyMs = this.options.latencyMs * this.options.slownessOf(opener.key, listener.key);
    const settings: PipeSettings = { clock, random, latencyMs, maxPieceBytes, windowBytes };
    const ends = MemoryLink.connect(opener, listener, path, settings);
    this.#lines = [...this.#lines.filter(isOpenLine), { opener, listener, path, ends }];
  }

  #lose(isLost: (line: Line) => boolean): void {
    const lost = this.#lines.filter(isLost);
    this.#lines = this.#lines.filter((line) => !lost.includes(line));
    for (const end of lost.flatMap((line) => line.ends)) {
      end.lose();
      // A clock that is stopped for good means that nobody will ever notice.
      this.options.clock.delay(this.options.lossNoticeMs * (0.5 + this.options.random())).then(
        () => end.noticeLoss(),
        () => undefined,
      );
    }
  }

  #openLines(a: PeerKey, b: PeerKey): readonly Line[] {
    return this.#lines.filter((line) => isOpenLine(line) && isBetween(line, a, b));
  }
}

function isOpenLine(line: Line): boolean {
  return line.ends.every((end) => end.isOpen);
}

function isBetween(line: Line, a: PeerKey, b: PeerKey): boolean {
  return pair(line.opener.key, line.listener.key) === pair(a, b);
}

function pair(a: PeerKey, b: PeerKey): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}

function rankOf(path: Path): number {
  return path.kind === "direct" ? 2 : 1;
}
