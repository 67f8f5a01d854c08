/** Why something in a group was not done. */
import { MAX_GROUP_NAME_BYTES, type GroupOutcome } from "../core/views.ts";
import { utf8Bytes } from "./text-size.ts";

export type GroupTrouble =
  | Exclude<GroupOutcome, { readonly kind: "done" }>
  | { readonly kind: "no-name" | "name-too-long" | "nobody" | "no-picture" };

/** What is wrong with a name for a group. */
export function groupNameTrouble(name: string): GroupTrouble | undefined {
  if (name.trim() === "") return { kind: "no-name" };
  return utf8Bytes(name.trim()) > MAX_GROUP_NAME_BYTES ? { kind: "name-too-long" } : undefined;
}
