/** All links and their sessions: greets, routes frames, starts sessions, and retires links that a better one has replaced. */
import { DecodeError } from "../codec/decode-error.ts";
import type { ConversationId, PeerKey } from "../codec/ids.ts";
import { decodeRelease, encodeRelease } from "../codec/release.ts";
import type { Clock } from "../clock.ts";
import type { ServedEntry } from "../log/serve.ts";
import type { Link, LinkHandlers } from "../transport/transport.ts";
import { Allowances, type Cost, STORED_BYTES_RATE, WORK_RATE } from "./allowance.ts";
import { type Conduit, createConduit, endSessions, guestsAmong, keepOfGuest, sessionFor, takeKept } from "./conduit.ts";
import { FRAME, type Frame, isContactFrame, LINK_FRAMES } from "./frames.ts";
import { Gossip } from "./gossip.ts";
import type { SyncHost } from "./host.ts";
import { decodeGreet, encodeGreet, type Greet, OWN_FEATURES } from "./payloads.ts";
import { PacedClocks } from "./paced-clocks.ts";
import { PeerLink } from "./peer-link.ts";
import { conversationOfHello } from "./hello-match.ts";
import { Session } from "./session.ts";

const LISTENER_WAITS_MS = 1_000;
const GREET_TIMEOUT_MS = 10_000;
const FIRST_GUEST_FRAME = FRAME.claim;
const LAST_GUEST_FRAME = FRAME.ownDevices;
/** Links at once with peers that are no contacts. */
const MAX_GUESTS = 16;
/** First contact takes two frames of the other side, and a hello for each conversation that it believes to be shared. */
const MAX_GUEST_FRAMES = 256;
/** Each side opens one session per conversation and link. */
const MAX_HELLOS_PER_LINK = 1_024;
/** A hello has its conversation read and answered in full. */
const HELLO_WORK = 20;

export class Sync {
  readonly #host: SyncHost;
  readonly #clock: Clock;
  /** In the order of their beginning. */
  readonly #conduits = new Set<Conduit>();
  readonly #work: Allowances;
  readonly #storedBytes: Allowances;
  readonly gossip: Gossip;
  /** New clocks of this device: broadcast, but in a burst of them only some, and the last. */
  readonly clocks: PacedClocks;

