/** Who is in a group, in which role, and what it is called: the same for equal sets of operations, in whatever order they came (PROTOCOL, Membership). */
import type { AccountId, DeviceId, EntryId } from "../codec/ids.ts";
import { compareGrants, type Grant } from "./grant.ts";
import { newestOf } from "./heads.ts";
import { type Change, FIRST_DESCRIBING_TYPE, type Role } from "./operation.ts";
import { judge, type Rulings } from "./rulings.ts";

/** What a group begins with: its genesis entry. */
export interface GroupFounding {
  readonly id: EntryId;
  readonly founder: AccountId;
  readonly name: string;
}

export interface Operation {
  readonly id: EntryId;
  readonly author: AccountId;
  readonly device: DeviceId;
  /** Operations or the genesis. */
  readonly parents: readonly EntryId[];
  readonly change: Change;
}

export interface Member {
  readonly role: Role;
  /** The addition, or the promotion if that alone holds; the genesis for the founder. */
  readonly addedBy: EntryId;
  /** The most senior one that makes an admin; undefined for others. */
  readonly grant: Grant | undefined;
}

export interface Membership {
  readonly members: ReadonlyMap<AccountId, Member>;
  readonly name: string;
  /** The operation that says what picture the group has; undefined if none does. */
  readonly picture: EntryId | undefined;
  /** Parents of the next operation: what counts and nothing that counts descends from; sorted, 1 to 32. */
  readonly heads: readonly EntryId[];
  /** Operations without effect. Those with missing ancestors are neither here nor anywhere. */
  readonly voided: ReadonlySet<EntryId>;
  readonly isVoid: (id: EntryId) => boolean;
  /** Accounts that are members or were, by an operation that counts. */
  readonly everMembers: ReadonlySet<AccountId>;
  /** The additions that a member's membership rests on, sorted: where their history begins is in these. None for the founder. */
  readonly addsByAccount: ReadonlyMap<AccountId, readonly EntryId[]>;
  /** Admins who made a change that this version does not know. */
  readonly frozenBy: ReadonlySet<AccountId>;
  /** Nobody should change the group from here before this app is newer, but see `canChange`. */
  readonly isFrozen: boolean;
}

/** An addition, promotion or the genesis. */
interface Admission {
  readonly account: AccountId;
  readonly index: number;
  readonly id: EntryId;
  readonly isAdd: boolean;
  readonly by: Grant;
}

/**
 * Pure. Operations whose ancestors are not all there are left out. For n operations with p parents n² bits of memory and
 * n²p/32 steps, see `judge` for the rest: 5,000 of 500 members take a tenth of a second.
 */
export function evaluate(genesis: GroupFounding, operations: readonly Operation[]): Membership {
  const rulings = judge(genesis, operations);
  const { ancestry, authorityByIndex } = rulings;
  const admissions = admissionsOf(genesis, rulings);
  const members = new Map<AccountId, Member>();
  const addsByAccount = new Map<AccountId, readonly EntryId[]>();
  for (const [account, all] of admissions) {
    const holding = all.filter(({ index }) => lasts(rulings, account, index, isEndOfMembership));
    const [first] = holding.toSorted(compareAdmissions);
    if (first === undefined) continue;
    const grant = grantOf(rulings, account);
    members.set(account, { role: grant === undefined ? "member" : "admin", addedBy: first.id, grant });
    addsByAccount.set(account, addsBehind(rulings, account, holding));
  }
  const voided = new Set(
    ancestry.operations.flatMap((operation, index) =>
      operation === undefined || authorityByIndex.has(index) ? [] : [operation.id],
    ),
  );
  const frozenBy = authorsOfUnknown(rulings, members);
  return {
    members,
    name: nameOf(genesis, rulings),
    picture: newest(rulings, (change) => change.kind === "picture")?.id,
    heads: newestOf(genesis.id, rulings),
    voided,
    isVoid: (id) => voided.has(id),
    everMembers: new Set(admissions.keys()),
    addsByAccount,
    frozenBy,
    isFrozen: frozenBy.size > 0,
  };
}

