/** Rows of the conversation list, put together from what is known in memory. */

import type { PeerKey, ThreadId } from "../codec/ids.ts";
import type { Release } from "../codec/release.ts";

import type { ContactRow, ThreadRow } from "../store/tables.ts";
import type { InviteTrouble, Path, PreviewView, ThreadView } from "../views.ts";
import type { CoreContext } from "./core-context.ts";
import { isOnHold } from "./contact-trust.ts";
import { accountTag, lookOf, NAMELESS, safeName } from "./names.ts";

/** How peers are reached and when they were last heard, as the network tells. */
export interface Presence {
  pathOf(peer: PeerKey): Path;
  lastHeardOf(account: ContactRow["account"]): number | undefined;
  /** What this peer said it runs, where it is another copy of the version that runs here. */
  differingCopyOf(peer: PeerKey): Release | undefined;
}

const AWAY: Path = { kind: "away" };

type Named = Pick<ContactRow, "name" | "privateName">;

/** Rows are replaced, never changed, and every row of the list is held against every name: what a row shows is found out once. */
const shownByRow = new WeakMap<Named, { readonly name: string; readonly look: string }>();

export function shownName(contact: Named): string {
  return shownAs(contact).name;
}

function shownAs(contact: Named): { readonly name: string; readonly look: string } {
  let shown = shownByRow.get(contact);
  if (shown === undefined) {
    const name = safeName(contact.privateName) || safeName(contact.name) || NAMELESS;
    shownByRow.set(contact, (shown = { name, look: lookOf(name) }));
  }
  return shown;
}

export function threadViews(core: CoreContext, presence: Presence): ThreadView[] {
  return [...core.directory.threads.keys()].flatMap((id) => threadView(core, presence, id) ?? []);
}

export function threadView(core: CoreContext, presence: Presence, id: ThreadId): ThreadView | undefined {
  const { directory } = core;
  const row = directory.threads.get(id);
  const contact = contactOf(core, id);
  if (row === undefined || contact === undefined) return undefined;
  const { name, look } = shownAs(contact);
  const isNameShared = [...directory.contacts.values()].some(
    (other) => other.account !== contact.account && shownAs(other).look === look,
  );
  const lastHeard = presence.lastHeardOf(contact.account) ?? contact.lastHeard;
  const preview = previewOf(core, row);
  const trouble = inviteTrouble(core, contact);
  const devices = directory.devicesOf(contact.account)?.devices ?? [];
  const differingCopy = devices.map(({ peerKey }) => presence.differingCopyOf(peerKey)).find(Boolean);
  const request = directory.openings.get(contact.account)?.request;
  return {
    id,
    kind: "direct",
    name,
    ...(isNameShared ? { tag: accountTag(contact.account) } : {}),
    contact: {
      account: contact.account,
      name: safeName(contact.name) || NAMELESS,
      privateName: contact.privateName,
      isConfirmed: contact.isConfirmed,
      isBlocked: directory.blocked.has(contact.account),
      isVerified: contact.verifiedAt !== undefined && !isOnHold(contact),
      ...(contact.listChange === undefined ? {} : { listChange: contact.listChange }),
    },
    path: bestPath(core, presence, contact),
    ...(lastHeard === undefined ? {} : { lastHeard }),
    ...(preview === undefined ? {} : { preview }),
    unread: row.unread,
    waiting: (directory.pending.get(id)?.count ?? 0) + core.receipts.undelivered(id),
    activeAt: Math.max(row.activeAt, directory.pending.get(id)?.last?.writtenAt ?? 0),
    draft: row.draft,
    ...(trouble === undefined ? {} : { inviteTrouble: trouble }),
    ...(differingCopy === undefined ? {} : { differingCopy }),
    ...(trouble === undefined || request === undefined ? {} : { request }),
  };
}

/** A direct thread goes by the id of the other account. */
export function contactOf(core: CoreContext, id: ThreadId): ContactRow | undefined {
  for (const contact of core.directory.contacts.values()) if (contact.account === (id as string)) return contact;
  return undefined;
}

function previewOf(core: CoreContext, row: ThreadRow): PreviewView | undefined {
  const pending = core.directory.pending.get(row.id)?.last;
  if (pending !== undefined)
    return { text: pending.text.slice(0, 200), isOwn: true, at: pending.writtenAt, kind: "text" };
  if (row.preview === undefined) return undefined;
  const { text, isOwn, at, kind } = row.preview;
  return { text, isOwn, at, kind };
}

function bestPath(core: CoreContext, presence: Presence, contact: ContactRow): Path {
  if (core.directory.blocked.has(contact.account)) return AWAY;
  const opening = core.directory.openings.get(contact.account);
  const listed = core.directory.devicesOf(contact.account)?.devices.map((device) => device.peerKey) ?? [];
  const peers = opening === undefined ? listed : [...listed, opening.peer];
  const order: readonly Path["kind"][] = ["direct", "peer", "relay", "connecting", "away"];
  return peers
    .map((peer) => presence.pathOf(peer))
    .reduce((best, next) => (order.indexOf(next.kind) < order.indexOf(best.kind) ? next : best), AWAY);
}

function inviteTrouble(core: CoreContext, contact: ContactRow): InviteTrouble | undefined {
  if (contact.isConfirmed && contact.isLost !== true) return undefined;
  const opening = core.directory.openings.get(contact.account);
  if (opening === undefined) return undefined;
  return opening.trouble ?? (core.clock.now() > opening.expiresAt ? "expired" : undefined);
}
