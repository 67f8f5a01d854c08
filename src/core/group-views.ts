/** Groups and their members, as shown. Plain data, see views.ts. */
import type { AccountId, ThreadId } from "./codec/ids.ts";
import type { InviteDays, InviteUses, InviteView } from "./views.ts";

export type GroupRole = "admin" | "member";

export interface MemberView {
  readonly account: AccountId;
  /** Shown name, safe and never empty; "" for oneself. */
  readonly name: string;
  /** Four characters that tell members of one shown name apart; only there when another member has the same shown name. */
  readonly tag?: string;
  readonly isOwn: boolean;
  readonly role: GroupRole;
  readonly isContact: boolean;
  /** The conversation of two with them, where there is one. */
  readonly thread?: ThreadId;
  /** A device of theirs is linked with this one now. */
  readonly isOnline: boolean;
  /** When a byte of theirs last arrived, milliseconds since 1970; undefined if never. */
  readonly lastHeard?: number;
  /** What this account may do with this member now. */
  readonly canRemove: boolean;
  readonly canChangeRole: boolean;
}

export interface GroupView {
  /** Own account first, then by name. */
  readonly members: readonly MemberView[];
  /** Undefined once left or removed: then nothing can be written any more. */
  readonly ownRole?: GroupRole;
  /** The person accepted to be added, and no member was met since: who can still write nothing here. */
  readonly isJoining?: true;
  /** Members, oneself included. */
  readonly size: number;
  /** Members that can be written to at once, oneself included. */
  readonly online: number;
}

/** Verified to be a small image of its type. */
export interface PictureView {
  readonly type: "image/webp" | "image/jpeg";
  /** At most 8,192. */
  readonly bytes: Uint8Array;
}

/** A change of a group, or what else people should know of a member, shown as a line between its messages. Names are as shown; "" stands for oneself. */
export interface GroupChangeView {
  readonly kind:
    "created" | "added" | "removed" | "left" | "promoted" | "demoted" | "renamed" | "pictured" | "disputed";
  /** Who made it. */
  readonly by: string;
  /** Whom it is about; undefined where nobody but its author is. */
  readonly subject?: string;
  /** Of a group that was created or renamed. */
  readonly name?: string;
}

export type GroupOutcome =
  | { readonly kind: "done" }
  /** This account may not do that (any more), or the person is no contact. */
  | { readonly kind: "refused" }
  | { readonly kind: "too-many"; readonly limit: number }
  | { readonly kind: "full" | "failed" };

export type GroupCreation =
  { readonly kind: "created"; readonly thread: ThreadId } | Exclude<GroupOutcome, { kind: "done" }>;

/** What is done in groups. Every command resolves after its transaction committed. */
export interface Groups {
  /** The name is trimmed and cut to 96 bytes of UTF-8; it must not be empty. Contacts only; none is allowed. */
  create(name: string, contacts: readonly AccountId[]): Promise<GroupCreation>;
  rename(thread: ThreadId, name: string): Promise<GroupOutcome>;
  /** A WebP or JPEG of at most 8,192 bytes and 512 pixels a side; no bytes take the picture away. */
  setPicture(thread: ThreadId, image: Uint8Array): Promise<GroupOutcome>;
  /** Undefined where there is none that can be shown. */
  picture(thread: ThreadId): Promise<PictureView | undefined>;
  add(thread: ThreadId, contacts: readonly AccountId[]): Promise<GroupOutcome>;
  remove(thread: ThreadId, account: AccountId): Promise<GroupOutcome>;
  setRole(thread: ThreadId, account: AccountId, role: GroupRole): Promise<GroupOutcome>;
  /** What was said stays to be read. */
  leave(thread: ThreadId): Promise<GroupOutcome>;
  /** Who accepts it becomes a contact and, while this account is an admin, a member. */
  createInvite(
    thread: ThreadId,
    options: { readonly uses: InviteUses; readonly days: InviteDays },
  ): Promise<InviteView>;
}
