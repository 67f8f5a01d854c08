import { expect, test } from "vitest";
import type { AccountId } from "../../../../src/core/codec/ids.ts";
import { neighbours } from "../../../../src/core/conversations/co-members.ts";

function membersOf(size: number): readonly AccountId[] {
  return Array.from({ length: size }, (_, index) => String(index).padStart(3, "0") as AccountId);
}

test("in a small group everybody looks for everybody", () => {
  const members = membersOf(8);
  for (const own of members) expect(neighbours(members, own)).toEqual(members.filter((member) => member !== own));
});

test.each([9, 10, 33, 100, 500])(
  "in a group of %i few are looked for, by both sides, and all are reached in few hops",
  (size) => {
    const members = membersOf(size);
    const byMember = new Map(members.map((member) => [member, neighbours(members, member)] as const));
    const most = 2 * Math.ceil(Math.log2(size));
    for (const [member, found] of byMember) {
      expect(found.length).toBeLessThanOrEqual(most);
      for (const other of found) expect(byMember.get(other)).toContain(member);
    }
    const [first] = members;
    if (first === undefined) throw new Error("nobody");
    const reached = new Set([first]);
    for (let hop = 0; hop < Math.ceil(Math.log2(size)); hop += 1) {
      const next = [...reached].flatMap((member) => byMember.get(member) ?? []);
      for (const member of next) reached.add(member);
    }
    expect(reached.size).toBe(size);
  },
);
