/**
 * How one wanted peer is reached, from the first dial to the best path: a circuit through a relay at once, so that messages flow; a
 * direct link signalled over it; a new circuit before the old one is used up; and from the start again when all links are lost.
 */
import type { PeerId } from "@libp2p/interface";
import type { Clock } from "../../core/clock.ts";
import type { PeerKey } from "../../core/codec/ids.ts";
import type { Detour, Path } from "../../core/transport/transport.ts";
import { peerKeyToPeerId, type RelayAddress, webrtcAddress } from "./addresses.ts";
import { Attempts } from "./attempts.ts";
import { BackOff } from "./back-off.ts";
import { fireAndForget, waited } from "./background.ts";
import type { Gate } from "./gate.ts";
import { Haste } from "./haste.ts";
import type { StreamLink } from "./link.ts";
import type { Links } from "./links.ts";
import type { Node } from "./node.ts";
import { isSamePath } from "./path.ts";
import { staggeredRace } from "./staggered-race.ts";
import { type Way, wayOf, waysTo } from "./ways.ts";

const CIRCUIT_RETRY = { firstMs: 300, capMs: 30_000 };
const UPGRADE_RETRY = { firstMs: 1000, capMs: 120_000 };
const CIRCUIT_TIMEOUT_MS = 8000;
const UPGRADE_TIMEOUT_MS = 10_000;
const STAGGER_MS = 250;
/** At once; cards name fewer. */
const MAX_HELPERS_ASKED = 8;
/** Both ends hear of a loss at once; the one with the larger key waits so that they do not dial each other. */
const LARGER_KEY_REDIAL_DELAY_MS = 200;
/** The smaller key offers the direct link; the larger one only when no offer came by then. */
const LARGER_KEY_UPGRADE_DELAY_MS = 3000;
/** Where a cause brings a try forward. Not less: several signs of one cause come together. */
const HASTENED_MS = 500;
/** How long a peer is said to be connecting before it is called away. */
const CONNECTING_MS = 15_000;

export interface LadderContext {
  readonly node: Node;
  readonly links: Links;
  readonly gate: Gate;
  readonly clock: Clock;
  readonly random: () => number;
  readonly ownRelays: () => readonly RelayAddress[];
  readonly hasNetwork: () => boolean;
  /** Until then nobody is dialled: that this device becomes reachable is asked for first. */
  readonly mayDial: () => Promise<void>;
  readonly onPath: (peer: PeerKey, path: Path) => void;
}

export interface LadderTarget {
  readonly relays: readonly RelayAddress[];
  /** Devices of others through which it said that it can be reached. */
  readonly helpers: readonly PeerKey[];
  /** And through which it only may be. */
  readonly mayHelp: readonly PeerKey[];
  readonly allowDirect: boolean;
  /** What led there last, before this ladder was made. */
  readonly lastWay?: Detour | undefined;
  /** Direct links are answered and never offered. */
  readonly answersOnly?: boolean;
}

export class Ladder {
  readonly #peer: PeerKey;
  readonly #peerId: PeerId;
  readonly #context: LadderContext;
  readonly #circuits: Attempts;
  readonly #circuitBackOff: BackOff;
  readonly #upgrades: Attempts;
  readonly #upgradeBackOff: BackOff;
  readonly #haste: Haste;
  readonly #stopped = new AbortController();
  #target: LadderTarget;
  #connectingUntilMs = 0;
  /** The name of the way that led there last. */
  #lastWay: string | undefined;
  #reported: Path | undefined;
  /** Of the circuit dial in progress: ids of the connections to relays that it found open. */
  #asked: ReadonlySet<string> = new Set();

