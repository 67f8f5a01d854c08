/** `network.json`, the app's only runtime configuration. */
import { isIPv4 } from "node:net";

export interface NetworkConfig {
  /** Multiaddrs of rendezvous relays. */
  readonly relays: readonly string[];
  readonly iceServers: readonly object[];
}

/**
 * How a page that was opened under `hostHeader` (the request's Host, may be missing or made up) reaches the relay on the same
 * machine. Anything but a plain name or IPv4 address counts as this computer.
 */
export function embeddedRelayConfig(hostHeader: string | undefined, port: number, peerId: string): NetworkConfig {
  return { relays: [`${hostPart(hostHeader ?? "")}/tcp/${port}/ws/p2p/${peerId}`], iceServers: [] };
}

function hostPart(hostHeader: string): string {
  const host = hostHeader.replace(/:\d+$/, "").toLowerCase();
  if (isIPv4(host)) return `/ip4/${host}`;
  const isName = /^[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*$/.test(host);
  return isName && host !== "localhost" && !host.endsWith(".localhost") ? `/dns4/${host}` : "/ip4/127.0.0.1";
}
