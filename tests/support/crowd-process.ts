/**
 * One process of a crowd: many nodes with the app's own gate and reservations (its back-off and jitter), told what to do by the parent
 * over IPC. Without links and without the heartbeat, a ping of each every four seconds, which this machine could not bear a thousandfold.
 */
import type { PeerId } from "@libp2p/interface";
import {
  circuitAddress,
  parseRelays,
  peerKeyToPeerId,
  type RelayAddress,
} from "../../src/adapters/libp2p/addresses.ts";
import { Gate } from "../../src/adapters/libp2p/gate.ts";
import { Heartbeat } from "../../src/adapters/libp2p/heartbeat.ts";
import { createNode, type Node } from "../../src/adapters/libp2p/node.ts";
import { Relaying } from "../../src/adapters/libp2p/relaying.ts";
import { Reservations } from "../../src/adapters/libp2p/reservations.ts";
import { browserClock } from "../../src/adapters/platform/browser-clock.ts";
import type { PeerKey } from "../../src/core/codec/ids.ts";

export type Order =
  | { readonly kind: "start"; readonly index: number; readonly seed: string; readonly relay: string }
  | { readonly kind: "stop"; readonly index: number }
  | { readonly kind: "call"; readonly index: number; readonly peer: string };

/** What happened to the peer with this index, and when (ms since 1970). */
export interface Happening {
  /** Of its reservation: made, gone, an attempt in vain. Of its call: answered, in vain. */
  readonly kind: "reserved" | "lost" | "failed" | "answered" | "unanswered";
  readonly index: number;
  readonly atMs: number;
}

interface Peer {
  readonly node: Node;
  readonly gate: Gate;
  readonly relay: RelayAddress;
  readonly reservations: Reservations;
}

const peers = new Map<number, Peer>();

process.on("message", (order: Order) => {
  if (order.kind === "start") void start(order.index, order.seed, order.relay);
  else if (order.kind === "stop") void stop(order.index);
  else void call(order.index, order.peer as PeerKey);
});
// Nothing is left behind when the parent goes, however it goes.
process.on("disconnect", () => process.exit(0));

async function start(index: number, seed: string, address: string): Promise<void> {
  const relays = parseRelays([address], true, 1);
  const [relay] = relays;
  if (relay === undefined) throw new Error(`no relay: ${address}`);
  const clock = browserClock;
  const gate = new Gate({ clock, allowInsecure: true, countStrangers: () => 0 });
  gate.setOwnRelays(relays);
  const signalOver = (_peer: PeerId) => undefined;
  const directTo = signalOver;
  const relaying = new Relaying({ clock, relayedAs: () => undefined, directTo, onRelayed: () => undefined });
  const keySeed = Buffer.from(seed, "hex");
  const node = await createNode({ seed: keySeed, gate, signalOver, directTo, relaying, iceServers: [] });
  const connections = () => node.connections.getConnections();
  const heartbeat = new Heartbeat({ clock, connections, lastHeardAtMs: () => 0 });
  let isOnline = false;
  let tried = 0;
  const reservations: Reservations = new Reservations({
    node,
    clock,
    random: Math.random,
    relays,
    heartbeat,
    onChange() {
      const now = reservations.reachability(true);
      if (now.kind === "online" && !isOnline) tell("reserved", index);
      if (now.kind !== "online" && isOnline) tell("lost", index);
      if (now.kind === "connecting" && now.tried > tried) tell("failed", index);
      isOnline = now.kind === "online";
      tried = now.kind === "connecting" ? now.tried : 0;
    },
  });
  peers.set(index, { node, gate, relay, reservations });
  reservations.resume();
}

async function stop(index: number): Promise<void> {
  const peer = peers.get(index);
  peer?.reservations.pause();
  await peer?.node.libp2p.stop();
}

async function call(index: number, called: PeerKey): Promise<void> {
  const peer = peers.get(index);
  if (peer === undefined) return;
  peer.gate.setWanted(new Map([[called, { allowDirect: false }]]), []);
  try {
    await peer.node.connections.openConnection(circuitAddress(peer.relay, peerKeyToPeerId(called)));
    tell("answered", index);
  } catch {
    tell("unanswered", index);
  }
}

function tell(kind: Happening["kind"], index: number): void {
  process.send?.({ kind, index, atMs: Date.now() } satisfies Happening);
}
