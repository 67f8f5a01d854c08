/** `network.json` beside index.html: the only runtime configuration. It comes from the page's own origin and is checked all the same. */

export interface NetworkConfig {
  /** Multiaddrs of rendezvous relays. */
  readonly relays: readonly string[];
  readonly iceServers: readonly RTCIceServer[];
}

const MAX_RELAYS = 1000;
const MAX_ICE_SERVERS = 20;
const MAX_ADDRESS_LENGTH = 300;
const NONE: NetworkConfig = { relays: [], iceServers: [] };

/** Resolves with no relays when the host has no such file; rejects when the host cannot be reached. */
export async function fetchNetworkConfig(url: URL, signal: AbortSignal): Promise<NetworkConfig> {
  const response = await fetch(url, { cache: "no-cache", credentials: "omit", signal });
  if (response.status === 404) return NONE;
  if (!response.ok) throw new Error(`network.json: status ${response.status}`);
  return parseNetworkConfig(await response.json());
}

/** Keeps what has the right shape and leaves out the rest. */
export function parseNetworkConfig(value: unknown): NetworkConfig {
  if (typeof value !== "object" || value === null) return NONE;
  const { relays, iceServers } = value as Readonly<Record<string, unknown>>;
  return {
    relays: listOf(relays).filter(isAddress).slice(0, MAX_RELAYS),
    iceServers: listOf(iceServers).filter(isIceServer).slice(0, MAX_ICE_SERVERS),
  };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isAddress(value: unknown): value is string {
  return typeof value === "string" && value.startsWith("/") && value.length <= MAX_ADDRESS_LENGTH;
}

function isIceServer(value: unknown): value is RTCIceServer {
  if (typeof value !== "object" || value === null) return false;
  const { urls, username, credential } = value as Readonly<Record<string, unknown>>;
  const isUrl = (url: unknown): boolean => typeof url === "string" && /^(stun|turn)s?:/.test(url);
  const hasUrls = isUrl(urls) || (Array.isArray(urls) && urls.length > 0 && urls.every(isUrl));
  return hasUrls && [username, credential].every((field) => field === undefined || typeof field === "string");
}
