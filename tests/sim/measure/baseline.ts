/** What a messenger does that delivers only while both are online, as the first Skype did between two: on the same schedule. */
import type { Session } from "./presence.ts";

/**
 * When a message that was written at `at` is there, or undefined: at once while both are online, else `connectsInMs` after the next
 * moment at which both are, if they stay for so long.
 */
export function bothOnlineAt(
  sender: readonly Session[],
  recipient: readonly Session[],
  at: number,
  connectsInMs: number,
): number | undefined {
  let earliest: number | undefined;
  for (const a of sender) {
    if (a.to <= at) continue;
    for (const b of recipient) {
      const connected = Math.max(a.from, b.from) + connectsInMs;
      const arrives = Math.max(at, connected);
      if (arrives >= Math.min(a.to, b.to)) continue;
      earliest = Math.min(earliest ?? arrives, arrives);
    }
  }
  return earliest;
}
