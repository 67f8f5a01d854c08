/**
 * Relaying for others: libp2p's circuit relay server behind rules of its own. Only accepted peers that are linked directly may reserve and
 * connect, so no circuit runs over another circuit; each circuit is limited, what a day may move is counted, and it ends at once when
 * it is switched off. What is relayed is encrypted between its ends: this device learns two ids and a number of bytes.
 */
import { circuitRelayServer, type CircuitRelayService } from "@libp2p/circuit-relay-v2";
import type { Connection, PeerId, Stream } from "@libp2p/interface";
import type { Clock } from "../../core/clock.ts";
import type { PeerKey } from "../../core/codec/ids.ts";
import type { RelayedBytes, RelayingRules } from "../../core/transport/transport.ts";
import { peerIdToPeerKey } from "./addresses.ts";
import { fireAndForget, waited } from "./background.ts";
import { withOverrides } from "./component-overrides.ts";
import type { NodeComponents } from "./node.ts";

const MAX_RESERVATIONS = 32;
/** Of one peer, as caller and as called. With both full, its connection still has streams to spare (`MAX_STREAMS_OF_PEER`). */
const MAX_CIRCUITS_PER_PEER = 8;
/** Per circuit, both directions together. Its ends replace it before. */
const CIRCUIT_BYTES = 4 * 1024 * 1024;
const CIRCUIT_MS = 10 * 60_000;
/** What is relayed comes in and goes out. */
const LINE_USES = 2;
const TELL_AFTER_MS = 1_000;

export interface RelayingOptions {
  readonly clock: Clock;
  /** Whether core accepted this peer, so that it may use this device. */
  readonly isAccepted: (peer: PeerId) => boolean;
  /** The connection of the direct link to this peer. */
  readonly directTo: (peer: PeerId) => Connection | undefined;
  readonly onRelayed: (relayed: RelayedBytes) => void;
}

export class Relaying {
  readonly #options: RelayingOptions;
  readonly #streams = new Set<Stream>();
  /** By the peer that is called: who was let through to it and did not get there yet, in order. */
  readonly #callers = new Map<string, PeerKey[]>();
  #rules: RelayingRules = { isOn: false, bytesLeft: 0 };
  #server: CircuitRelayService | undefined;
  #untold: { bytes: number; readonly pairs: Map<string, readonly [PeerKey, PeerKey]> } | undefined;

  constructor(options: RelayingOptions) {
    this.#options = options;
  }

  /** Replaces the rules. What they do not allow any more ends now. */
  setRules(rules: RelayingRules): void {
    this.#rules = rules;
    if (!this.#isOpen()) this.#endAll();
  }

  mayReserve(peer: PeerId): boolean {
    return this.#isOpen() && this.#options.isAccepted(peer);
  }

  /** Asked by libp2p once for each circuit, just before the called peer's connection is looked up. */
  mayConnect(caller: PeerId, called: PeerId): boolean {
    const callerKey = peerIdToPeerKey(caller);
    if (callerKey === undefined || !this.mayReserve(caller) || !this.mayReserve(called)) return false;
    const name = called.toString();
    this.#callers.set(name, [...(this.#callers.get(name) ?? []), callerKey]);
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
          if (!isDirect || !this.mayReserve(connection.remotePeer)) {
            stream.abort(new Error("this device does not relay for this peer"));
            return;
          }
          const handled = handler(stream, connection);
          // Behind the server's own listener: what libp2p has buffered goes to the first.
          this.#watch(stream);
          return handled;
        },
        options,
      );
    const getConnections: typeof connectionManager.getConnections = (peer) => {
      const direct = peer === undefined ? undefined : this.#options.directTo(peer);
      return direct === undefined ? [] : [this.#counted(direct)];
    };
    const server = circuitRelayServer({
      maxInboundHopStreams: MAX_CIRCUITS_PER_PEER,
      maxOutboundStopStreams: MAX_CIRCUITS_PER_PEER,
      reservations: {
        maxReservations: MAX_RESERVATIONS,
        defaultDataLimit: BigInt(CIRCUIT_BYTES),
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

  #isOpen(): boolean {
    return this.#rules.isOn && this.#rules.bytesLeft > 0;
  }

  #endAll(): void {
    for (const stream of this.#streams) stream.abort(new Error("this device stopped relaying"));
    for (const peer of this.#server?.reservations.keys() ?? []) this.forget(peer);
  }

  /** The connection to the called peer, whose next stream is the second half of the circuit that was just allowed. */
  #counted(connection: Connection): Connection {
    const called = peerIdToPeerKey(connection.remotePeer);
    const [caller, ...later] = this.#callers.get(connection.remotePeer.toString()) ?? [];
    if (later.length === 0) this.#callers.delete(connection.remotePeer.toString());
    else this.#callers.set(connection.remotePeer.toString(), later);
    const newStream: Connection["newStream"] = async (protocol, options) => {
      const stream = await connection.newStream(protocol, options);
      this.#watch(stream, caller === undefined || called === undefined ? undefined : [caller, called]);
      return stream;
    };
    return withOverrides(connection, { newStream });
  }

  #watch(stream: Stream, pair?: readonly [PeerKey, PeerKey]): void {
    this.#streams.add(stream);
    stream.addEventListener("close", () => this.#streams.delete(stream));
    stream.addEventListener("message", ({ data }) => this.#count(data.byteLength * LINE_USES, pair));
    if (stream.status !== "open") this.#streams.delete(stream);
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
