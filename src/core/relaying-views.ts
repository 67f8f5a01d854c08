/** What the messenger hands out about relaying. Part of views.ts; the same rules hold. */
import type { RelayObstacle } from "./relay-conditions.ts";

/** Who may ask this device to relay now: nobody, contacts, or members of common groups, too. */
export type HelpsNow = "nobody" | "contacts" | "anyone";

/** What this device does for others' connections. */
export interface RelayingView {
  /** As chosen, or as is usual on such a device. */
  readonly choice: HelpsNow;
  /** Why it does not relay now, or that it does. */
  readonly state: "on" | "off" | "used-up" | Exclude<RelayObstacle, "none">;
  /** Today: of how many pairs, and bytes over this device's line, in plus out. */
  readonly conversations: number;
  readonly bytes: number;
  readonly limitBytes: number;
  /** Members of common groups, no contacts, who relay for this device now and so see its addresses. */
  readonly helpedBy: readonly MemberHelperView[];
}

/** A member of a common group, by the names that are shown. */
export interface MemberHelperView {
  readonly name: string;
  readonly group: string;
}
