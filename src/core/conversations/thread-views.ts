/** Rows of the conversation list, put together from what is known in memory. */

import type { AccountId, PeerKey, ThreadId } from "../codec/ids.ts";

import type { ContactRow } from "../store/tables.ts";
import type { InviteTrouble, Path, ThreadView } from "../views.ts";
import type { CoreContext } from "./core-context.ts";
import { isOnHold } from "./contact-trust.ts";
import { commonGroups } from "./co-members.ts";
import { groupNameOf, groupThreadView } from "./group-thread-view.ts";
import { accountTag, NAMELESS, safeName } from "./names.ts";
import { best, type Presence, previewOf } from "./thread-parts.ts";
import { shownName, shownNameOf } from "./shown-names.ts";

const AWAY: Path = { kind: "away" };

export function threadViews(core: CoreContext, presence: Presence): ThreadView[] {
  return [...core.directory.threads.keys()].flatMap((id) => threadView(core, presence, id) ?? []);
}

export function threadView(core: CoreContext, presence: Presence, id: ThreadId): ThreadView | undefined {
  const { directory } = core;
  const row = directory.threads.get(id);
  const contact = contactOf(core, id);
  if (row === undefined) return undefined;
  if (contact === undefined) return groupThreadView(core, presence, row);
  const lastHeard = presence.lastHeardOf(contact.account) ?? contact.lastHeard;
  const preview = previewOf(core, row);
  const trouble = inviteTrouble(core, contact);
  const devices = directory.devicesOf(contact.account)?.devices ?? [];
  const differingCopy = devices.map(({ peerKey }) => presence.differingCopyOf(peerKey)).find(Boolean);
  const { request, isWish } = directory.openings.get(contact.account) ?? {};
  const path = bestPath(core, presence, contact);
  return {
    id,
    kind: "direct",
    name: shownName(contact),
    ...(directory.contacts.isNameShared(contact) ? { tag: accountTag(contact.account) } : {}),
    contact: {
      account: contact.account,
      name: safeName(contact.name) || NAMELESS,
      privateName: contact.privateName,
      isConfirmed: contact.isConfirmed,
      isBlocked: directory.blocked.has(contact.account),
      isVerified: contact.verifiedAt !== undefined && !isOnHold(contact),
      ...(contact.listChange === undefined ? {} : { listChange: contact.listChange }),
    },
    path,
    ...(path.kind === "peer" ? helperNames(core, path.helper) : {}),
    ...(lastHeard === undefined ? {} : { lastHeard }),
    ...(preview === undefined ? {} : { preview }),
    unread: row.unread,
    waiting: (directory.pending.get(id)?.count ?? 0) + core.receipts.undelivered(id),
    activeAt: Math.max(row.activeAt, directory.pending.get(id)?.last?.writtenAt ?? 0),
    draft: row.draft,
    ...(trouble === undefined ? {} : { inviteTrouble: trouble }),
    ...(differingCopy === undefined ? {} : { differingCopy }),
    ...((trouble === undefined && isWish !== true) || request === undefined ? {} : { request }),
  };
}

/** A direct thread goes by the id of the other account. */
export function contactOf(core: CoreContext, id: ThreadId): ContactRow | undefined {
  return core.directory.contacts.get(id as string as AccountId);
}

function bestPath(core: CoreContext, presence: Presence, contact: ContactRow): Path {
  if (core.directory.blocked.has(contact.account)) return AWAY;
  const opening = core.directory.openings.get(contact.account);
  const listed = core.directory.devicesOf(contact.account)?.devices.map((device) => device.peerKey) ?? [];
  const peers = opening === undefined ? listed : [...listed, opening.peer];
  return best(peers.map((peer) => presence.pathOf(peer)));
}

function helperNames(core: CoreContext, helper: PeerKey): Pick<ThreadView, "helper" | "helperGroup"> {
  const { directory } = core;
  const account = directory.accountOfPeer(helper);
  if (account === undefined) return { helper: NAMELESS };
  const [group] = directory.contactBehind(helper) === undefined ? commonGroups(directory, account) : [];
  return { helper: shownNameOf(core, account), ...(group === undefined ? {} : { helperGroup: groupNameOf(group) }) };
}

function inviteTrouble(core: CoreContext, contact: ContactRow): InviteTrouble | undefined {
  if (contact.isConfirmed && contact.isLost !== true) return undefined;
  const opening = core.directory.openings.get(contact.account);
  if (opening === undefined || opening.isWish === true) return undefined;
  return opening.trouble ?? (core.clock.now() > opening.expiresAt ? "expired" : undefined);
}
