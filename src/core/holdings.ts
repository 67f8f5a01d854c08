/** What is known of messages beside those that can be read. See holding-views.ts for the contract. */
import type { CoreContext } from "./conversations/core-context.ts";
import { keptForOthers } from "./conversations/kept-for-others.ts";
import { missingIn } from "./conversations/missing.ts";
import type { Presence } from "./conversations/thread-parts.ts";
import type { Holdings } from "./holding-views.ts";

export function createHoldings(core: CoreContext, presence: Presence): Holdings {
  return {
    missing: (thread) => missingIn(core, presence, thread),
    kept: () => keptForOthers(core),
  };
}
