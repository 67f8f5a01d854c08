/** A libp2p node in Node that uses a relay as a browser would: reserves, is called, calls. Echoes what is sent to it. */
import { circuitRelayTransport } from "@libp2p/circuit-relay-v2";
import { identify } from "@libp2p/identify";
import type { Connection, Libp2p, Stream } from "@libp2p/interface";
import { noise } from "@libp2p/noise";
import { webSockets } from "@libp2p/websockets";
import { yamux } from "@libp2p/yamux";
import { multiaddr } from "@multiformats/multiaddr";
import { createLibp2p } from "libp2p";

const ECHO_PROTOCOL = "/kith-test/echo/1";
const RESERVED_LIMIT_MS = 10_000;

export interface RelayClient {
  readonly node: Libp2p;
  /** Resolves when `relay` confirmed a reservation. */
  reserve(relay: string): Promise<void>;
  /** Dials the relay itself. */
  connect(relay: string): Promise<Connection>;
  /** Dials the other client through `relay`. */
  call(relay: string, other: RelayClient): Promise<Connection>;
  callPeer(relay: string, peerId: string): Promise<Connection>;
  openEcho(connection: Connection): Promise<Stream>;
}

/** A client that listens on `relay` from the start, or on nothing. */
export async function relayClient(relay?: string): Promise<RelayClient> {
  const node = await createLibp2p({
    addresses: { listen: relay === undefined ? [] : [`${relay}/p2p-circuit`] },
    transports: [webSockets(), circuitRelayTransport()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionGater: {},
    services: { identify: identify() },
  });
  await node.handle(ECHO_PROTOCOL, echo, { runOnLimitedConnection: true });
  const callPeer = async (address: string, peerId: string): Promise<Connection> =>
    node.dial(multiaddr(`${address}/p2p-circuit/p2p/${peerId}`));
  return {
    node,
    connect: async (address) => node.dial(multiaddr(address)),
    reserve: async (address) => reserved(node, address),
    call: async (address, other) => callPeer(address, other.node.peerId.toString()),
    callPeer,
    openEcho: async (connection) => connection.newStream(ECHO_PROTOCOL, { runOnLimitedConnection: true }),
  };
}

function echo(stream: Stream): void {
  stream.addEventListener("message", ({ data }) => {
    stream.send(data);
  });
}

async function reserved(node: Libp2p, relay: string): Promise<void> {
  const signal = AbortSignal.timeout(RESERVED_LIMIT_MS);
  const isReserved = (): boolean =>
    node.getMultiaddrs().some((address) => address.toString().includes(`${relay}/p2p-circuit`));
  if (isReserved()) return;
  await new Promise<void>((resolve, reject) => {
    signal.addEventListener("abort", () => reject(new Error(`No reservation on ${relay}`)));
    node.addEventListener("self:peer:update", () => {
      if (isReserved()) resolve();
    });
  });
}

/** Resolves with the first `length` bytes that come back. */
export async function echoed(stream: Stream, bytes: Uint8Array): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let received = 0;
  return new Promise((resolve, reject) => {
    stream.addEventListener("message", ({ data }) => {
      chunks.push(data.subarray());
      received += data.byteLength;
      if (received >= bytes.length) resolve(Buffer.concat(chunks));
    });
    stream.addEventListener("close", ({ error }) => reject(error ?? new Error("The stream was closed")));
    stream.send(bytes);
  });
}
