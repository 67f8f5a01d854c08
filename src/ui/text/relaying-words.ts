/** The words about relaying for others. */
import type { MemberHelperView, RelayingView } from "../../core/views.ts";
import { LEAST_RELAYED_BYTES } from "../../state/least-relayed.ts";
import { formatBytes } from "./size.ts";

export const RELAYING =
  "When two people find no way to each other, this device can introduce them or pass their sealed bytes on. It learns who talks to whom and how much, and can read nothing.";

/** Beside the choice, so that it is read before it is made. */
export const RELAY_FOR =
  "Anyone: members of your groups, too, even those who are no contacts of yours. People you do not know can then see this device’s internet address. Contacts come first: others get at most half of the daily limit.";

export const MEMBERS_HELP =
  "Off: only contacts and relays help this device. On: when fewer than two of your contacts can, it asks a member of one of your groups who is no contact, and that person can then see this device’s internet address.";

/** Whose help is used. */
export function helpedByWords({ name, group }: MemberHelperView): string {
  return `${name}, a member of ${group}, helps this device now and can see its internet address. Turn the switch off to end that.`;
}

export const FIRST_HELP =
  "This device just helped two others to reach each other. What they write stays sealed: this device cannot read it. Settings → Relaying shows how much that is.";

/** Two who are being helped may go on with what they were granted. */
const TOO_LITTLE_LEFT =
  "Too little is left for today to help anybody else. It goes on tomorrow, or now with a higher limit.";

/** What was done today. */
export function helpedWords({ conversations, bytes }: RelayingView): string {
  if (conversations === 0) return "Helped nobody today";
  return `Helped ${conversations === 1 ? "1 conversation" : `${conversations} conversations`}, ${formatBytes(bytes)} today`;
}

/** Why nothing is relayed although it was chosen, or how fast it is; undefined if it was not chosen. */
export function obstacleWords({ state, limitBytes, bytes }: RelayingView): string | undefined {
  switch (state) {
    case "on":
      if (limitBytes - bytes < LEAST_RELAYED_BYTES) return TOO_LITTLE_LEFT;
      return "At most 1 MB a second comes in for that, and as much goes out.";
    case "off":
      return undefined;
    case "used-up":
      return "The limit of today is used up. It goes on tomorrow, or now with a higher limit.";
    case "metered":
      return "Off while this device is on a metered connection, or told to save data.";
    case "low-battery":
      return "Off until the battery is charged.";
    case "hidden-phone":
      return "Off while Kith is in the background.";
  }
}
