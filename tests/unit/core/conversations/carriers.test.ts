import { describe, expect, test } from "vitest";
import type { AccountId } from "../../../../src/core/codec/ids.ts";
import { carriersFor } from "../../../../src/core/conversations/carriers.ts";
import { neighbours, SMALL_GROUP } from "../../../../src/core/conversations/co-members.ts";
import { seededRandom } from "../../../support/seeded-random.ts";

/** recipient 16 | envelope 1168 */
const BYTES = 1_184;
const SEEDS = 20;

function group(size: number): readonly AccountId[] {
  return Array.from({ length: size }, (_, index) => (index * 977).toString(16).padStart(64, "0") as AccountId);
}

interface Spread {
  /** Envelopes given to somebody else than their recipient. */
  readonly carried: number;
  /** Of those away: for whom one such has theirs. */
  readonly covered: number;
  /** Those whom somebody besides the author, who is here, would meet. */
  readonly away: number;
  /** Of members who are here: those who can get theirs from somebody they are connected with. */
  readonly reached: number;
  readonly here: number;
}

/** A rekey of the first member, passed on over the links of those who are here. */
function spread(members: readonly AccountId[], here: ReadonlySet<AccountId>, author: AccountId): Spread {
  const linked = (account: AccountId): readonly AccountId[] =>
    neighbours(members, account).filter((other) => here.has(other));
  const others = members.filter((member) => member !== author);
  const held = new Map<AccountId, Set<AccountId>>([[author, new Set(others)]]);
  let carried = 0;
  const queue = [{ self: author, fresh: others }];
  for (const { self, fresh } of queue) {
    const connected = linked(self);
    for (const peer of connected) {
      if (peer === author) continue;
      const given = fresh.filter(
        (recipient) =>
          recipient !== peer &&
          !connected.includes(recipient) &&
          carriersFor(recipient, { members, self, isAuthor: self === author, connected }).includes(peer),
      );
      const theirs = held.get(peer) ?? new Set();
      const news = given.filter((recipient) => !theirs.has(recipient));
      carried += given.length;
      held.set(peer, new Set([...theirs, ...news]));
      // In a small group they got it from the author as well.
      if (news.length > 0 && members.length > SMALL_GROUP) queue.push({ self: peer, fresh: news });
    }
  }
  const hasIt = (holder: AccountId, recipient: AccountId): boolean => held.get(holder)?.has(recipient) === true;
  const present = others.filter((member) => here.has(member));
  const reached = present.filter((member) => linked(member).some((peer) => hasIt(peer, member)));
  const away = others.filter((member) => !here.has(member) && linked(member).some((peer) => peer !== author));
  const covered = away.filter((member) =>
    neighbours(members, member).some((peer) => peer !== author && hasIt(peer, member)),
  );
  return { carried, covered: covered.length, away: away.length, reached: reached.length, here: present.length };
}

function average(size: number, share: number): Spread {
  const members = group(size);
  const sum = { carried: 0, covered: 0, away: 0, reached: 0, here: 0 };
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const random = seededRandom(seed);
    const [author] = members;
    if (author === undefined) throw new Error("nobody");
    const here = new Set(members.filter((member) => member === author || random() < share));
    const one = spread(members, here, author);
    for (const name of ["carried", "covered", "away", "reached", "here"] as const) sum[name] += one[name];
  }
  return sum;
}

describe("a rekey's envelopes for those who are not connected", () => {
  test.each([3, 8])("of a group of %i go to everybody who is here", (size) => {
    const members = group(size);
    const [author, away] = members;
    if (author === undefined || away === undefined) throw new Error("nobody");
    const { carried, covered } = spread(members, new Set(members.filter((member) => member !== away)), author);
    expect({ carried, covered }).toEqual({ carried: size - 2, covered: 1 });
  });

  test.each([
    { size: 3, share: 0.5, most: 1 },
    { size: 10, share: 0.5, most: 3 },
    { size: 50, share: 0.5, most: 3 },
    { size: 10, share: 1, most: 3 },
    { size: 50, share: 1, most: 3 },
  ])("cost $size members of whom $share are here at most $most copies each", ({ size, share, most }) => {
    const sum = average(size, share);
    expect(sum.carried / SEEDS).toBeLessThanOrEqual(most * size);
    // What n envelopes for each of n members would be.
    expect((sum.carried / SEEDS) * BYTES).toBeLessThan(size * size * BYTES * 0.2);
    expect(sum.covered).toBeGreaterThanOrEqual(0.85 * sum.away);
    expect(sum.reached).toBeGreaterThanOrEqual(0.9 * sum.here);
  });
});