  constructor(peer: PeerKey, target: LadderTarget, context: LadderContext) {
    const { clock, random } = context;
    this.#peer = peer;
    this.#peerId = peerKeyToPeerId(peer);
    this.#target = target;
    this.#context = context;
    this.#lastWay = target.lastWay === undefined ? undefined : wayOf(target.lastWay);
    this.#circuitBackOff = new BackOff({ ...CIRCUIT_RETRY, random });
    this.#upgradeBackOff = new BackOff({ ...UPGRADE_RETRY, random });
    this.#haste = new Haste(clock);
    this.#circuits = new Attempts({
      clock,
      backOff: this.#circuitBackOff,
      attempt: (signal) => this.#dialCircuit(signal),
    });
    this.#upgrades = new Attempts({
      clock,
      backOff: this.#upgradeBackOff,
      attempt: (signal) => this.#goDirect(signal),
    });
    this.#beginConnecting();
  }

  update(target: LadderTarget): void {
    const before = waysOf(this.#target);
    this.#target = target;
    if (waysOf(target) !== before) this.retryNow();
    else this.step();
  }

  /** A direct link to this peer came: it may help. */
  onLinked(peer: PeerKey): void {
    const isMissing = this.#context.links.of(this.#peer).length === 0;
    const { helpers, mayHelp } = this.#target;
    if (isMissing && (helpers.includes(peer) || mayHelp.includes(peer))) this.retryNow();
  }

  /** A relay has this device again. What was just asked of it, behind that, is let finish. */
  onReserved({ peerId }: RelayAddress): void {
    const { links, node } = this.#context;
    if (links.of(this.#peer).length > 0) this.#climbSoon();
    else if (!node.connections.getConnections(peerId).some(({ id }) => this.#asked.has(id))) this.retryNow();
  }

  /** The peer said something: while two talk, a better path is worth another try, and a mended line has no event of its own. */
  onHeard(): void {
    this.#climbSoon();
  }

  /** Brings the attempts in line with the links there are. Called whenever something changed. */
  step(firstDelayMs = 0): void {
    if (this.#stopped.signal.aborted) return;
    const { links, gate, hasNetwork } = this.#context;
    const held = links.of(this.#peer);
    const sound = held.filter((link) => !link.isDoubtful);
    const hasDirect = sound.some((link) => link.path.kind === "direct");
    const mayTry = hasNetwork() && !gate.isRefused(this.#peer);

    const isInDoubt = held.length > 0 && sound.length === 0;
    if (mayTry && !hasDirect && !sound.some((link) => !link.isDue)) {
      this.#circuits.start(isInDoubt ? this.#politeMs() : firstDelayMs);
    } else this.#circuits.stop();

    if (!mayTry || hasDirect || !this.#offersDirect()) this.#upgrades.stop();
    // Without a circuit none is begun, but one that has come far does not need the circuit any more.
    else if (sound.length > 0 && !this.#upgrades.isRunning) this.#upgrades.start(this.#upgradeDelayMs());

    this.#report();
  }

  onLinkEnded(link: StreamLink): void {
    // Only a link that carried something proves the path; one that dies at once is retried more and more slowly.
    if (link.hasCarried) this.#circuitBackOff.reset();
    if (this.#context.links.of(this.#peer).length > 0) return this.step();
    this.#beginConnecting();
    if (link.hasCarried) this.#upgradeBackOff.reset();
    this.step(link.hasCarried ? this.#politeMs() : this.#circuitBackOff.next());
  }

  /** Forgets back-offs and tries at once. */
  retryNow(): void {
    this.#circuits.stop();
    this.#upgrades.stop();
    this.#circuitBackOff.reset();
    this.#upgradeBackOff.reset();
    this.#beginConnecting();
    this.step();
  }

  stop(): void {
    this.#stopped.abort();
    this.#circuits.stop();
    this.#upgrades.stop();
  }

  #climbSoon(): void {
    const soonMs = HASTENED_MS + (this.#context.links.isSmaller(this.#peer) ? 0 : LARGER_KEY_UPGRADE_DELAY_MS);
    if (this.#upgrades.isWaitingLonger(soonMs) && this.#haste.take()) this.#upgrades.hasten(soonMs);
  }

  #politeMs(): number {
    const { random, links } = this.#context;
    return links.isSmaller(this.#peer) ? 0 : LARGER_KEY_REDIAL_DELAY_MS * (0.5 + random());
  }

  #upgradeDelayMs(): number {
    if (this.#upgradeBackOff.failures > 0) return this.#upgradeBackOff.next();
    return this.#context.links.isSmaller(this.#peer) ? 0 : LARGER_KEY_UPGRADE_DELAY_MS;
  }

  async #dialCircuit(signal: AbortSignal): Promise<void> {
    const { node, clock, links, mayDial, ownRelays } = this.#context;
    await mayDial();
    signal.throwIfAborted();
    const dialSignal = AbortSignal.any([signal, AbortSignal.timeout(CIRCUIT_TIMEOUT_MS)]);
    const dial = async ({ name, address }: Way, waySignal: AbortSignal) => ({
      name,
      connection: await node.transports.dial(address, { signal: waySignal }),
    });
    const ways = this.#ways().map((way) => (waySignal: AbortSignal) => dial(way, waySignal));
    const relays = [...this.#target.relays, ...ownRelays()];
    const asked = new Set(relays.flatMap(({ peerId }) => node.connections.getConnections(peerId).map(({ id }) => id)));
    this.#asked = asked;
    const { name, connection } = await staggeredRace(ways, {
      clock,
      signal: dialSignal,
      staggerMs: STAGGER_MS,
      discard: (late) => late.connection.abort(new Error("another way was faster")),
    }).finally(() => {
      if (this.#asked === asked) this.#asked = new Set();
    });
    const opening = links.open(this.#peerId, connection, dialSignal);
    if (links.isSmaller(this.#peer)) this.#beginUpgrade();
    await opening;
    this.#lastWay = name;
  }

  /** The offer need not wait for the link: it goes over the same circuit. Of two circuits dialled at once that of the smaller key stays. */
  #beginUpgrade(): void {
    const { links } = this.#context;
    // Offers go over the link that is held. Where nobody answers on that, it is waited for the new one.
    const isInDoubt = links.of(this.#peer).some((link) => link.isDoubtful);
    const mayUpgrade = this.#offersDirect() && !isInDoubt && links.directTo(this.#peer) === undefined;
    if (mayUpgrade && this.#upgradeBackOff.failures === 0) this.#upgrades.start(0);
  }

  #offersDirect(): boolean {
    return this.#target.allowDirect && this.#target.answersOnly !== true;
  }

  async #goDirect(signal: AbortSignal): Promise<void> {
    const { node, gate, links } = this.#context;
    if (!gate.mayGoDirect(this.#peerId)) return;
    const dialSignal = AbortSignal.any([signal, AbortSignal.timeout(UPGRADE_TIMEOUT_MS)]);
    const connection = await node.transports.dial(webrtcAddress(this.#peerId), { signal: dialSignal });
    await links.open(this.#peerId, connection, dialSignal);
  }

  #ways(): readonly Way[] {
    const { links, node, ownRelays } = this.#context;
    const linked = (helpers: readonly PeerKey[]): readonly PeerKey[] =>
      helpers.filter((helper) => links.directTo(helper) !== undefined).slice(0, MAX_HELPERS_ASKED);
    const inDoubt = links.of(this.#peer).filter((link) => link.isDoubtful);
    return waysTo({
      to: this.#peerId,
      helpers: linked(this.#target.helpers),
      mayHelp: linked(this.#target.mayHelp),
      relays: [...this.#target.relays, ...ownRelays()],
      isConnected: (relay) => node.connections.getConnections(relay.peerId).length > 0,
      lastWay: this.#lastWay,
      doubtful: new Set(inDoubt.flatMap(({ path }) => (path.kind === "direct" ? [] : (wayOf(path) ?? [])))),
    });
  }

  #beginConnecting(): void {
    const { clock } = this.#context;
    this.#connectingUntilMs = clock.monotonic() + CONNECTING_MS;
    fireAndForget(
      waited(clock.delay(CONNECTING_MS + 1, this.#stopped.signal)).then((isOver) =>
        isOver ? this.#report() : undefined,
      ),
    );
  }

  #path(): Path {
    const { links, gate, clock, hasNetwork } = this.#context;
    const all = links.of(this.#peer);
    const sound = all.filter((link) => !link.isDoubtful);
    const held = sound.length > 0 ? sound : all;
    const best = held.find((link) => link.path.kind === "direct") ?? held.at(-1);
    if (best !== undefined) return best.path;
    const isTrying = hasNetwork() && !gate.isRefused(this.#peer) && clock.monotonic() < this.#connectingUntilMs;
    return { kind: isTrying ? "connecting" : "away" };
  }

  #report(): void {
    const path = this.#path();
    if (isSamePath(this.#reported, path)) return;
    this.#reported = path;
    this.#context.onPath(this.#peer, path);
  }
}

function waysOf({ relays, helpers, mayHelp }: LadderTarget): string {
  return [...relays.map((relay) => relay.text), ...helpers, "", ...mayHelp].join();
}
