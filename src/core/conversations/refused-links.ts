/** The end of a link to a stranger whose claim was refused. */
import type { PeerLink } from "../sync/peer-link.ts";
import type { CoreContext } from "./core-context.ts";

/** A refused peer gets this long to read why, then the link ends. */
const REFUSAL_GRACE_MS = 1_000;

/** A refused stranger can read why, and then has to go; `refuse` is for who knew no secret of ours at all. Contacts stay. */
export async function closeRefused(core: CoreContext, link: PeerLink, refuse: (() => void) | undefined): Promise<void> {
  await link.drained();
  await core.clock.delay(REFUSAL_GRACE_MS);
  if (core.directory.accountOfPeer(link.peer) !== undefined) return;
  refuse?.();
  link.close();
}
