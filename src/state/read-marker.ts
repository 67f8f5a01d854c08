/** Tells the messenger how far a conversation was read: one call at a time, always the furthest. */
import type { Messenger, ThreadId } from "../core/views.ts";
import { fireAndForget } from "./fire-and-forget.ts";

export interface ReadMarker {
  reached(order: string): void;
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
  const tell = async (): Promise<void> => {
    isTelling = true;
    try {
      while (told < furthest) {
        const order = furthest;
        await messenger.markRead(thread, order);
        told = order;
      }
    } finally {
      isTelling = false;
    }
  };
  return {
    reached(order) {
      if (order <= furthest) return;
      furthest = order;
      if (!isTelling) fireAndForget(tell(), onFailure);
    },
  };
}
