/** What holds of every history of a group: 400 random ones of up to 60 operations (KITH_LONG=1: 20,000), and against the second implementation. */
import { expect, test } from "vitest";
import { bytesToHex } from "../../../../src/core/codec/bytes.ts";
import type { AccountId, EntryId } from "../../../../src/core/codec/ids.ts";
import { evaluate, type Membership, type Operation } from "../../../../src/core/membership/evaluate.ts";
import { membership, type SecondMembership, type SecondOperation } from "../../../second/membership.ts";
import type { SecondChange } from "../../../second/operation.ts";
import { RandomGroup } from "../../../support/random-group.ts";

const HISTORIES = process.env["KITH_LONG"] === "1" ? 20_000 : 400;
const TEST_LIMIT_MS = 20_000 + HISTORIES * 50;

function histories(): readonly RandomGroup[] {
  return Array.from({ length: HISTORIES }, (_, seed) => new RandomGroup(seed, 3 + (seed % 5), 15 + (seed % 46)));
}
const GROUPS = histories();

/** Everything of it. Maps and sets are compared without their order. */
function told(group: Membership): object {
  return { ...group, isVoid: undefined };
}

function asSecond({ change, ...rest }: Operation): SecondOperation {
  const turned = (): SecondChange => {
    switch (change.kind) {
      case "add":
        return { ...change, bundle: bytesToHex(change.bundle) };
      case "role":
        return { kind: "role", account: change.account, isAdmin: change.role === "admin" };
      case "unknown":
        return { kind: "unknown", type: change.type, content: bytesToHex(change.bytes) };
      case "picture":
        return { kind: "picture", image: change.image === "stored" ? "" : bytesToHex(change.image) };
      default:
        return change;
    }
  };
  return { ...rest, change: turned() };
}

function asToldBySecond(group: Membership): SecondMembership {
  const { name, picture = null, heads, voided, isFrozen, addsByAccount } = group;
  const members = [...group.members].map(
    ([account, { role }]) => [account, { isAdmin: role === "admin", adds: addsByAccount.get(account) ?? [] }] as const,
  );
  return { members: Object.fromEntries(members), name, picture, heads, voided: [...voided].toSorted(), isFrozen };
}

function ancestorsOf(operations: readonly Operation[], id: EntryId): ReadonlySet<EntryId> {
  const byId = new Map(operations.map((operation) => [operation.id, operation]));
  const found = new Set<EntryId>();
  const open = [...(byId.get(id)?.parents ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    open.push(...(byId.get(next)?.parents ?? []));
  }
  return found;
}

test("equal sets give equal groups, in any order and however often they come", { timeout: TEST_LIMIT_MS }, () => {
  for (const group of GROUPS) {
    const expected = told(evaluate(group.founding, group.operations));
    expect(told(evaluate(group.founding, group.shuffled()))).toEqual(expected);
    expect(told(evaluate(group.founding, [...group.shuffled(), ...group.operations]))).toEqual(expected);
  }
});

test("the second implementation finds the same group", { timeout: TEST_LIMIT_MS }, () => {
  for (const group of GROUPS) {
    const second = membership(group.founding, group.operations.map(asSecond));
    expect(asToldBySecond(evaluate(group.founding, group.operations))).toEqual(second);
  }
});

test("nobody but the founder is in a group without an addition or promotion that counts", () => {
  let members = 0;
  for (const { founding, operations } of GROUPS) {
    const group = evaluate(founding, operations);
    for (const [account, { addedBy }] of group.members) {
      if (addedBy === founding.id) {
        expect(account).toBe(founding.founder);
        continue;
      }
      members += 1;
      const by = operations.find(({ id }) => id === addedBy);
      expect(by?.change).toMatchObject({ account });
      expect(["add", "role"]).toContain(by?.change.kind);
      expect(group.isVoid(addedBy)).toBe(false);
      expect(group.everMembers.has(by?.author ?? account)).toBe(true);
    }
  }
  expect(members).toBeGreaterThan(HISTORIES);
});

/** Removals and demotions that count, with what counts of their account. */
function ends(group: RandomGroup): readonly { readonly end: Operation; readonly account: AccountId }[] {
  const { isVoid } = evaluate(group.founding, group.operations);
  return group.operations.flatMap((end) =>
    !isVoid(end.id) && (end.change.kind === "remove" || (end.change.kind === "role" && end.change.role === "member"))
      ? [{ end, account: end.change.account }]
      : [],
  );
}

test("after a removal or demotion only what it saw counts, until a promotion that saw it", () => {
  let checked = 0;
  for (const group of GROUPS.slice(0, HISTORIES / 2)) {
    const { isVoid } = evaluate(group.founding, group.operations);
    for (const { end, account } of ends(group)) {
      const seen = ancestorsOf(group.operations, end.id);
      for (const { id, author, change } of group.operations) {
        if (author !== account || change.kind === "leave" || isVoid(id) || seen.has(id)) continue;
        const before = ancestorsOf(group.operations, id);
        const isRestored = group.operations.some(
          (again) =>
            before.has(again.id) &&
            !isVoid(again.id) &&
            again.change.kind === "role" &&
            again.change.role === "admin" &&
            again.change.account === account &&
            ancestorsOf(group.operations, again.id).has(end.id),
        );
        // A founder who left and came back may have been removed since, in which case what was done before leaving stays.
        if (account !== group.founding.founder) expect(isRestored).toBe(true);
        checked += 1;
      }
    }
  }
  expect(checked).toBeGreaterThan(0);
});

test("a removed admin changes nothing any more, whatever parents the operations name", () => {
  let attempts = 0;
  for (const group of GROUPS) {
    const before = evaluate(group.founding, group.operations);
    const gone = ends(group).find(
      ({ end, account }) =>
        end.change.kind === "remove" &&
        !before.members.has(account) &&
        // Who leaves of their own may take back what they did (decision 67).
        !group.operations.some(({ author, change }) => author === account && change.kind === "leave"),
    );
    if (gone === undefined) continue;
    const { members, name, isFrozen, addsByAccount } = before;
    for (let attempt = 0; attempt < 8; attempt += 1) group.operations.push(group.next(gone.account));
    const after = evaluate(group.founding, group.operations);
    expect({
      members: after.members,
      name: after.name,
      isFrozen: after.isFrozen,
      addsByAccount: after.addsByAccount,
    }).toEqual({ members, name, isFrozen, addsByAccount });
    attempts += 1;
  }
  expect(attempts).toBeGreaterThan(HISTORIES / 20);
});
