/** What core wants, as ladders take it: addresses that passed the checks. */
import type { PeerKey } from "../../core/codec/ids.ts";
import type { WantedPeer } from "../../core/transport/transport.ts";
import { MAX_RELAYS_PER_PEER, parseRelays } from "./addresses.ts";
import type { LadderTarget } from "./ladder.ts";

export function ladderTargets(
  peers: readonly WantedPeer[],
  allowInsecure: boolean,
): ReadonlyMap<PeerKey, LadderTarget> {
  return new Map(
    peers.map(({ peer, relays, helpers = [], allowDirect, lastWay }) => [
      peer,
      { allowDirect, lastWay, helpers, relays: parseRelays(relays, allowInsecure, MAX_RELAYS_PER_PEER) },
    ]),
  );
}