  constructor(host: SyncHost, clock: Clock) {
    this.#host = host;
    this.#clock = clock;
    this.gossip = new Gossip(clock, host, (conversation) => this.#sessionsOf(conversation));
    this.#work = new Allowances(clock, WORK_RATE);
    this.#storedBytes = new Allowances(clock, STORED_BYTES_RATE);
    this.clocks = new PacedClocks(clock, (conversation, bytes) => this.broadcast(conversation, FRAME.clock, bytes));
  }

  addLink(link: Link): LinkHandlers {
    const own = { nonce: this.#host.random(32), relays: this.#host.ownRelays(), ...OWN_FEATURES };
    const peerLink = new PeerLink(link, {
      onFrames: (frames) => this.#onFrames(conduit, frames),
      onClose: (fault) => {
        this.#conduits.delete(conduit);
        this.#host.onLinkClosed(peerLink, fault);
      },
    });
    const conduit = createConduit(peerLink, own);
    this.#conduits.add(conduit);
    peerLink.send(FRAME.greet, 0, encodeGreet(own));
    void this.#expectGreet(conduit);
    return peerLink.handlers;
  }

  /** A guest became a contact: sessions may begin on every link to it. */
  admit(peer: PeerKey): void {
    for (const conduit of this.#conduits) {
      if (conduit.link.peer !== peer || conduit.role !== "guest") continue;
      conduit.role = "contact";
      void this.#beginAsContact(conduit.link);
      this.#hearKept(conduit).catch((error: unknown) => conduit.link.close(error as Error));
    }
  }

  /** Compares this conversation with a peer, on every link to it that has no session for it yet. */
  async start(peer: PeerKey, conversation: ConversationId, isForGuests = false): Promise<void> {
    for (const conduit of this.#conduits) {
      const isMeant = conduit.role === "contact" || (isForGuests && conduit.role === "guest");
      if (isMeant && conduit.link.peer === peer) await this.#openSession(conduit, conversation);
    }
  }

  /** Entries of this conversation were committed here: they go to everybody who is connected and lacks them. */
  committed(conversation: ConversationId, entries: readonly ServedEntry[]): void {
    for (const session of this.#sessionsOf(conversation)) session.push(entries);
  }

  /** Sends a signed statement to everybody connected in this conversation. */
  broadcast(conversation: ConversationId, type: number, bytes: Uint8Array): void {
    for (const session of this.#sessionsOf(conversation)) session.sendStatement(type, bytes);
  }

  /** Sends a frame of this conversation to one peer; resolves when that has room for more. False if it is not connected. */
  async sendTo(peer: PeerKey, conversation: ConversationId, type: number, bytes: Uint8Array): Promise<boolean> {
    // The newest link: an older one is about to be closed, or has been already at the other end.
    const session = this.#sessionsOf(conversation).findLast(
      (candidate) => candidate.peer === peer && !candidate.isEnded,
    );
    session?.sendStatement(type, bytes);
    await session?.drained();
    return session !== undefined;
  }

  /** Whether somebody who can take a new entry of this conversation is connected and level. */
  hasTaker(conversation: ConversationId): boolean {
    return this.#sessionsOf(conversation).some(
      (session) => session.isReady && this.#host.mayTake(conversation, session.peer),
    );
  }

  /** Whether a session of this conversation is open, level or not. */
  isMet(conversation: ConversationId): boolean {
    return this.#sessionsOf(conversation).some((session) => !session.isEnded);
  }

  /** Links to a peer on which frames of first contact can be sent. */
  linksTo(peer: PeerKey): readonly PeerLink[] {
    return [...this.#conduits].filter((conduit) => conduit.link.peer === peer).map((conduit) => conduit.link);
  }

  /** A conversation that left this device. */
  readonly end = (conversation: ConversationId): void => endSessions(this.#conduits, conversation);

  closeAll(): void {
    for (const conduit of this.#conduits) conduit.link.close();
  }

  #sessionsOf(conversation: ConversationId): Session[] {
    return [...this.#conduits].flatMap((conduit) =>
      [...conduit.sessions.values()].filter((session) => session.conversation === conversation),
    );
  }

  async #expectGreet(conduit: Conduit): Promise<void> {
    await this.#clock.delay(GREET_TIMEOUT_MS);
    if (conduit.remote === undefined) conduit.link.close(new DecodeError("no greeting in time"));
  }

  async #onFrames(conduit: Conduit, frames: readonly [Frame, ...Frame[]]): Promise<void> {
    const [frame] = frames;
    this.#host.onHeard(conduit.link.peer);
    if (conduit.role !== "contact") {
      conduit.guestFrames += 1;
      if (conduit.guestFrames > MAX_GUEST_FRAMES) throw new DecodeError("too much of somebody who is no contact");
    }
    if (frame.session !== 0 && LINK_FRAMES.has(frame.type)) throw new DecodeError("a frame of the link in a session");
    if (conduit.remote === undefined) {
      if (frame.type !== FRAME.greet) throw new DecodeError("a frame before the greeting");
      await this.#onGreet(conduit, decodeGreet(frame.payload));
    } else if (frame.type === FRAME.greet) {
      throw new DecodeError("a second greeting");
    } else if (frame.type >= FIRST_GUEST_FRAME && frame.type <= LAST_GUEST_FRAME) {
      await this.#host.onGuestFrame(conduit.link, frame);
    } else if (frame.type === FRAME.codeRead) {
      if (conduit.role === "contact") this.#host.onCodeRead(conduit.link, frame);
    } else if (frame.type === FRAME.groupOffer) {
      await this.#host.onGroupOffer(conduit.link, frame);
    } else if (conduit.role === "contact" || conduit.sessions.has(frame.session)) {
      if (frame.type === FRAME.release || isContactFrame(frame.type)) await this.#onContactFrame(conduit, frame);
      else await this.#onSessionFrames(conduit, frames);
    } else if (frame.type === FRAME.hello) {
      // A stranger is told the same as a contact who names what we do not share. A peer that knows us as a contact already
      // (its welcome was lost) learns that this session is over, and answers ours after the next welcome.
      conduit.link.send(FRAME.unknownConversation, frame.session, new Uint8Array(0));
    } else keepOfGuest(conduit, frame);
    this.#retireReplaced(conduit.link.peer);
  }

  async #onGreet(conduit: Conduit, remote: Greet): Promise<void> {
    conduit.remote = remote;
    conduit.role = await this.#host.onGreeted(conduit.link, conduit.own, remote);
    if (conduit.role === "guest" && guestsAmong(this.#conduits) > MAX_GUESTS) {
      conduit.link.close();
      return;
    }
    if (conduit.role !== "contact") return;
    void this.#beginAsContact(conduit.link);
    if (conduit.link.isOpener) await this.#openAll(conduit);
    else this.#openLater(conduit).catch((error: unknown) => conduit.link.close(error as Error));
  }

  async #openAll(conduit: Conduit): Promise<void> {
    for (const id of this.#host.conversationsWith(conduit.link.peer)) await this.#openSession(conduit, id);
  }

  /** The opener begins what it knows of; the listener may know of a group that the opener has yet to hear of. */
  async #openLater({ link }: Conduit): Promise<void> {
    await this.#clock.delay(LISTENER_WAITS_MS);
    const groups = this.#host.conversationsWith(link.peer).filter((id) => this.#host.isGroup(id));
    await Promise.all(groups.map((id) => this.start(link.peer, id)));
  }

  /** Strangers are told nothing: which build somebody runs would help to attack it. */
  async #beginAsContact(link: PeerLink): Promise<void> {
    this.#host.onContact(link);
    const release = await this.#host.ownRelease();
    if (release !== undefined) link.send(FRAME.release, 0, encodeRelease(release));
  }

