/** What core wants, as ladders take it: addresses that passed the checks. */
import type { PeerKey } from "../../core/codec/ids.ts";
import type { RelayedAs, WantedPeer } from "../../core/transport/transport.ts";
import { MAX_RELAYS_PER_PEER, parseRelays } from "./addresses.ts";
import type { LadderTarget } from "./ladder.ts";

export function ladderTargets(
  peers: readonly WantedPeer[],
  allowInsecure: boolean,
): ReadonlyMap<PeerKey, LadderTarget & { readonly relayedAs?: RelayedAs }> {
  return new Map(
    peers.map(({ peer, relays, helpers = [], mayHelp = [], allowDirect, answersOnly = false, relayedAs, lastWay }) => [
      peer,
      {
        allowDirect,
        answersOnly,
        lastWay,
        helpers,
        mayHelp,
        relays: parseRelays(relays, allowInsecure, MAX_RELAYS_PER_PEER),
        ...(relayedAs === undefined ? {} : { relayedAs }),
      },
    ]),
  );
}
