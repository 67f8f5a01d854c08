/** What an account may do in a group as it stands, so that a screen offers nothing else. */
import { textToBytes } from "../codec/bytes.ts";
import type { AccountId } from "../codec/ids.ts";
import type { Membership } from "./evaluate.ts";
import { compareGrants } from "./grant.ts";
import { isGroupName } from "./group-name.ts";
import type { Change } from "./operation.ts";

/** Whether an operation with these heads as parents would count and change something. */
export function canChange(membership: Membership, account: AccountId, change: Change): boolean {
  const own = membership.members.get(account);
  if (own === undefined) return false;
  if (change.kind === "leave") return true;
  if (own.grant === undefined) return false;
  const target = "account" in change ? membership.members.get(change.account) : undefined;
  const isJunior = target !== undefined && (target.grant === undefined || compareGrants(own.grant, target.grant) < 0);
  // A frozen group can still be rid of those who froze it.
  if (membership.isFrozen && !(isEnd(change) && membership.frozenBy.has(change.account))) return false;
  switch (change.kind) {
    case "add":
      return target === undefined;
    case "remove":
      return isJunior;
    case "role":
      return change.role === "admin" ? target?.role === "member" : target?.role === "admin" && isJunior;
    case "rename":
      return change.name !== membership.name && isGroupName(textToBytes(change.name));
    case "picture":
      return true;
    case "unknown":
      return false;
  }
}

function isEnd(change: Change): change is Extract<Change, { kind: "remove" | "role" }> {
  return change.kind === "remove" || (change.kind === "role" && change.role === "member");
}
