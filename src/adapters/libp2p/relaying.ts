/**
 * Relaying for others: libp2p's circuit relay server behind rules of its own. Only whom core lets use this device (`RelayedAs`) may reserve
 * and connect, over direct links, so no circuit runs over another circuit; members who are no contacts are held to a part of everything.
 * Each circuit is granted a part of what the day has left (`circuit-grants.ts`), whoever sends more is cut, and all ends at once when it is
 * switched off. What is relayed is encrypted between its ends: this device learns two ids and a number of bytes.
 */
import { circuitRelayServer, type CircuitRelayService } from "@libp2p/circuit-relay-v2";
import type { Connection, PeerId, Stream } from "@libp2p/interface";
import type { Clock } from "../../core/clock.ts";
import type { PeerKey } from "../../core/codec/ids.ts";
import type { RelayedAs, RelayedBytes, RelayingRules } from "../../core/transport/transport.ts";
import { peerIdToPeerKey } from "./addresses.ts";
import { fireAndForget, waited } from "./background.ts";
import { CUT_COST_BYTES, grantFor, heldCost, relayCost } from "./circuit-grants.ts";
import { CircuitPaces } from "./circuit-pace.ts";
import { withOverrides } from "./component-overrides.ts";
import type { NodeComponents } from "./node.ts";

const MAX_RESERVATIONS = 32;
/** Of these, by members of common groups who are no contacts, so that contacts always find a place… */
const MAX_MEMBER_RESERVATIONS = 8;
/** …and how many circuits may have one of them at an end at a time. */
const MAX_MEMBER_CIRCUITS = 8;
/** Of one peer, as caller and as called. With both full, its connection still has streams to spare (`MAX_STREAMS_OF_PEER`). */
const MAX_CIRCUITS_PER_PEER = 8;
const CIRCUIT_MS = 10 * 60_000;
/** Whoever sent more than was granted gets no circuit for this long. */
const FLOOD_REFUSE_MS = 30_000;
const TELL_AFTER_MS = 1_000;
/** Over the line, in plus out: half of it leaves the device, which most lines at home have to spare… */
const BYTES_PER_SECOND = 2_000_000;
/** …and one direction of one circuit takes no more than half of that. */
const CIRCUIT_BYTES_PER_SECOND = 1_000_000;

export interface RelayingOptions {
  readonly clock: Clock;
  /** As whom this peer may use this device; undefined: not at all. */
  readonly relayedAs: (peer: PeerId) => RelayedAs | undefined;
  /** The connection of the direct link to this peer. */
  readonly directTo: (peer: PeerId) => Connection | undefined;
  readonly onRelayed: (relayed: RelayedBytes) => void;
  /** Over the line, in plus out; the second is of one direction of one circuit. */
  readonly bytesPerSecond?: readonly [all: number, circuit: number];
}

/** A circuit that was allowed, from the question until it ends. */
interface Circuit {
  readonly caller: PeerKey;
  readonly called: PeerId;
  readonly grantBytes: number;
  /** Whether an end of it is no contact. */
  readonly isForMember: boolean;
}

export class Relaying {
  readonly #options: RelayingOptions;
  readonly #streams = new Set<Stream>();
  readonly #circuits = new Set<Circuit>();
  readonly #paces: CircuitPaces;
  /** By the peer that is called: the circuits that were let through to it and did not get there yet, in order. */
  readonly #arriving = new Map<string, readonly Circuit[]>();
  /** Who sent more than was granted, and when that was, monotonic. */
  readonly #floodedAtMs = new Map<string, number>();
  #rules: RelayingRules = { isOn: false, bytesLeft: 0 };
  #server: CircuitRelayService | undefined;
  #untold: { bytes: number; readonly pairs: Map<string, readonly [PeerKey, PeerKey]> } | undefined;

