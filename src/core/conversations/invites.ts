/** Own invites: made, listed, withdrawn; and reading the invites of others, without touching the network. */
import type { ConversationId, InviteId } from "../codec/ids.ts";
import type { InviteRow } from "../store/people-tables.ts";
import type { InviteReading, InviteUses, InviteView } from "../views.ts";
import type { CoreContext } from "./core-context.ts";
import { directThread } from "./directory.ts";
import { encodeInvite, inviteIdOf, inviteLink, parseInviteText } from "./invite-codec.ts";
import { NAMELESS, safeName } from "./names.ts";

const DAY_MS = 24 * 60 * 60_000;
const SECRET_BYTES = 16;
/** Ended invites are kept this long, to be able to say why they do not work. */
const KEEP_ENDED_MS = 30 * DAY_MS;

export async function createInvite(
  core: CoreContext,
  options: {
    readonly uses: InviteUses;
    readonly lifeMs: number;
    readonly relays: readonly string[];
    /** Who comes by it is added to this group. */
    readonly group?: ConversationId;
  },
): Promise<InviteRow> {
  const { suite } = core;
  const self = core.directory.self;
  const now = core.clock.now();
  const secret = suite.random(SECRET_BYTES);
  const expiresAt = Math.floor((now + options.lifeMs) / 1000) * 1000;
  const { account, peerKey: peer, name } = self;
  const row: InviteRow = {
    id: inviteIdOf(suite, secret),
    secret,
    bytes: encodeInvite(suite, { account, peer, secret, expiresAt, name, relays: options.relays }),
    uses: options.uses,
    usedBy: [],
    createdAt: now,
    expiresAt,
    isWithdrawn: false,
    ...(options.group === undefined ? {} : { group: options.group }),
  };
  await core.store.write(["invites"], "strict", async (tx) => {
    for (const { key, value } of await tx.range("invites", {})) {
      if (now > value.expiresAt + KEEP_ENDED_MS) tx.delete("invites", key);
    }
    tx.put("invites", [row.id], row);
  });
  return row;
}

export async function openInvites(core: CoreContext, appUrl: string): Promise<readonly InviteView[]> {
  const rows = await core.store.read(["invites"], (tx) => tx.range("invites", {}));
  return rows
    .map(({ value }) => value)
    .filter((row) => inviteState(row, core.clock.now()) === "open")
    .toSorted((a, b) => b.createdAt - a.createdAt)
    .map((row) => inviteView(row, appUrl));
}

export async function withdrawInvite(core: CoreContext, id: InviteId): Promise<void> {
  await core.store.write(["invites"], "strict", async (tx) => {
    const row = await tx.get("invites", [id]);
    if (row !== undefined) tx.put("invites", [id], { ...row, isWithdrawn: true });
  });
}

export function inviteState(row: InviteRow, now: number): "open" | "used" | "withdrawn" | "expired" {
  if (row.isWithdrawn) return "withdrawn";
  if (row.usedBy.length >= row.uses) return "used";
  return now > row.expiresAt ? "expired" : "open";
}

export function readInvite(core: CoreContext, text: string): InviteReading {
  const decoded = parseInviteText(core.suite, text);
  if (decoded.kind !== "invite") return { kind: decoded.kind };
  const { invite } = decoded;
  if (invite.account === core.directory.identity?.account) return { kind: "own" };
  const contact = core.directory.contacts.get(invite.account);
  if (contact?.isConfirmed === true && contact.isLost !== true) {
    return { kind: "known", thread: directThread(invite.account) };
  }
  if (core.clock.now() > invite.expiresAt) return { kind: "expired" };
  return { kind: "valid", inviterName: safeName(invite.name) || NAMELESS, invite: text };
}

export function inviteView(row: InviteRow, appUrl: string): InviteView {
  return {
    id: row.id,
    link: inviteLink(appUrl, row.bytes),
    uses: row.uses,
    usesLeft: row.uses - row.usedBy.length,
    createdAt: row.createdAt,
    expiresAt: row.expiresAt,
  };
}
