/** Groups and their members, as shown. Plain data, see views.ts. */
import type { AccountId } from "./codec/ids.ts";

export type GroupRole = "admin" | "member";

export interface MemberView {
  readonly account: AccountId;
  /** Shown name, safe and never empty; "" for oneself. */
  readonly name: string;
  readonly isOwn: boolean;
  readonly role: GroupRole;
  readonly isContact: boolean;
  /** A device of theirs is linked with this one now. */
  readonly isOnline: boolean;
  /** What this account may do with this member now. */
  readonly canRemove: boolean;
  readonly canChangeRole: boolean;
}

export interface GroupView {
  /** Own account first, then by name. */
  readonly members: readonly MemberView[];
  /** Undefined once left or removed: then nothing can be written any more. */
  readonly ownRole?: GroupRole;
  /** Members, oneself included. */
  readonly size: number;
  /** Members that can be written to at once, oneself included. */
  readonly online: number;
}
