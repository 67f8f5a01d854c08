/** The links that exist now, by peer: takes new ones, settles which of two survives, and closes what they replace. */
import type { Connection, PeerId, Stream } from "@libp2p/interface";
import type { Clock } from "../../core/clock.ts";
import type { PeerKey } from "../../core/codec/ids.ts";
import { type LinkHandlers, MAX_LINKS_PER_PEER } from "../../core/transport/transport.ts";
import { peerIdToPeerKey } from "./addresses.ts";
import { judge, type Verdict } from "./arbitration.ts";
import { fireAndForget, waited } from "./background.ts";
import type { Gate } from "./gate.ts";
import type { Heartbeat } from "./heartbeat.ts";
import { StreamLink } from "./link.ts";
import type { Mailbox } from "./mailbox.ts";
import { pathOf } from "./path.ts";

export const PEER_PROTOCOL = "/kith/peer/1";
/** How long a replaced link stays, should core not close it earlier. */
const REPLACED_LINGER_MS = 4000;
const REFUSE_DELAY_MS = 500;
const VERIFY_TIMEOUT_MS = 1000;
const CLOSE_TIMEOUT_MS = 1000;
/** A connection on which nobody opened a link by then is of no use. */
const LINK_DUE_MS = 10_000;
/** One for the link, some for pings, signalling and identify. Counted this often, so that none can be opened without end. */
const MAX_STREAMS_OF_PEER = 32;
const COUNT_STREAMS_MS = 500;
const FLOOD_REFUSE_MS = 30_000;

export interface LinksOptions {
  readonly ownKey: PeerKey;
  readonly gate: Gate;
  readonly clock: Clock;
  readonly mailbox: Mailbox;
  readonly heartbeat: Heartbeat;
  /** Ends the waits when the node stops. */
  readonly signal: AbortSignal;
  readonly onLink: (link: StreamLink) => LinkHandlers;
  /** A link to this peer came, ended or became due; `ended` is the link that ended. */
  readonly onChange: (peer: PeerKey, ended?: StreamLink) => void;
  readonly onHeard: (peer: PeerKey) => void;
}

export class Links {
  readonly #options: LinksOptions;
  readonly #linksByPeer = new Map<PeerKey, readonly StreamLink[]>();
  /** Connections on which this device is opening a link now. */
  readonly #opening = new Set<Connection>();

  constructor(options: LinksOptions) {
    this.#options = options;
  }

  /** Newest last. */
  of(peer: PeerKey): readonly StreamLink[] {
    return this.#linksByPeer.get(peer) ?? [];
  }

  /** The newest direct one. */
  directTo(peer: PeerKey): StreamLink | undefined {
    return this.of(peer).findLast((link) => link.path.kind === "direct");
  }

