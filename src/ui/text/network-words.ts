/** How this device and each contact are reached, in words. */
import type { NetworkView, Path, RelayStatus } from "../../core/views.ts";

export interface NetworkWords {
  /** One of the contract's words. */
  readonly state: "Online" | "Connecting" | "Offline";
  readonly reason: string;
}

export function networkWords(network: NetworkView, isSlow: boolean): NetworkWords {
  const { reachability } = network;
  switch (reachability.kind) {
    case "online":
      return { state: "Online", reason: "others can reach you" };
    case "connecting":
      return isSlow || reachability.tried > 2
        ? { state: "Connecting", reason: "no relay answers yet. Check this device’s internet; Kith keeps trying" }
        : { state: "Connecting", reason: "looking for a relay" };
    case "offline":
      return reachability.reason === "no-network"
        ? { state: "Offline", reason: "this device has no network. What you write leaves once it is back" }
        : { state: "Offline", reason: "no relay is known. Open an invite from somebody who is online" };
  }
}

/** Exactly the contract's words. `helper`: the name of whose device passes things on. */
export function pathWords(path: Path, helper = "another device"): string {
  switch (path.kind) {
    case "direct":
      return "Direct";
    case "relay":
      return "Through relay";
    case "peer":
      return `Through ${helper}`;
    case "connecting":
      return "Connecting";
    case "away":
      return "Away";
  }
}

/** One sentence for Details. */
export function pathExplanation(path: Path, name: string, helper?: string): string {
  switch (path.kind) {
    case "direct":
      return "Your devices talk to each other without anything in between.";
    case "relay":
      return "Your networks allow no direct link, so a relay passes the sealed bytes on. It cannot read them.";
    case "peer":
      return `There is no direct link yet, so ${helper === undefined ? "another" : `${helper}’s`} device passes the sealed bytes on. It cannot read them.`;
    case "connecting":
      return `Looking for ${name}’s device.`;
    case "away":
      return `${name}’s device cannot be reached now. What you write waits here and leaves by itself.`;
  }
}

export function relayStateWords(state: RelayStatus["state"]): string {
  switch (state) {
    case "reserved":
      return "Others reach you through it";
    case "connecting":
      return "Being tried";
    case "unreachable":
      return "Does not answer; tried again by itself";
  }
}

/** The part of a multiaddr that people recognise: host and port. */
export function relayHost(address: string): string {
  const [, , host, , port] = address.split("/");
  if (host === undefined) return address;
  return port === undefined ? host : `${host}:${port}`;
}
