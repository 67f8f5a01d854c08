/**
 * Tells the messenger how far a conversation was read: one call at a time, always the furthest. What comes late stands above the mark:
 * the next report from the screen tells the furthest once more, and the messenger counts anew.
 */
import type { Messenger, ThreadId } from "../core/views.ts";
import { fireAndForget } from "./fire-and-forget.ts";

export interface ReadMarker {
  reached(order: string): void;
  /** Somebody else's message took its place. */
  arrived(order: string): void;
}

export function createReadMarker(
  messenger: Pick<Messenger, "markRead">,
  thread: ThreadId,
  readUpTo: string,
  onFailure: (error: unknown) => void,
): ReadMarker {
  let furthest = readUpTo;
  let told = readUpTo;
  let isTelling = false;
  let hasLate = false;
  const tell = async (): Promise<void> => {
    isTelling = true;
    try {
      while (told < furthest || hasLate) {
        const order = furthest;
        hasLate = false;
        await messenger.markRead(thread, order);
        told = order;
      }
    } finally {
      isTelling = false;
    }
  };
  return {
    reached(order) {
      if (order <= furthest && !hasLate) return;
      if (order > furthest) furthest = order;
      if (!isTelling) fireAndForget(tell(), onFailure);
    },
    arrived(order) {
      if (order < furthest) hasLate = true;
    },
  };
}
