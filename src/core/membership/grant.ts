/** What makes an account an admin, and who is senior to whom (PROTOCOL, Membership). */
import type { EntryId } from "../codec/ids.ts";

export interface Grant {
  /** How many promotions lead from the founder to it: 0 for the genesis. */
  readonly depth: number;
  /** The promotion, or the genesis. */
  readonly id: EntryId;
}

/** Negative when the first is senior. Ids are hex in lower case, so their order is that of the bytes. */
export function compareGrants(a: Grant, b: Grant): number {
  return a.depth - b.depth || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}