function admissionsOf(genesis: GroupFounding, rulings: Rulings): ReadonlyMap<AccountId, readonly Admission[]> {
  const founding = {
    account: genesis.founder,
    index: 0,
    id: genesis.id,
    isAdd: false,
    by: { depth: -1, id: genesis.id },
  };
  const admissions = new Map<AccountId, Admission[]>([[genesis.founder, [founding]]]);
  for (const [index, by] of rulings.authorityByIndex) {
    const operation = rulings.ancestry.operations[index];
    if (operation === undefined || by === undefined) continue;
    const { id, change } = operation;
    if (change.kind !== "add" && !(change.kind === "role" && change.role === "admin")) continue;
    const { account } = change;
    const all = admissions.get(account) ?? [];
    admissions.set(account, all);
    all.push({ account, index, id, isAdd: change.kind === "add", by });
  }
  return admissions;
}

/** The genesis first, then additions, then promotions; the most senior author's first. */
function compareAdmissions(a: Admission, b: Admission): number {
  const rank = ({ index, isAdd }: Admission): number => (index === 0 ? 0 : isAdd ? 1 : 2);
  return rank(a) - rank(b) || compareGrants(a.by, b.by) || (a.id < b.id ? -1 : 1);
}

/** Whether what was given was given in knowledge of every end of its kind. */
function lasts(rulings: Rulings, account: AccountId, index: number, isEnd: (change: Change) => boolean): boolean {
  return (rulings.endsByAccount.get(account) ?? []).every((end) => {
    const change = rulings.ancestry.operations[end]?.change;
    return change === undefined || !isEnd(change) || rulings.ancestry.isBefore(end, index);
  });
}

/** A demotion ends a grant and leaves the member. */
function isEndOfMembership(change: Change): boolean {
  return change.kind !== "role";
}

function grantOf(rulings: Rulings, account: AccountId): Grant | undefined {
  const [senior] = (rulings.grantsByAccount.get(account) ?? [])
    .filter(({ index }) => lasts(rulings, account, index, () => true))
    .toSorted(compareGrants);
  return senior === undefined ? undefined : { depth: senior.depth, id: senior.id };
}

/** Additions that hold; for a member whom a promotion alone keeps, those it was made in knowledge of. */
function addsBehind(rulings: Rulings, account: AccountId, holding: readonly Admission[]): readonly EntryId[] {
  const adds = holding.filter(({ isAdd }) => isAdd).map(({ id }) => id);
  if (adds.length > 0) return adds.toSorted();
  return rulings.ancestry.operations
    .flatMap((operation, index) =>
      operation?.change.kind === "add" &&
      operation.change.account === account &&
      holding.some((promotion) => rulings.ancestry.isBefore(index, promotion.index))
        ? [operation.id]
        : [],
    )
    .toSorted();
}

function nameOf(genesis: GroupFounding, rulings: Rulings): string {
  const change = newest(rulings, ({ kind }) => kind === "rename")?.change;
  return change?.kind === "rename" ? change.name : genesis.name;
}

/** Of those changes of one kind that no other of it descends from, the most senior author's; then the smallest id. */
function newest(
  { ancestry, authorityByIndex }: Rulings,
  isMeant: (change: Change) => boolean,
): Pick<Operation, "id" | "change"> | undefined {
  const meant = [...authorityByIndex].flatMap(([index, by]) => {
    const operation = ancestry.operations[index];
    return operation !== undefined && by !== undefined && isMeant(operation.change)
      ? [{ index, by, id: operation.id, change: operation.change }]
      : [];
  });
  const isReplaced = ancestry.beforeAny(meant.map(({ index }) => index));
  return meant
    .filter(({ index }) => !isReplaced(index))
    .toSorted((one, other) => compareGrants(one.by, other.by) || (one.id < other.id ? -1 : 1))[0];
}

function authorsOfUnknown(
  { ancestry, authorityByIndex }: Rulings,
  members: ReadonlyMap<AccountId, Member>,
): ReadonlySet<AccountId> {
  const authors = ancestry.operations.flatMap((operation, index) =>
    operation !== undefined && isUnknownRule(operation.change) && authorityByIndex.has(index) ? [operation.author] : [],
  );
  return new Set(authors.filter((author) => members.get(author)?.role === "admin"));
}

/** What a later version added to the rules of who is in a group; what it only says of the group changes no rule. */
function isUnknownRule(change: Change): boolean {
  return change.kind === "unknown" && change.type < FIRST_DESCRIBING_TYPE;
}
