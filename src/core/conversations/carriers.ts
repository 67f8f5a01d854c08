/**
 * Who is given an envelope for somebody who is not there (PROTOCOL, Envelopes on the way): whoever is likely to meet them, and few, so
 * that the envelopes of a rekey are not multiplied by the members.
 */
import type { AccountId } from "../codec/ids.ts";
import { neighbours, SMALL_GROUP } from "./co-members.ts";

/** In a large group an author gives an envelope to so many, and each of them to one who comes nearer. */
const FIRST_CARRIERS = 2;

export interface Handing {
  readonly members: readonly AccountId[];
  readonly self: AccountId;
  readonly isAuthor: boolean;
  /** Members who are connected now, this account not among them. */
  readonly connected: readonly AccountId[];
}

/**
 * Those of the connected who are given what is for `recipient`, who is not connected. In a small group all: anybody may meet them. In a
 * large one those who look for the recipient, or else come nearest to that; and who passes it on gives it only to such as come nearer.
 */
export function carriersFor(
  recipient: AccountId,
  { members, self, isAuthor, connected }: Handing,
): readonly AccountId[] {
  const able = connected.filter((account) => account !== recipient && members.includes(account));
  if (members.length <= SMALL_GROUP) return able;
  const ring = members.toSorted();
  const close = new Set(neighbours(members, recipient));
  const distance = (account: AccountId): number => {
    const apart = Math.abs(ring.indexOf(account) - ring.indexOf(recipient));
    return close.has(account) ? 0 : Math.min(apart, ring.length - apart);
  };
  const own = distance(self);
  return able
    .map((account) => ({ account, apart: distance(account) }))
    .toSorted((a, b) => a.apart - b.apart || (a.account < b.account ? -1 : 1))
    .slice(0, isAuthor ? FIRST_CARRIERS : 1)
    .filter(({ apart }) => isAuthor || apart < own)
    .map(({ account }) => account);
}
