/** A group's row of the list and the head of its screen. */
import { canChange } from "../membership/can-change.ts";
import type { AccountId } from "../codec/ids.ts";
import type { ConversationRow, ThreadRow } from "../store/tables.ts";
import type { GroupThreadView, GroupView, MemberView, Path } from "../views.ts";
import type { CoreContext } from "./core-context.ts";
import { pictureId } from "./group-picture.ts";
import { directThread } from "./directory.ts";
import type { GroupState } from "./memberships.ts";
import { accountTag, lookOf, NAMELESS, safeGroupName } from "./names.ts";
import { shownNameOf } from "./shown-names.ts";
import { best, type Presence, previewOf } from "./thread-parts.ts";

/** Compares many names ten times as fast as `localeCompare`. */
const BY_NAME = new Intl.Collator();
const LINKED: ReadonlySet<Path["kind"]> = new Set(["direct", "peer", "relay"]);

/** Undefined while nothing says that this account is, or was, a member. */
export function groupThreadView(core: CoreContext, presence: Presence, row: ThreadRow): GroupThreadView | undefined {
  const { directory, memberships, receipts } = core;
  const conversation = directory.conversationsOf(row.id)[0];
  const state = conversation === undefined ? undefined : memberships.of(conversation.id);
  if (conversation?.kind !== "group" || state === undefined) return undefined;
  const own = directory.self.account;
  const wasMember = conversation.members.includes(own) || conversation.former?.includes(own) === true;
  const isJoining = !wasMember && conversation.isAccepted === true;
  if (!wasMember && !isJoining) return undefined;
  const pathsByAccount = new Map(
    conversation.members.map((account) => [account, pathTo(core, presence, account)] as const),
  );
  const preview = previewOf(core, row);
  const picture = pictureId(state);
  const author = preview?.isOwn === false ? row.preview?.author : undefined;
  return {
    id: row.id,
    kind: "group",
    name: groupNameOf(conversation),
    group: { ...groupView(core, presence, state, pathsByAccount), ...(isJoining ? { isJoining } : {}) },
    ...(picture === undefined ? {} : { picture }),
    path: best([...pathsByAccount.values()]),
    ...(preview === undefined
      ? {}
      : { preview: author === undefined ? preview : { ...preview, authorName: shownNameOf(core, author) } }),
    unread: row.unread,
    waiting: (directory.pending.get(row.id)?.count ?? 0) + receipts.undelivered(row.id),
    activeAt: Math.max(row.activeAt, directory.pending.get(row.id)?.last?.writtenAt ?? 0),
    draft: row.draft,
  };
}

export function groupNameOf({ name }: Pick<ConversationRow, "name">): string {
  return safeGroupName(name ?? "") || NAMELESS;
}

function groupView(
  core: CoreContext,
  presence: Presence,
  { membership }: GroupState,
  paths: ReadonlyMap<AccountId, Path>,
): GroupView {
  const { directory } = core;
  const own = directory.self.account;
  const names = new Map(
    [...membership.members.keys()].map((account) => [account, shownNameOf(core, account)] as const),
  );
  const sharers = new Map<string, number>();
  const looks = new Map([...names].map(([account, name]) => [account, lookOf(name)] as const));
  for (const look of looks.values()) sharers.set(look, (sharers.get(look) ?? 0) + 1);
  const members = [...membership.members].map(([account, { role }]): MemberView => ({
    account,
    name: names.get(account) ?? NAMELESS,
    ...tagOf(account, looks.get(account), sharers),
    isOwn: account === own,
    role,
    isContact: directory.contacts.get(account)?.isConfirmed === true,
    ...(directory.contacts.has(account) ? { thread: directThread(account) } : {}),
    isOnline: LINKED.has(paths.get(account)?.kind ?? "away"),
    ...heardOf(core, presence, account),
    canRemove: account !== own && canChange(membership, own, { kind: "remove", account }),
    canChangeRole:
      account !== own &&
      canChange(membership, own, { kind: "role", account, role: role === "admin" ? "member" : "admin" }),
  }));
  members.sort((a, b) => Number(b.isOwn) - Number(a.isOwn) || BY_NAME.compare(a.name, b.name));
  const ownRole = membership.members.get(own)?.role;
  const others = members.filter(({ isOnline }) => isOnline).length;
  return {
    members,
    ...(ownRole === undefined ? {} : { ownRole }),
    size: members.length,
    online: ownRole === undefined ? 0 : others + 1,
  };
}

function heardOf({ directory }: CoreContext, presence: Presence, account: AccountId): Pick<MemberView, "lastHeard"> {
  const stored = directory.contacts.get(account)?.lastHeard ?? directory.acquaintances.get(account)?.lastHeard;
  const lastHeard = presence.lastHeardOf(account) ?? stored;
  return lastHeard === undefined ? {} : { lastHeard };
}

/** Members of one look are told apart. */
function tagOf(
  account: AccountId,
  look: string | undefined,
  sharers: ReadonlyMap<string, number>,
): Pick<MemberView, "tag"> {
  if (look === undefined || look === "") return {};
  return (sharers.get(look) ?? 0) > 1 ? { tag: accountTag(account) } : {};
}

/** Whether a device of theirs is linked with this one now. */
export function isLinked(core: CoreContext, presence: Presence, account: AccountId): boolean {
  return LINKED.has(pathTo(core, presence, account).kind);
}

function pathTo({ directory }: CoreContext, presence: Presence, account: AccountId): Path {
  if (directory.blocked.has(account) || account === directory.self.account) return { kind: "away" };
  return best((directory.devicesOf(account)?.devices ?? []).map(({ peerKey }) => presence.pathOf(peerKey)));
}