  async #hearKept(conduit: Conduit): Promise<void> {
    for (const frame of takeKept(conduit)) await this.#onContactFrame(conduit, frame);
  }

  async #onContactFrame(conduit: Conduit, frame: Frame): Promise<void> {
    if (frame.type === FRAME.release) this.#onRelease(conduit, frame);
    else await this.#spend(conduit, await this.#host.onContactFrame(conduit.link, frame));
  }

  #onRelease(conduit: Conduit, frame: Frame): void {
    if (conduit.hasToldRelease) throw new DecodeError("a second release");
    conduit.hasToldRelease = true;
    this.#host.onRelease(conduit.link.peer, decodeRelease(frame.payload));
  }

  async #onSessionFrames(conduit: Conduit, frames: readonly [Frame, ...Frame[]]): Promise<void> {
    const [frame] = frames;
    const session = conduit.sessions.get(frame.session);
    if (session !== undefined) {
      const cost = await session.onFrames(frames);
      if (session.isEnded) conduit.sessions.delete(frame.session);
      if (frame.type === FRAME.unknownConversation) this.#host.onUnknown(conduit.link, session.conversation);
      await this.#spend(conduit, cost);
      return;
    }
    if (frame.type !== FRAME.hello) return;
    conduit.hellos += 1;
    if (conduit.hellos > MAX_HELLOS_PER_LINK) throw new DecodeError("too many sessions");
    await this.#spend(conduit, { work: HELLO_WORK, bytes: 0 });
    const isTheirs = frame.session % 2 === (conduit.link.isOpener ? 0 : 1);
    if (!isTheirs || frame.session === 0) throw new DecodeError("a session number of the other side");
    const conversation = conversationOfHello(this.#host, conduit, frame);
    const rival = conversation === undefined ? undefined : sessionFor(conduit, conversation);
    if (conversation === undefined || rival?.isAnswered === true) {
      conduit.link.send(FRAME.unknownConversation, frame.session, new Uint8Array(0));
      return;
    }
    if (rival !== undefined) {
      // Both said hello at once: the session of the stream's opener stays, on both sides.
      if (conduit.link.isOpener) return;
      conduit.sessions.delete(rival.number);
    }
    const answering = this.#newSession(conduit, conversation, frame.session);
    await answering?.answerHello(frame);
  }

  /** The peer's account is held to what honest ones need; beyond that its link waits. */
  async #spend(conduit: Conduit, cost: Cost): Promise<void> {
    const payer = this.#host.payerFor(conduit.link.peer);
    const isOver = (): boolean => conduit.link.isClosed;
    await this.#work.spend(payer, cost.work, isOver);
    await this.#storedBytes.spend(payer, cost.bytes, isOver);
  }

  async #openSession(conduit: Conduit, conversation: ConversationId): Promise<void> {
    if (sessionFor(conduit, conversation) !== undefined) return;
    const session = this.#newSession(conduit, conversation, conduit.nextSession);
    conduit.nextSession += 2;
    await session?.sayHello();
  }

  #newSession(conduit: Conduit, conversation: ConversationId, number: number): Session | undefined {
    if (conduit.remote === undefined) return undefined;
    const greets = { own: conduit.own, remote: conduit.remote, shared: this.gossip };
    const session: Session = new Session(this.#host, conduit.link, greets, conversation, number, (heights) => {
      const others = this.#sessionsOf(conversation).filter((other) => other !== session);
      for (const other of others) if (other.peer === conduit.link.peer) other.notePeerHeights(heights);
      void this.gossip.forward(others);
      void this.gossip.reconsider(conversation);
    });
    conduit.sessions.set(number, session);
    return session;
  }

  /** The peer said that it has the logs up to these seqs. */
  noteHeights(conversation: ConversationId, peer: PeerKey, heights: ReadonlyMap<string, number>): void {
    for (const session of this.#sessionsOf(conversation)) if (session.peer === peer) session.notePeerHeights(heights);
  }

  /**
   * Closes links to a peer that a better one has replaced, once that one is level. Only the side with the smaller peer key does
   * so, since two sides deciding at once could each close the link the other keeps.
   */
  #retireReplaced(peer: PeerKey): void {
    if (this.#host.ownPeer > peer) return;
    const conduits = [...this.#conduits].filter((conduit) => conduit.link.peer === peer && conduit.role === "contact");
    if (conduits.length < 2) return;
    const best = conduits.reduce((kept, next) =>
      kept.link.path.kind === "direct" && next.link.path.kind !== "direct" ? kept : next,
    );
    const isLevel = [...best.sessions.values()].every((session) => session.isSettled);
    if (!isLevel || best.sessions.size === 0) return;
    for (const conduit of conduits) if (conduit !== best) conduit.link.close();
  }
}
