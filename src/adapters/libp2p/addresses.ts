/** Peer keys, peer ids and multiaddrs. Addresses come from invites and cards, so their shape is checked before use. */
import { publicKeyFromRaw } from "@libp2p/crypto/keys";
import type { PeerId } from "@libp2p/interface";
import { peerIdFromPublicKey, peerIdFromString } from "@libp2p/peer-id";
import { isPrivate } from "@libp2p/utils";
import { type Multiaddr, multiaddr } from "@multiformats/multiaddr";
import type { PeerKey } from "../../core/codec/ids.ts";

/** How many relays one peer may name; more would let an invite make this device knock on many doors. */
export const MAX_RELAYS_PER_PEER = 4;
const MAX_ADDRESS_LENGTH = 256;
const PEER_KEY_BYTES = 32;
/** The names of a multiaddr's parts. WebRTC goes to an address: nobody would ask for the name of a host. */
const SHAPE = /^((ip4|ip6|dns|dns4|dns6)\/tcp\/((tls\/(sni\/)?)?ws|wss)|ip[46]\/udp\/webrtc-direct\/certhash)\/p2p$/;

/** A relay's address that passed the checks. */
export interface RelayAddress {
  readonly text: string;
  readonly multiaddr: Multiaddr;
  readonly peerId: PeerId;
  /** The peer id as text, for comparing and as a map key. */
  readonly id: string;
}

/** Throws TypeError for anything that is not 64 lower-case hex digits. */
export function peerKeyToPeerId(key: PeerKey): PeerId {
  if (!/^[0-9a-f]{64}$/.test(key)) throw new TypeError("a peer key is 64 hex digits");
  const bytes = new Uint8Array(PEER_KEY_BYTES);
  for (let index = 0; index < PEER_KEY_BYTES; index += 1) {
    bytes[index] = Number.parseInt(key.slice(index * 2, index * 2 + 2), 16);
  }
  return peerIdFromPublicKey(publicKeyFromRaw(bytes));
}

/** Undefined for peers whose identity is not an Ed25519 key: no Kith device has such an identity. */
export function peerIdToPeerKey(peerId: PeerId): PeerKey | undefined {
  if (peerId.type !== "Ed25519") return undefined;
  return [...peerId.publicKey.raw].map((byte) => byte.toString(16).padStart(2, "0")).join("") as PeerKey;
}

/**
 * Reads `/<host>/tcp/<port>[/tls[/sni/…]]/ws|wss/p2p/<id>` and `/ip4|ip6/<host>/udp/<port>/webrtc-direct/certhash/<hash>/p2p/<id>`, and
 * nothing else. Undefined when malformed, or when it is insecure or private and `allowInsecure` is false.
 */
export function parseRelay(text: string, allowInsecure: boolean): RelayAddress | undefined {
  if (text.length > MAX_ADDRESS_LENGTH) return undefined;
  try {
    const address = multiaddr(text);
    const names = address.getComponents().map((component) => component.name);
    const shape = names.join("/");
    if (!SHAPE.test(shape)) return undefined;
    const isSecure = !shape.endsWith("/tcp/ws/p2p");
    if (!allowInsecure && (!isSecure || isNearby(address))) return undefined;
    const id = address.getComponents().at(-1)?.value ?? "";
    return { text, multiaddr: address, peerId: peerIdFromString(id), id };
  } catch {
    return undefined;
  }
}

/** At most `limit` usable relays, in order, each relay once. */
export function parseRelays(texts: readonly string[], allowInsecure: boolean, limit: number): readonly RelayAddress[] {
  const relays = new Map<string, RelayAddress>();
  for (const text of texts.slice(0, limit)) {
    const relay = parseRelay(text, allowInsecure);
    if (relay !== undefined && !relays.has(relay.id)) relays.set(relay.id, relay);
  }
  return [...relays.values()];
}

/** The address at which `peer` is reached through `relay`. */
export function circuitAddress(relay: RelayAddress, peer: PeerId): Multiaddr {
  return multiaddr(`${relay.text}/p2p-circuit/p2p/${peer.toString()}`);
}

/** The address at which `peer` is reached through another device, over the direct link to that. */
export function helperAddress(helper: PeerId, peer: PeerId): Multiaddr {
  return multiaddr(`/p2p/${helper.toString()}/p2p-circuit/p2p/${peer.toString()}`);
}

/** WebRTC signalled over whichever connection to the peer is open. */
export function webrtcAddress(peer: PeerId): Multiaddr {
  return multiaddr(`/webrtc/p2p/${peer.toString()}`);
}

/** Loopback, local network, and names that mean those. */
function isNearby(address: Multiaddr): boolean {
  const host = address.getComponents()[0];
  if (host?.name.startsWith("dns") === true) return /(^|\.)(localhost|local|internal)\.?$/i.test(host.value ?? "");
  return isPrivate(address);
}