  constructor(options: RelayingOptions) {
    this.#options = options;
    const [bytesPerSecond, circuitBytesPerSecond] = options.bytesPerSecond ?? [
      BYTES_PER_SECOND,
      CIRCUIT_BYTES_PER_SECOND,
    ];
    this.#paces = new CircuitPaces({
      clock: options.clock,
      bytesPerSecond,
      circuitBytesPerSecond,
      cost: relayCost,
      onOverflow: (stream) => stream.abort(new Error("more waits here than this device keeps")),
    });
  }

  /** Replaces the rules. What they do not allow any more ends now. */
  setRules(rules: RelayingRules): void {
    // Core does not know yet of what is untold.
    this.#rules = { ...rules, bytesLeft: rules.bytesLeft - (this.#untold?.bytes ?? 0) };
    if (!this.#isOpen()) this.#endAll();
  }

  mayReserve(peer: PeerId): boolean {
    const standing = this.#servedAs(peer);
    if (standing !== "member") return standing !== undefined;
    const { relayedAs } = this.#options;
    const others = [...(this.#server?.reservations.keys() ?? [])].filter((other) => !other.equals(peer));
    return others.filter((other) => relayedAs(other) === "member").length < MAX_MEMBER_RESERVATIONS;
  }

  /** Asked by libp2p once for each circuit, just before the called peer's connection is looked up. */
  mayConnect(caller: PeerId, called: PeerId): boolean {
    const callerKey = peerIdToPeerKey(caller);
    const standings = [this.#servedAs(caller), this.#servedAs(called)];
    if (callerKey === undefined || standings.includes(undefined)) return false;
    if (this.#isFlooding(caller) || this.#isFlooding(called)) return false;
    const isForMember = standings.includes("member");
    const ofMembers = [...this.#circuits].filter((circuit) => circuit.isForMember).length;
    if (isForMember && ofMembers >= MAX_MEMBER_CIRCUITS) return false;
    const grantBytes = this.#grant(called, isForMember ? (this.#rules.keptForContacts ?? 0) : 0);
    if (grantBytes === undefined) return false;
    const circuit = { caller: callerKey, called, grantBytes, isForMember };
    this.#circuits.add(circuit);
    this.#arriving.set(called.toString(), [...(this.#arriving.get(called.toString()) ?? []), circuit]);
    return true;
  }

  /** A service of the node. */
  readonly service = (components: NodeComponents): CircuitRelayService => {
    const { registrar, connectionManager } = components;
    const handle: typeof registrar.handle = (protocol, handler, options) =>
      registrar.handle(
        protocol,
        (stream, connection) => {
          // A stream that arrives over a circuit, through this or another device, would make a chain.
          const isDirect = this.#options.directTo(connection.remotePeer)?.id === connection.id;
          if (!isDirect || this.#servedAs(connection.remotePeer) === undefined) {
            stream.abort(new Error("this device does not relay for this peer"));
            return;
          }
          this.#paces.slow(stream);
          const handled = handler(stream, connection);
          // Behind the server's own listener: what libp2p has buffered goes to the first.
          this.#watch(stream, connection.remotePeer);
          return handled;
        },
        options,
      );
    const getConnections: typeof connectionManager.getConnections = (peer) => {
      const direct = peer === undefined ? undefined : this.#options.directTo(peer);
      const circuit = peer === undefined ? undefined : this.#nextTo(peer);
      if (direct !== undefined) return [this.#counted(direct, circuit)];
      if (circuit !== undefined) this.#circuits.delete(circuit);
      return [];
    };
    const server = circuitRelayServer({
      maxInboundHopStreams: MAX_CIRCUITS_PER_PEER,
      maxOutboundStopStreams: MAX_CIRCUITS_PER_PEER,
      reservations: {
        maxReservations: MAX_RESERVATIONS,
        defaultDurationLimit: CIRCUIT_MS,
      },
    })(
      withOverrides(components, {
        registrar: withOverrides(registrar, { handle }),
        connectionManager: withOverrides(connectionManager, { getConnections }),
      }),
    );
    this.#server = server;
    return server;
  };

  /** A reservation is of use only while its peer is connected. */
  forget(peer: PeerId): void {
    const reservation = this.#server?.reservations.get(peer);
    if (reservation === undefined) return;
    // Its timer would otherwise remove the next reservation of the same peer.
    reservation.signal.clear();
    this.#server?.reservations.delete(peer);
  }

  /** As whom this peer is served now. Members only while more is left than what is kept for contacts. */
  #servedAs(peer: PeerId): RelayedAs | undefined {
    const standing = this.#isOpen() ? this.#options.relayedAs(peer) : undefined;
    const isKept = standing === "member" && this.#rules.bytesLeft <= (this.#rules.keptForContacts ?? 0);
    return isKept ? undefined : standing;
  }

  #isOpen(): boolean {
    return this.#rules.isOn && this.#rules.bytesLeft > 0;
  }

  #endAll(): void {
    for (const stream of this.#streams) stream.abort(new Error("this device stopped relaying"));
    for (const peer of this.#server?.reservations.keys() ?? []) this.forget(peer);
  }

  /** Writes the limit of the next circuit into the reservation, from where libp2p takes it; undefined: too little is left. */
  #grant(called: PeerId, keptBytes: number): number | undefined {
    const reservation = this.#server?.reservations.get(called);
    if (reservation === undefined) return undefined;
    const held = [...this.#circuits].reduce((sum, { grantBytes }) => sum + heldCost(grantBytes), 0);
    const free = grantFor(this.#rules.bytesLeft - keptBytes - held);
    if (free === undefined) return undefined;
    // The reservation's limit counts when the circuit is there at last, so it may not grow while others to the same peer are under way.
    const others = [...this.#circuits].filter((circuit) => circuit.called.equals(called));
    const grantBytes = Math.min(free, ...others.map((circuit) => circuit.grantBytes));
    reservation.limit = { data: BigInt(grantBytes), duration: CIRCUIT_MS };
    return grantBytes;
  }

  #nextTo(called: PeerId): Circuit | undefined {
    const [circuit, ...later] = this.#arriving.get(called.toString()) ?? [];
    if (later.length === 0) this.#arriving.delete(called.toString());
    else this.#arriving.set(called.toString(), later);
    return circuit;
  }

  /** The connection to the called peer, whose next stream is the second half of the circuit that was just allowed. */
  #counted(connection: Connection, circuit: Circuit | undefined): Connection {
    const newStream: Connection["newStream"] = async (protocol, options) => {
      try {
        const stream = await connection.newStream(protocol, options);
        this.#paces.slow(stream);
        this.#watch(stream, connection.remotePeer, circuit);
        return stream;
      } catch (error) {
        if (circuit !== undefined) this.#circuits.delete(circuit);
        throw error;
      }
    };
    return withOverrides(connection, { newStream });
  }

  #watch(stream: Stream, sender: PeerId, circuit?: Circuit): void {
    const called = peerIdToPeerKey(sender);
    const pair = circuit === undefined || called === undefined ? undefined : ([circuit.caller, called] as const);
    const onClose = (error?: Error): void => {
      this.#streams.delete(stream);
      if (circuit !== undefined) this.#circuits.delete(circuit);
      if (error?.name !== "TransferLimitError") return;
      this.#floodedAtMs.set(sender.toString(), this.#options.clock.monotonic());
      this.#count(CUT_COST_BYTES, undefined);
    };
    this.#streams.add(stream);
    stream.addEventListener("close", ({ error }) => onClose(error));
    stream.addEventListener("message", ({ data }) => this.#count(relayCost(data.byteLength), pair));
    if (stream.status !== "open") onClose();
  }

  #isFlooding(peer: PeerId): boolean {
    const now = this.#options.clock.monotonic();
    for (const [name, atMs] of this.#floodedAtMs) {
      if (now - atMs >= FLOOD_REFUSE_MS) this.#floodedAtMs.delete(name);
    }
    return this.#floodedAtMs.has(peer.toString());
  }

  #count(bytes: number, pair: readonly [PeerKey, PeerKey] | undefined): void {
    this.#rules = { ...this.#rules, bytesLeft: this.#rules.bytesLeft - bytes };
    if (this.#untold === undefined) {
      this.#untold = { bytes: 0, pairs: new Map() };
      fireAndForget(waited(this.#options.clock.delay(TELL_AFTER_MS)).then(() => this.#tell()));
    }
    this.#untold.bytes += bytes;
    if (pair !== undefined) this.#untold.pairs.set(pair.toSorted().join(), pair);
    if (!this.#isOpen()) this.#endAll();
  }

  #tell(): void {
    const untold = this.#untold;
    this.#untold = undefined;
    if (untold !== undefined) this.#options.onRelayed({ bytes: untold.bytes, pairs: [...untold.pairs.values()] });
  }
}
