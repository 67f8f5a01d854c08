/** Everything that lives from one start to the next stop: the node, its links, one ladder per wanted peer, the reservations. */
import type { Connection, PeerId } from "@libp2p/interface";
import type { Clock } from "../../core/clock.ts";
import type { PeerKey } from "../../core/codec/ids.ts";
import type {
  HandMadeLinks,
  Reachability,
  RelayedBytes,
  TransportHandlers,
  WantedPeer,
} from "../../core/transport/transport.ts";
import { peerIdToPeerKey, type RelayAddress } from "./addresses.ts";
import { fireAndForget, waited } from "./background.ts";
import { Gate } from "./gate.ts";
import { Heartbeat } from "./heartbeat.ts";
import { leaveWhenIdle } from "./idle-relays.ts";
import { Helpers } from "./helpers.ts";
import { Ladder, type LadderContext } from "./ladder.ts";
import { ladderTargets } from "./ladder-targets.ts";
import { closeConnection, Links, PEER_PROTOCOL } from "./links.ts";
import { Mailbox } from "./mailbox.ts";
import { createNode, type Node } from "./node.ts";
import { handMadeLinks } from "./pairing/hand-made.ts";
import { Relaying } from "./relaying.ts";
import { Reservations } from "./reservations.ts";
import { isStranger } from "./strangers.ts";

const WAKE_PING_TIMEOUT_MS = 1200;
const STOP_TIMEOUT_MS = 1500;

export interface SessionOptions {
  readonly seed: Uint8Array;
  readonly handlers: TransportHandlers;
  readonly relays: readonly RelayAddress[];
  readonly iceServers: readonly RTCIceServer[];
  readonly allowInsecure: boolean;
  readonly clock: Clock;
  readonly random: () => number;
  readonly hasNetwork: boolean;
}

export class Session {
  readonly relaying: Relaying;
  readonly #options: SessionOptions;
  readonly #node: Node;
  readonly #gate: Gate;
  readonly #links: Links;
  readonly #reservations: Reservations;
  readonly #helpers: Helpers;
  readonly #heartbeat: Heartbeat;
  readonly #mailbox = new Mailbox();
  readonly #stopping = new AbortController();
  readonly #ladders = new Map<PeerKey, Ladder>();
  readonly #ladderContext: LadderContext;
  readonly byHand: HandMadeLinks;
  #hasNetwork: boolean;

  static async start(options: SessionOptions): Promise<Session> {
    const { clock, allowInsecure, seed, iceServers } = options;
    // The node asks these while it runs, and they ask the node: each question waits for the session.
    const running: { session?: Session } = {};
    const directTo = (peer: PeerId) => running.session?.directTo(peer);
    const relaying = new Relaying({
      clock,
      relayedAs: (peer) => gate.relayedAs(peer),
      directTo,
      onRelayed: (relayed) => running.session?.onRelayed(relayed),
    });
    const gate: Gate = new Gate({
      clock,
      allowInsecure,
      countStrangers: () => running.session?.countStrangers() ?? 0,
      isHelper: (peer) => running.session?.isHelper(peer) === true,
      relaying,
    });
    gate.setOwnRelays(options.relays);
    const signalOver = (peer: PeerId) => running.session?.signalOver(peer);
    const node = await createNode({ seed, gate, signalOver, directTo, relaying, iceServers });
    const session = new Session(options, node, gate, relaying);
    running.session = session;
    await session.#begin();
    return session;
  }

