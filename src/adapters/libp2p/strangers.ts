/** Connections with peers that core did not ask for. */
import type { Connection } from "@libp2p/interface";
import { peerIdToPeerKey } from "./addresses.ts";
import type { Gate } from "./gate.ts";

export function isStranger(gate: Gate, connection: Connection): boolean {
  // Whatever this device dialled is a relay or wanted, and being called a relay in somebody's card makes nobody less of a stranger.
  if (connection.direction === "outbound") return false;
  const peer = peerIdToPeerKey(connection.remotePeer);
  return peer === undefined || !gate.isWanted(peer);
}
