/**
 * Keeps reservations on this device's relays, so that others can reach it. libp2p makes a reservation once and forgets it when the
 * relay goes; this makes it again. Reservations are taken from the transport's store, without circuit listeners: closing one
 * listener would drop the reservations of all.
 */
import type { Clock } from "../../core/clock.ts";
import type { Reachability, RelayStatus } from "../../core/transport/transport.ts";
import type { RelayAddress } from "./addresses.ts";
import { Attempts } from "./attempts.ts";
import { BackOff } from "./back-off.ts";
import { fireAndForget, waited } from "./background.ts";
import { FirstRound } from "./first-round.ts";
import type { Heartbeat } from "./heartbeat.ts";
import type { Node } from "./node.ts";

/** On how many relays to be reachable at once. */
export const MAX_OWN_RELAYS = 2;
const CONNECT_TIMEOUT_MS = 5000;
const FIRST_RETRY_MS = 400;
/** A relay that restarts has its users back within this time, each at another moment of it. */
const RETRY_CAP_MS = 4000;
/** After this many failures in a row (some minutes) a relay is asked less often… */
const PATIENT_AFTER_FAILURES = 60;
const PATIENT_EXTRA_MS = 12_000;
/** …and after this many it is called unreachable, and a spare one is tried as well. */
const UNREACHABLE_AFTER_FAILURES = 3;
const WAKE_PING_TIMEOUT_MS = 1200;

export interface ReservationsOptions {
  readonly node: Node;
  /** Best first. The first `MAX_OWN_RELAYS` are used, the others when those fail. */
  readonly relays: readonly RelayAddress[];
  readonly clock: Clock;
  readonly random: () => number;
  readonly heartbeat: Heartbeat;
  /** A state changed. `gained`: the relay that made a reservation just now. */
  readonly onChange: (gained?: RelayAddress) => void;
}

interface Slot {
  readonly relay: RelayAddress;
  readonly backOff: BackOff;
  readonly attempts: Attempts;
  isReserved: boolean;
}

export class Reservations {
  readonly #options: ReservationsOptions;
  readonly #slots: readonly Slot[];
  readonly #firstRound: FirstRound;
  #isActive = false;

  constructor(options: ReservationsOptions) {
    this.#options = options;
    this.#firstRound = new FirstRound(options.clock);
    this.#slots = options.relays.map((relay) => this.#createSlot(relay));
    options.node.reservations.addEventListener("relay:removed", (event) =>
      this.#onRemoved(event.detail.relay.toString()),
    );
  }

  /** Resolves when the first reservation was asked for, could not be, or has taken too long. Peers are dialled then. */
  get firstRoundOver(): Promise<void> {
    return this.#firstRound.over;
  }

