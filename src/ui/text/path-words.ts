/** How somebody is reached and what relays do, in sentences: for dialogs, which are loaded later than the first screen. */
import type { Path, RelayStatus } from "../../core/views.ts";

/** One sentence for Details. */
export function pathExplanation(path: Path, name: string, helper?: string, helperGroup?: string): string {
  switch (path.kind) {
    case "direct":
      return "Your devices talk to each other without anything in between.";
    case "relay":
      return "Your networks allow no direct link, so a relay passes the sealed bytes on. It cannot read them.";
    case "peer":
      if (helper !== undefined && helperGroup !== undefined)
        return `There is no direct link yet, so the device of ${helper}, a member of ${helperGroup} and no contact of yours, passes the sealed bytes on. It cannot read them, but sees this device’s internet address. Settings → Relaying ends that.`;
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
