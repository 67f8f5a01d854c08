/** Somebody whose node relays by Kith's rules, and others who use it, as bare libp2p nodes on this machine. */
import { circuitRelayTransport } from "@libp2p/circuit-relay-v2";
import { identify } from "@libp2p/identify";
import type { Connection, ConnectionGater, Libp2p, PeerId, Stream } from "@libp2p/interface";
import { noise } from "@libp2p/noise";
import { ping } from "@libp2p/ping";
import { webSockets } from "@libp2p/websockets";
import { yamux } from "@libp2p/yamux";
import { type Multiaddr, multiaddr } from "@multiformats/multiaddr";
import { createLibp2p } from "libp2p";
import type { NodeComponents } from "../../src/adapters/libp2p/node.ts";
import { Relaying } from "../../src/adapters/libp2p/relaying.ts";
import type { RelayedBytes } from "../../src/core/transport/transport.ts";
import type { ManualClock } from "./manual-clock.ts";

const CALL_LIMIT_MS = 20_000;
/** All come from one host here. */
const MANY_CONNECTIONS = { inboundConnectionThreshold: 1_000, maxIncomingPendingConnections: 100 };
const ECHO = "/kith/test/1";
/** Time stands still in most tests. */
const NO_RATE: readonly [all: number, circuit: number] = [Infinity, Infinity];

export class RelayingTab {
  readonly relaying: Relaying;
  readonly relayed: RelayedBytes[] = [];
  /** Those who may use it: all if undefined. */
  accepted: ReadonlySet<string> | undefined;
  /** Those of them who are members of a common group and no contacts. */
  readonly members = new Set<string>();
  readonly #users: Libp2p[] = [];
  #node: Libp2p | undefined;

  private constructor(clock: ManualClock, bytesPerSecond: readonly [all: number, circuit: number]) {
    this.relaying = new Relaying({
      bytesPerSecond,
      clock,
      relayedAs: (peer) => {
        if (this.accepted?.has(peer.toString()) === false) return undefined;
        return this.members.has(peer.toString()) ? "member" : "contact";
      },
      directTo: (peer) => this.node.getConnections(peer).find(({ remoteAddr }) => !isCircuit(remoteAddr)),
      onRelayed: (relayed) => this.relayed.push(relayed),
    });
  }

  static async start(clock: ManualClock, bytesPerSecond = NO_RATE): Promise<RelayingTab> {
    const tab = new RelayingTab(clock, bytesPerSecond);
    tab.#node = await createLibp2p({
      addresses: { listen: ["/ip4/127.0.0.1/tcp/0/ws"] },
      transports: [webSockets()],
      connectionEncrypters: [noise()],
      streamMuxers: [yamux()],
      connectionManager: MANY_CONNECTIONS,
      connectionGater: {
        denyDialMultiaddr: () => false,
        denyInboundRelayReservation: (peer) => !tab.relaying.mayReserve(peer),
        denyOutboundRelayedConnection: (caller, called) => !tab.relaying.mayConnect(caller, called),
      },
      services: { identify: identify(), relaying: (components: NodeComponents) => tab.relaying.service(components) },
    });
    tab.node.addEventListener("peer:disconnect", ({ detail }) => tab.relaying.forget(detail));
    return tab;
  }

  get node(): Libp2p {
    if (this.#node === undefined) throw new Error("not started");
    return this.#node;
  }

  get address(): Multiaddr {
    const [address] = this.node.getMultiaddrs();
    if (address === undefined) throw new Error("listens nowhere");
    return address;
  }

  /** A node that is connected with the tab and echoes what it is sent; with rules of its own on which circuits it takes. */
  async user(rules: Pick<ConnectionGater, "denyInboundRelayedConnection"> = {}): Promise<Libp2p> {
    const user = await createLibp2p({
      transports: [webSockets(), circuitRelayTransport()],
      connectionEncrypters: [noise()],
      streamMuxers: [yamux()],
      connectionManager: MANY_CONNECTIONS,
      connectionGater: { denyDialMultiaddr: () => false, ...rules },
      services: { identify: identify(), ping: ping() },
    });
    this.#users.push(user);
    await user.handle(ECHO, (stream) => stream.addEventListener("message", ({ data }) => stream.send(data)), {
      runOnLimitedConnection: true,
    });
    await user.dial(this.address);
    return user;
  }

  /** Whether the tab granted this user a reservation. */
  async reserve(user: Libp2p): Promise<boolean> {
    const { components } = user as unknown as { readonly components: NodeComponents };
    try {
      await components.transportManager.listen([multiaddr(`${this.address.toString()}/p2p-circuit`)]);
    } catch {
      return false;
    }
    return user.getMultiaddrs().length > 0;
  }

  /** Whether the tab lets one call the other. */
  async lets(caller: Libp2p, called: PeerId): Promise<boolean> {
    return this.call(caller, called).then(
      () => true,
      () => false,
    );
  }

  /** Through the tab. Rejects when it does not let that happen. */
  call(caller: Libp2p, called: PeerId): Promise<Connection> {
    return caller.dial(multiaddr(`${this.address.toString()}/p2p-circuit/p2p/${called.toString()}`), {
      signal: AbortSignal.timeout(CALL_LIMIT_MS),
      force: true,
    });
  }

  async stop(): Promise<void> {
    await Promise.all(this.#users.map(async (user) => user.stop()));
    await this.node.stop();
  }
}

/** Resolves with how many bytes came back; `begin` is called when the stream is open. */
export async function echoed(connection: Connection, bytes: number, begin?: () => void): Promise<number> {
  const stream: Stream = await connection.newStream(ECHO, { runOnLimitedConnection: true });
  let received = 0;
  return new Promise((resolve) => {
    stream.addEventListener("message", ({ data }) => {
      received += data.byteLength;
      if (received >= bytes) resolve(received);
    });
    stream.addEventListener("close", () => resolve(received));
    begin?.();
    stream.send(new Uint8Array(bytes));
  });
}

function isCircuit(address: Multiaddr): boolean {
  return address.toString().includes("/p2p-circuit");
}
