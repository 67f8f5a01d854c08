/**
 * Keeps reservations on a few peers that are linked directly and relay for this device, so that others reach it through them when no relay
 * is there. A reservation ends with the link below it; then it is taken again, there or with another peer.
 */
import type { Clock } from "../../core/clock.ts";
import type { PeerKey } from "../../core/codec/ids.ts";
import { peerIdToPeerKey, peerKeyToPeerId } from "./addresses.ts";
import { Attempts } from "./attempts.ts";
import { BackOff } from "./back-off.ts";
import type { Node } from "./node.ts";

/** On how many peers to be reachable at once. */
const MAX_HELPERS = 3;
const RETRY = { firstMs: 1_000, capMs: 120_000 };
/** After so many failures in a row another peer is asked as well. */
const DOUBTFUL_AFTER_FAILURES = 2;

export interface HelpersOptions {
  readonly node: Pick<Node, "reservations">;
  readonly clock: Clock;
  readonly random: () => number;
  /** Whether a direct link to this peer is up. */
  readonly isLinked: (peer: PeerKey) => boolean;
  /** Others are to be told of other helpers. */
  readonly onChange: () => void;
}

interface Slot {
  readonly peer: PeerKey;
  readonly backOff: BackOff;
  readonly attempts: Attempts;
  isReserved: boolean;
}

export class Helpers {
  readonly #options: HelpersOptions;
  readonly #slots = new Map<PeerKey, Slot>();
  #candidates: readonly PeerKey[] = [];

  constructor(options: HelpersOptions) {
    this.#options = options;
    options.node.reservations.addEventListener("relay:removed", ({ detail }) => {
      const peer = peerIdToPeerKey(detail.relay);
      const slot = peer === undefined ? undefined : this.#slots.get(peer);
      if (slot?.isReserved !== true) return;
      slot.isReserved = false;
      this.#options.onChange();
      this.step();
    });
  }

  /** Reserved, the first longest. */
  held(): readonly PeerKey[] {
    return [...this.#slots.values()].filter((slot) => slot.isReserved).map(({ peer }) => peer);
  }

  /** Whether this peer may bring circuits: it was asked, or is being asked. */
  has(peer: PeerKey): boolean {
    return this.#slots.has(peer);
  }

  /** Those who say that they relay for this device, best first. */
  offer(candidates: readonly PeerKey[]): void {
    this.#candidates = candidates;
    this.step();
  }

  /** Brings the reservations in line with the links there are. Called whenever one came or went. */
  step(): void {
    const usable = this.#candidates.filter((peer) => this.#options.isLinked(peer));
    for (const [peer, slot] of this.#slots) if (!usable.includes(peer)) this.#drop(slot);
    for (const peer of usable) {
      const good = [...this.#slots.values()].filter((slot) => slot.backOff.failures < DOUBTFUL_AFTER_FAILURES);
      if (good.length >= MAX_HELPERS) break;
      if (!this.#slots.has(peer)) this.#slots.set(peer, this.#createSlot(peer));
    }
    for (const slot of this.#slots.values()) if (!slot.isReserved) slot.attempts.start(0);
  }

  stop(): void {
    this.#candidates = [];
    for (const slot of this.#slots.values()) slot.attempts.stop();
    this.#slots.clear();
  }

  #createSlot(peer: PeerKey): Slot {
    const { clock, random } = this.#options;
    const backOff = new BackOff({ ...RETRY, random });
    const slot: Slot = {
      peer,
      backOff,
      isReserved: false,
      attempts: new Attempts({
        clock,
        backOff,
        attempt: () => this.#reserve(slot),
        onFailure: () => this.step(),
      }),
    };
    return slot;
  }

  async #reserve(slot: Slot): Promise<void> {
    const { reservations } = this.#options.node;
    const relay = peerKeyToPeerId(slot.peer);
    await reservations.addRelay(relay, "configured");
    if (!reservations.hasReservation(relay) || this.#slots.get(slot.peer) !== slot) return;
    slot.isReserved = true;
    slot.attempts.stop();
    slot.backOff.reset();
    this.#options.onChange();
  }

  #drop(slot: Slot): void {
    slot.attempts.stop();
    this.#slots.delete(slot.peer);
    const { reservations } = this.#options.node;
    const relay = peerKeyToPeerId(slot.peer);
    // It is asked anew next time: libp2p would go by what it was granted before.
    const held = reservations.reservations.get(relay);
    if (held !== undefined) clearTimeout(held.timeout);
    reservations.reservations.delete(relay);
    if (slot.isReserved) this.#options.onChange();
  }
}
