/**
 * How a connection reaches its peer. Computed from the muxer and the address: libp2p's own `connection.direct` is wrongly true for
 * connections relayed by another peer.
 */
import { peerIdFromString } from "@libp2p/peer-id";
import type { Multiaddr } from "@multiformats/multiaddr";
import type { Path } from "../../core/transport/transport.ts";
import { peerIdToPeerKey } from "./addresses.ts";

export type LivePath = Extract<Path, { kind: "direct" | "relay" | "peer" }>;

/** The muxer libp2p reports for connections made of WebRTC data channels. */
const WEBRTC_MUXER = "/webrtc";
const CIRCUIT = "/p2p-circuit";

export interface PathSource {
  readonly multiplexer?: string | undefined;
  readonly remoteAddr: Multiaddr;
}

export function pathOf(connection: PathSource): LivePath {
  if (connection.multiplexer === WEBRTC_MUXER) return { kind: "direct" };
  const address = connection.remoteAddr.toString();
  // Set up by hand: one data channel with libp2p's own muxer on it.
  if (address.startsWith(WEBRTC_MUXER) && !address.includes(CIRCUIT)) return { kind: "direct" };
  const relay = address.slice(0, Math.max(0, address.indexOf(CIRCUIT)));
  const helper = /^(?:\/webrtc)?\/p2p\/([^/]+)$/.exec(relay)?.[1];
  const helperKey = helper === undefined ? undefined : peerIdToPeerKey(peerIdFromString(helper));
  return helperKey === undefined ? { kind: "relay", relay } : { kind: "peer", helper: helperKey };
}

export function isSamePath(left: Path | undefined, right: Path): boolean {
  if (left?.kind !== right.kind) return false;
  if (left.kind === "relay" && right.kind === "relay") return left.relay === right.relay;
  if (left.kind === "peer" && right.kind === "peer") return left.helper === right.helper;
  return true;
}
