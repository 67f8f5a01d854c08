/** `network.json`, the app's only runtime configuration. */
import { isIPv4, isIPv6 } from "node:net";

export interface NetworkConfig {
  /** Multiaddrs of rendezvous relays. */
  readonly relays: readonly string[];
  readonly iceServers: readonly object[];
}

/** A relay and the STUN server beside it, on the machine that serves the page. */
export interface EmbeddedRelay {
  readonly port: number;
  readonly peerId: string;
  /** UDP. */
  readonly stunPort: number;
  /** Multiaddrs at which the world reaches this machine, for what stands behind a router or a proxy; without the peer id. */
  readonly announce: readonly string[];
}

/**
 * How a page that was opened under `hostHeader` (the request's Host, may be missing or made up) reaches the relay on the same
 * machine. Anything but a plain name or IPv4 address counts as this computer, whose pages need nobody to tell them their address.
 */
export function embeddedRelayConfig(hostHeader: string | undefined, relay: EmbeddedRelay): NetworkConfig {
  const { announce, peerId, port, stunPort } = relay;
  if (announce.length > 0) {
    const relays = announce.map((text) => (text.includes("/p2p/") ? text : `${text}/p2p/${peerId}`));
    return { relays, iceServers: [...new Set(announce.map(hostOf))].map((host) => stunServer(host, stunPort)) };
  }
  const host = remoteHost(hostHeader ?? "");
  if (host === undefined) return { relays: [`/ip4/127.0.0.1/tcp/${port}/ws/p2p/${peerId}`], iceServers: [] };
  const kind = isIPv4(host) ? "ip4" : "dns4";
  return { relays: [`/${kind}/${host}/tcp/${port}/ws/p2p/${peerId}`], iceServers: [stunServer(host, stunPort)] };
}

/** An entry of `iceServers`. IPv6 addresses stand in brackets. */
function stunServer(host: string, port: number): { readonly urls: string } {
  return { urls: `stun:${isIPv6(host) ? `[${host}]` : host}:${port}` };
}

/** Undefined for this computer. */
function remoteHost(hostHeader: string): string | undefined {
  const host = hostHeader.replace(/:\d+$/, "").toLowerCase();
  if (isIPv4(host)) return host.startsWith("127.") ? undefined : host;
  const isName = /^[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*$/.test(host);
  return isName && host !== "localhost" && !host.endsWith(".localhost") ? host : undefined;
}

/** Of "/ip4/HOST/…", "/dns4/HOST/…" and the like. */
function hostOf(text: string): string {
  return text.split("/")[2] ?? "";
}
