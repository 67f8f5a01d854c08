/** How this device and each contact are reached, in words. */
import type { NetworkView, Path, ThreadView } from "../../core/views.ts";

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

/** Of whom it is whose device passes things on. */
export function helperWords(thread: Pick<ThreadView, "helper" | "helperGroup">): string | undefined {
  return thread.helperGroup === undefined ? thread.helper : `a member of ${thread.helperGroup}`;
}