  on(connection: Connection): StreamLink | undefined {
    return [...this.#linksByPeer.values()].flat().find((link) => link.connection === connection);
  }

  /** A connection on which a link is being opened. */
  openingTo(peer: PeerKey): Connection | undefined {
    return [...this.#opening].find((connection) => peerIdToPeerKey(connection.remotePeer) === peer);
  }

  isSmaller(peer: PeerKey): boolean {
    return this.#options.ownKey < peer;
  }

  /** Opens the link on a connection this device dialled. */
  async open(peerId: PeerId, connection: Connection, signal: AbortSignal): Promise<void> {
    const peer = peerIdToPeerKey(peerId);
    this.#opening.add(connection);
    try {
      if (peer === undefined || !connection.remotePeer.equals(peerId)) throw new Error("another peer answered");
      if (this.#judge(peer, connection, true) !== "take") throw new Error("a better link came first");
      const stream = await connection.newStream(PEER_PROTOCOL, { signal, runOnLimitedConnection: true });
      signal.throwIfAborted();
      if (this.#judge(peer, connection, true) !== "take") throw new Error("a better link came meanwhile");
      this.#take(peer, stream, connection, true);
    } catch (error) {
      connection.abort(error instanceof Error ? error : new Error("no link was opened"));
      throw error;
    } finally {
      this.#opening.delete(connection);
    }
  }

  /** A peer opened a link on a connection it dialled. */
  accept(stream: Stream, connection: Connection): void {
    const { gate } = this.#options;
    const peer = peerIdToPeerKey(connection.remotePeer);
    if (peer === undefined || connection.direction !== "inbound" || gate.isRefused(peer)) {
      stream.abort(new Error("not welcome"));
      return;
    }
    const verdict = this.of(peer).length >= MAX_LINKS_PER_PEER ? "refuse" : this.#judge(peer, connection, false);
    if (verdict === "take") this.#take(peer, stream, connection, false);
    else if (verdict === "verify") fireAndForget(this.#takeIfOthersAreDead(peer, stream, connection));
    else fireAndForget(this.#refuse(peer, stream, connection));
  }

  /** Closes connections that carry no link after a while, so that strangers cannot park them here. */
  async reap(connection: Connection): Promise<void> {
    const { clock, signal } = this.#options;
    if (!(await waited(clock.delay(LINK_DUE_MS, signal)))) return;
    if (connection.status === "open" && this.on(connection) === undefined)
      connection.abort(new Error("no link was opened"));
  }

  /** Ends a connection on which the other end opens streams without end. Resolves when it has ended. */
  async watchStreams(connection: Connection): Promise<void> {
    const { clock, gate, signal } = this.#options;
    while (connection.status === "open" && (await waited(clock.delay(COUNT_STREAMS_MS, signal)))) {
      if (connection.streams.length <= MAX_STREAMS_OF_PEER) continue;
      const peer = peerIdToPeerKey(connection.remotePeer);
      if (peer !== undefined) gate.refuse(peer, FLOOD_REFUSE_MS);
      connection.abort(new Error("too many streams"));
    }
  }

  #judge(peer: PeerKey, connection: Connection, isOpener: boolean): Verdict {
    const nowMs = this.#options.clock.monotonic();
    // A link in doubt keeps no other out: if it lives after all, the end that finds so ends the other one.
    const sound = this.of(peer).filter((link) => !link.isDoubtful);
    const existing = sound.map((link) => ({
      isOpener: link.isOpener,
      isDirect: link.path.kind === "direct",
      ageMs: nowMs - link.openedAtMs,
    }));
    const opening = [...this.#opening]
      .filter((other) => other !== connection && peerIdToPeerKey(other.remotePeer) === peer)
      .map((other) => ({ isOpener: true, isDirect: pathOf(other).kind === "direct", ageMs: 0 }));
    const arriving = { isOpener, isDirect: pathOf(connection).kind === "direct" };
    return judge(arriving, [...existing, ...opening], this.isSmaller(peer));
  }

  /**
   * Not at once: the other end may be hearing of the better link only now, and would be without any until then. And should the
   * better one fail meanwhile, this one is taken after all.
   */
  async #refuse(peer: PeerKey, stream: Stream, connection: Connection): Promise<void> {
    await waited(this.#options.clock.delay(REFUSE_DELAY_MS, this.#options.signal));
    if (this.of(peer).length === 0 && this.#judge(peer, connection, false) === "take") {
      this.#take(peer, stream, connection, false);
    } else connection.abort(new Error("a better link exists"));
  }

  async #takeIfOthersAreDead(peer: PeerKey, stream: Stream, connection: Connection): Promise<void> {
    const direct = this.of(peer).filter((link) => link.path.kind === "direct");
    const answers = await Promise.all(
      direct.map((link) => this.#options.heartbeat.check(link.connection, VERIFY_TIMEOUT_MS)),
    );
    if (answers.includes(true)) connection.abort(new Error("a direct link exists"));
    else this.#take(peer, stream, connection, false);
  }

  #take(peer: PeerKey, stream: Stream, connection: Connection, isOpener: boolean): void {
    const { clock, mailbox, onLink, onChange, gate } = this.#options;
    if (stream.status !== "open" || gate.isRefused(peer)) {
      connection.abort(new Error("closed before it was used"));
      return;
    }
    const link = new StreamLink({
      peer,
      stream,
      connection,
      isOpener,
      clock,
      mailbox,
      isReplaced: (older) => this.of(peer).at(-1) !== older,
      onHeard: (heard) => this.#onHeard(heard),
      onEnd: (ended) => this.#onEnd(ended),
      onDue: (due) => onChange(due.peer),
    });
    const older = this.of(peer);
    this.#linksByPeer.set(peer, [...older, link]);
    mailbox.post(() => link.attach(onLink(link)));
    for (const replaced of older) fireAndForget(this.#retire(replaced, link));
    if (older.length >= MAX_LINKS_PER_PEER) older[0]?.abort("too many links");
    onChange(peer);
  }

  /** Closes the older link after a while, unless the newer one did not last. */
  async #retire(older: StreamLink, newer: StreamLink): Promise<void> {
    await this.#options.clock.delay(REPLACED_LINGER_MS, this.#options.signal);
    if (!newer.isEnded) await older.close();
  }

  /** Two that both look alive to core could each be kept by one end: what is in doubt goes once the peer has answered elsewhere. */
  #onHeard(link: StreamLink): void {
    for (const other of this.of(link.peer)) {
      if (other !== link && other.isDoubtful) other.abort("the peer answers on another link");
    }
    this.#options.onHeard(link.peer);
  }

  #onEnd(link: StreamLink): void {
    const rest = this.of(link.peer).filter((other) => other !== link);
    if (rest.length === 0) this.#linksByPeer.delete(link.peer);
    else this.#linksByPeer.set(link.peer, rest);
    fireAndForget(closeConnection(link.connection));
    this.#options.onChange(link.peer, link);
  }
}

/** One link per connection: a connection without its link is closed, politely if the other end still answers. */
export async function closeConnection(connection: Connection): Promise<void> {
  try {
    await connection.close({ signal: AbortSignal.timeout(CLOSE_TIMEOUT_MS) });
  } catch (error) {
    // The far end may have gone while closing ("Cannot write to a stream that is closed").
    connection.abort(error instanceof Error ? error : new Error("close failed"));
  }
}
