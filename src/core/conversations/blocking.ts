/**
 * Blocked accounts (PROTOCOL, Blocking): kept by account, with every peer key they were seen with, so that neither a restart nor a new
 * device list nor deleting the conversation lets them back in.
 */
import type { AccountId, PeerKey } from "../codec/ids.ts";
import type { BlockedView } from "../people-views.ts";
import type { BlockedRow } from "../store/people-tables.ts";
import type { CoreContext } from "./core-context.ts";

/** Of one account: four full device lists. Beyond, the oldest are forgotten; they still prove the same account when they come. */
const MAX_PEERS = 64;

/** Resolves after the commit; from the call on the account is not listened to. */
export async function blockAccount(
  core: CoreContext,
  person: { readonly account: AccountId; readonly name: string; readonly peers: readonly PeerKey[] },
): Promise<void> {
  const { account, name, peers } = person;
  await putBlocked(core, { account, name, peers: newest(peers), blockedAt: core.clock.now() });
}

/** A blocked account was seen with another peer key. */
export async function noteBlockedPeer(core: CoreContext, account: AccountId, peer: PeerKey): Promise<void> {
  const held = core.directory.blocked.get(account);
  if (held === undefined || held.peers.includes(peer)) return;
  await putBlocked(core, { ...held, peers: newest([...held.peers, peer]) });
}

export async function unblockAccount(core: CoreContext, account: AccountId): Promise<void> {
  await core.store.write(["blocked"], "strict", async (tx) => tx.delete("blocked", [account]));
  core.directory.blocked.delete(account);
}

export function blockedViews(core: CoreContext): readonly BlockedView[] {
  return [...core.directory.blocked.values()]
    .map(({ account, name, blockedAt }) => ({ account, name, blockedAt }))
    .toSorted((a, b) => b.blockedAt - a.blockedAt);
}

/** In memory first: should the disk fail, nobody is heard by mistake. */
async function putBlocked(core: CoreContext, row: BlockedRow): Promise<void> {
  core.directory.blocked.set(row.account, row);
  await core.store.write(["blocked"], "strict", async (tx) => tx.put("blocked", [row.account], row));
}

function newest(peers: readonly PeerKey[]): readonly PeerKey[] {
  return [...new Set(peers)].slice(-MAX_PEERS);
}
