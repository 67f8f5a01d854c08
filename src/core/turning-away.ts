/** Peers that are not listened to. */
import type { Link, LinkHandlers } from "./transport/transport.ts";

/** A peer that broke the protocol is not listened to for this long. */
export const MISBEHAVIOUR_REFUSE_MS = 30_000;
/** What could not be stored comes again after this long, instead of at once and in vain. */
export const STORE_TROUBLE_REFUSE_MS = 10_000;

/** Ended before a word is said. */
export function turnAway(link: Link): LinkHandlers {
  void link.close();
  return { onData: () => undefined, onClose: () => undefined };
}