  /** Begins, or goes on after `pause`. */
  resume(): void {
    this.#isActive = true;
    if (this.#slots.length === 0) this.#firstRound.end();
    else this.#firstRound.begin();
    for (const slot of this.#slots) slot.backOff.reset();
    this.#fill();
  }

  /** Makes no more attempts; what is reserved stays. */
  pause(): void {
    this.#isActive = false;
    for (const slot of this.#slots) slot.attempts.stop();
  }

  /** Checks what is held, quickly, and tries everything else now. */
  async wake(): Promise<void> {
    const { node, heartbeat } = this.#options;
    for (const slot of this.#slots) {
      slot.attempts.stop();
      slot.backOff.reset();
    }
    this.#fill();
    const held = this.#slots.filter((slot) => slot.isReserved);
    await Promise.all(
      held
        .flatMap((slot) => node.connections.getConnections(slot.relay.peerId))
        .map((connection) => heartbeat.check(connection, WAKE_PING_TIMEOUT_MS)),
    );
  }

  statuses(): readonly RelayStatus[] {
    return this.#slots
      .filter((slot) => slot.isReserved || slot.attempts.isRunning || slot.backOff.failures > 0)
      .map((slot) => ({ address: slot.relay.text, state: stateOf(slot) }));
  }

  reachability(hasNetwork: boolean): Reachability {
    if (!hasNetwork) return { kind: "offline", reason: "no-network" };
    if (this.#slots.length === 0) return { kind: "offline", reason: "no-relay-known" };
    if (this.#slots.some((slot) => slot.isReserved)) return { kind: "online" };
    return { kind: "connecting", tried: Math.max(...this.#slots.map((slot) => slot.backOff.failures)) };
  }

  /** The relays others are to be told, best first. */
  addresses(): readonly string[] {
    const reserved = this.#slots.filter((slot) => slot.isReserved);
    return (reserved.length > 0 ? reserved : this.#slots).slice(0, MAX_OWN_RELAYS).map((slot) => slot.relay.text);
  }

  /** Relays to reach others through, the reserved ones first. */
  relays(): readonly RelayAddress[] {
    const byUse = this.#slots.toSorted((left, right) => Number(right.isReserved) - Number(left.isReserved));
    return byUse.slice(0, MAX_OWN_RELAYS).map((slot) => slot.relay);
  }

  #createSlot(relay: RelayAddress): Slot {
    const { clock, random } = this.#options;
    const backOff = new BackOff({ firstMs: FIRST_RETRY_MS, capMs: RETRY_CAP_MS, random });
    const slot: Slot = {
      relay,
      backOff,
      isReserved: false,
      attempts: new Attempts({
        clock,
        backOff,
        attempt: (signal) => this.#reserve(slot, signal),
        onFailure: () => {
          this.#firstRound.end();
          this.#fill();
          this.#options.onChange();
        },
      }),
    };
    return slot;
  }

  /** Starts attempts on as many slots as are needed to hold `MAX_OWN_RELAYS` reservations. */
  #fill(firstDelayMs = 0): void {
    if (!this.#isActive) return;
    let missing = MAX_OWN_RELAYS - this.#slots.filter((slot) => slot.isReserved).length;
    for (const slot of this.#slots) {
      if (missing <= 0) return;
      if (slot.isReserved) continue;
      slot.attempts.start(firstDelayMs);
      if (slot.backOff.failures < UNREACHABLE_AFTER_FAILURES) missing -= 1;
    }
  }

  async #reserve(slot: Slot, signal: AbortSignal): Promise<void> {
    const { node, clock, random } = this.#options;
    if (slot.backOff.failures > PATIENT_AFTER_FAILURES) {
      if (!(await waited(clock.delay(PATIENT_EXTRA_MS * random(), signal)))) return;
    }
    // Dialled first and by address: a reservation that fails for want of a connection is never tried again by the store.
    await node.connections.openConnection(slot.relay.multiaddr, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(CONNECT_TIMEOUT_MS)]),
    });
    if (signal.aborted) return;
    const reserving = node.reservations.addRelay(slot.relay.peerId, "configured");
    // Before the next task the request is on its way, and what peers are asked comes behind it: nobody need wait for the answer.
    fireAndForget(clock.pause().then(() => this.#firstRound.end()));
    await reserving;
    if (!node.reservations.hasReservation(slot.relay.peerId)) return;
    slot.isReserved = true;
    slot.attempts.stop();
    slot.backOff.reset();
    this.#retireSpares();
    this.#options.onChange(slot.relay);
  }

  /** Ends the attempts on spare relays once enough is reserved. */
  #retireSpares(): void {
    if (this.#slots.filter((slot) => slot.isReserved).length < MAX_OWN_RELAYS) return;
    for (const slot of this.#slots) slot.attempts.stop();
  }

  #onRemoved(relayId: string): void {
    const slot = this.#slots.find((candidate) => candidate.relay.id === relayId);
    if (slot?.isReserved !== true) return;
    slot.isReserved = false;
    this.#fill(this.#options.random() * FIRST_RETRY_MS);
    this.#options.onChange();
  }
}

function stateOf(slot: Slot): RelayStatus["state"] {
  if (slot.isReserved) return "reserved";
  return slot.backOff.failures >= UNREACHABLE_AFTER_FAILURES ? "unreachable" : "connecting";
}