  constructor(options: SessionOptions, node: Node, gate: Gate, relaying: Relaying) {
    const { clock, random, handlers } = options;
    const ownKey = peerIdToPeerKey(node.libp2p.peerId);
    if (ownKey === undefined) throw new Error("the node has no Ed25519 identity");
    this.#options = options;
    this.#node = node;
    this.#gate = gate;
    this.relaying = relaying;
    this.#hasNetwork = options.hasNetwork;
    this.#heartbeat = new Heartbeat({
      clock,
      connections: () => node.connections.getConnections(),
      lastHeardAtMs: (connection) => this.#links.on(connection)?.lastHeardAtMs ?? 0,
      onDoubt: (connection, isDoubtful) => this.#links.on(connection)?.setDoubtful(isDoubtful),
    });
    this.#links = new Links({
      ownKey,
      gate,
      clock,
      mailbox: this.#mailbox,
      heartbeat: this.#heartbeat,
      signal: this.#stopping.signal,
      onLink: (link) => handlers.onLink(link),
      onHeard: (peer) => this.#ladders.get(peer)?.onHeard(),
      onChange: (peer, ended) => {
        const ladder = this.#ladders.get(peer);
        if (ended === undefined) ladder?.step();
        else ladder?.onLinkEnded(ended);
        this.#helpers.step();
        if (ended === undefined) for (const other of this.#ladders.values()) other.onLinked(peer);
      },
    });
    this.#helpers = new Helpers({
      node,
      clock,
      random,
      isLinked: (peer) => this.#links.directTo(peer) !== undefined,
      onChange: () => this.#onHelpersChanged(),
    });
    this.#reservations = new Reservations({
      node,
      clock,
      random,
      relays: options.relays,
      heartbeat: this.#heartbeat,
      onChange: (gained) => this.#onReservationsChanged(gained),
    });
    this.#ladderContext = {
      node,
      links: this.#links,
      gate,
      clock,
      random,
      ownRelays: () => this.#reservations.relays(),
      hasNetwork: () => this.#hasNetwork,
      mayDial: () => this.#reservations.firstRoundOver,
      onPath: (peer, path) => this.#mailbox.post(() => handlers.onPath(peer, path)),
    };
    const { signal } = this.#stopping;
    this.byHand = handMadeLinks({ node, gate, links: this.#links, iceServers: options.iceServers, signal });
  }

  /** Connections with peers that are neither wanted nor relays. */
  countStrangers(): number {
    return this.#node.connections.getConnections().filter((connection) => isStranger(this.#gate, connection)).length;
  }

  signalOver(peerId: PeerId): Connection | undefined {
    const peer = peerIdToPeerKey(peerId);
    return peer === undefined ? undefined : (this.#links.of(peer).at(-1)?.connection ?? this.#links.openingTo(peer));
  }

  directTo(peerId: PeerId): Connection | undefined {
    const peer = peerIdToPeerKey(peerId);
    return peer === undefined ? undefined : this.#links.directTo(peer)?.connection;
  }

  isHelper(peer: PeerKey): boolean {
    return this.#helpers.has(peer);
  }

  onRelayed(relayed: RelayedBytes): void {
    this.#mailbox.post(() => this.#options.handlers.onRelayed?.(relayed));
  }

  ownRelays(): readonly string[] {
    return this.#reservations.addresses();
  }

  want(peers: readonly WantedPeer[]): void {
    const targets = ladderTargets(peers, this.#options.allowInsecure);
    this.#gate.setWanted(
      targets,
      [...targets.values()].flatMap((target) => target.relays),
    );
    for (const [peer, ladder] of this.#ladders) {
      if (targets.has(peer)) continue;
      ladder.stop();
      this.#ladders.delete(peer);
      for (const link of this.#links.of(peer)) fireAndForget(link.close());
    }
    for (const [peer, target] of targets) {
      const isDirectFine = target.allowDirect || this.#gate.isExpected(peer);
      const direct = isDirectFine ? [] : this.#links.of(peer).filter(({ path }) => path.kind === "direct");
      for (const link of direct) fireAndForget(link.close());
      const ladder = this.#ladders.get(peer);
      if (ladder !== undefined) ladder.update(target);
      else {
        const created = new Ladder(peer, target, this.#ladderContext);
        this.#ladders.set(peer, created);
        created.step();
      }
    }
    this.#helpers.offer(peers.filter(({ canHelp }) => canHelp === true).map(({ peer }) => peer));
  }

  refuse(peer: PeerKey, forMs: number): void {
    this.#gate.refuse(peer, forMs);
    this.#abortConnections(new Set([peer]), "refused");
    this.#ladders.get(peer)?.step();
    const isOver = waited(this.#options.clock.delay(forMs + 1, this.#stopping.signal));
    fireAndForget(isOver.then((hasPassed) => (hasPassed ? this.#ladders.get(peer)?.retryNow() : undefined)));
  }

  block(peers: readonly PeerKey[]): void {
    this.#gate.setBlocked(peers);
    this.#abortConnections(new Set(peers), "blocked");
  }

  wake(): void {
    if (!this.#hasNetwork) return;
    const others = this.#node.connections.getConnections().filter((other) => !this.#gate.isOwnRelay(other.remotePeer));
    for (const connection of others) fireAndForget(this.#heartbeat.check(connection, WAKE_PING_TIMEOUT_MS));
    fireAndForget(this.#reservations.wake());
    for (const ladder of this.#ladders.values()) ladder.retryNow();
  }

  setOnline(isOnline: boolean): void {
    if (isOnline === this.#hasNetwork) return;
    this.#hasNetwork = isOnline;
    if (isOnline) {
      this.#reservations.resume();
      this.wake();
    } else {
      this.#reservations.pause();
      for (const ladder of this.#ladders.values()) ladder.step();
    }
    this.#reportReachability();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#reservations.pause();
    this.#helpers.stop();
    for (const ladder of this.#ladders.values()) ladder.stop();
    this.#ladders.clear();
    // At once and synchronously: a page that is going away runs nothing later, and peers should see the end now.
    for (const connection of this.#node.connections.getConnections()) {
      if (!this.#gate.isRelay(connection.remotePeer)) connection.abort(new Error("this device stops"));
    }
    for (const connection of this.#node.connections.getConnections()) fireAndForget(closeConnection(connection));
    await this.#mailbox.close();
    const stopped = new AbortController();
    fireAndForget(waited(Promise.resolve(this.#node.libp2p.stop())).then(() => stopped.abort()));
    await waited(this.#options.clock.delay(STOP_TIMEOUT_MS, stopped.signal));
  }

  async #begin(): Promise<void> {
    const { libp2p } = this.#node;
    libp2p.addEventListener("connection:open", ({ detail: connection }) => {
      const isToRelay = connection.direction === "outbound" && this.#gate.isRelay(connection.remotePeer);
      if (!isToRelay) {
        fireAndForget(this.#links.reap(connection));
        fireAndForget(this.#links.watchStreams(connection));
      } else if (!this.#gate.isOwnRelay(connection.remotePeer)) {
        fireAndForget(leaveWhenIdle(connection, this.#options.clock, this.#stopping.signal));
      }
    });
    await libp2p.handle(PEER_PROTOCOL, (stream, connection) => this.#links.accept(stream, connection), {
      maxInboundStreams: 1,
      maxOutboundStreams: 1,
      runOnLimitedConnection: true,
    });
    fireAndForget(this.#heartbeat.run(this.#stopping.signal));
    if (this.#hasNetwork) this.#reservations.resume();
    this.#reportReachability();
  }

  #abortConnections(peers: ReadonlySet<PeerKey>, reason: string): void {
    for (const connection of this.#node.connections.getConnections()) {
      const peer = peerIdToPeerKey(connection.remotePeer);
      if (peer !== undefined && peers.has(peer)) connection.abort(new Error(reason));
    }
  }

  #onReservationsChanged(gained: RelayAddress | undefined): void {
    this.#reportReachability();
    if (gained === undefined) return;
    for (const ladder of this.#ladders.values()) ladder.onReserved(gained);
  }

  #onHelpersChanged(): void {
    const helpers = this.#helpers.held();
    this.#mailbox.post(() => this.#options.handlers.onHelpers?.(helpers));
    this.#reportReachability();
  }

  #reportReachability(): void {
    const byRelays = this.#reservations.reachability(this.#hasNetwork);
    const isHelped = this.#hasNetwork && this.#helpers.held().length > 0;
    const reachability: Reachability = isHelped ? { kind: "online" } : byRelays;
    const relays = this.#reservations.statuses();
    this.#mailbox.post(() => this.#options.handlers.onReachability(reachability, relays));
  }
}
