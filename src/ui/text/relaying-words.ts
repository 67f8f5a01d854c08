/** The words about relaying for others. */
import type { RelayingView } from "../../core/views.ts";
import { formatBytes } from "./size.ts";

export const RELAYING =
  "When two of your contacts find no way to each other, this device can introduce them or pass their sealed bytes on. At most 1 MB a second comes in for that, and as much goes out. It learns who talks to whom and how much, and can read nothing.";

export const FIRST_HELP =
  "This device just helped two of your contacts to reach each other. What they write stays sealed: this device cannot read it. Settings → Relaying shows how much that is.";

/** What was done today. */
export function helpedWords({ conversations, bytes }: RelayingView): string {
  if (conversations === 0) return "Helped nobody today";
  return `Helped ${conversations === 1 ? "1 conversation" : `${conversations} conversations`}, ${formatBytes(bytes)} today`;
}

/** Why nothing is relayed although it was chosen; undefined if it is. */
export function obstacleWords(state: RelayingView["state"]): string | undefined {
  switch (state) {
    case "on":
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
