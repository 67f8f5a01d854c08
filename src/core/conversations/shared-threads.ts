/** In which threads a peer or an account is met. */
import type { AccountId, PeerKey, ThreadId } from "../codec/ids.ts";
import { type Directory, directThread } from "./directory.ts";

export function threadsOfPeer(directory: Directory, peer: PeerKey): readonly ThreadId[] {
  const accounts = new Set<AccountId>();
  for (const opening of directory.openings.values()) if (opening.peer === peer) accounts.add(opening.account);
  const known = directory.accountOfPeer(peer);
  if (known !== undefined) accounts.add(known);
  return [...accounts].flatMap((account) => threadsWith(directory, account));
}

export function threadsWith(directory: Directory, account: AccountId): readonly ThreadId[] {
  const groups = [...directory.conversations.values()].filter(
    ({ kind, members }) => kind === "group" && members.includes(account),
  );
  return [directThread(account), ...groups.map(({ thread }) => thread)];
}
