/** What the next operation of a group names as its parents (PROTOCOL, Membership). */
import type { EntryId } from "../codec/ids.ts";
import { compareGrants } from "./grant.ts";
import { MAX_PARENTS } from "./operation.ts";
import type { Rulings } from "./rulings.ts";

/**
 * The operations that count and that no other one descends from, sorted; the genesis if there are none. Of more than 32 the seniors'
 * are covered first, so that nobody can crowd out what those above them did. What does not count is passed over: anybody can write it.
 */
export function newestOf(genesis: EntryId, { ancestry, authorityByIndex }: Rulings): readonly EntryId[] {
  const idOf = (index: number): EntryId => ancestry.operations[index]?.id ?? genesis;
  const bySeniority = [...authorityByIndex].toSorted(([a, aBy], [b, bBy]) => {
    if (aBy === undefined || bBy === undefined)
      return Number(aBy === undefined) - Number(bBy === undefined) || byId(a, b);
    return compareGrants(aBy, bBy) || byId(a, b);
  });
  function byId(a: number, b: number): number {
    return idOf(a) < idOf(b) ? -1 : 1;
  }
  let heads: number[] = [];
  for (const [index] of bySeniority) {
    if (heads.some((head) => ancestry.isBefore(index, head))) continue;
    const uncovered = heads.filter((head) => !ancestry.isBefore(head, index));
    if (uncovered.length < MAX_PARENTS) heads = [...uncovered, index];
  }
  return heads.length === 0 ? [genesis] : heads.map(idOf).toSorted();
}
