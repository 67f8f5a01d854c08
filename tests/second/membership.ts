/** Who is in a group: *Membership*, sentence by sentence, with plain sets and no thought of speed. Ids are hex. */
import type { SecondChange } from "./operation.ts";

export type SecondOperation = {
  readonly id: string;
  readonly author: string;
  readonly parents: readonly string[];
  readonly change: SecondChange;
};

export type SecondFounding = { readonly id: string; readonly founder: string; readonly name: string };

export type SecondMembership = {
  /** By account: whether an admin, and the adds that their history begins with. */
  readonly members: Readonly<Record<string, { readonly isAdmin: boolean; readonly adds: readonly string[] }>>;
  readonly name: string;
  readonly picture: string | null;
  readonly heads: readonly string[];
  readonly voided: readonly string[];
  readonly isFrozen: boolean;
};

type Grant = { readonly id: string; readonly depth: number; readonly account: string };

const isSenior = (one: Grant, other: Grant): boolean =>
  one.depth < other.depth || (one.depth === other.depth && one.id < other.id);

export function membership(genesis: SecondFounding, all: readonly SecondOperation[]): SecondMembership {
  const ancestors = ancestorsOf(genesis.id, all);
  const operations = [...new Map(all.map((one) => [one.id, one])).values()].filter(
    ({ id }) => id !== genesis.id && ancestors.has(id),
  );
  const isAncestor = (one: string, of: string): boolean => ancestors.get(of)?.has(one) === true;
  const wasAdded = (account: string, before: string): boolean =>
    account === genesis.founder ||
    operations.some(({ id, change }) => change.kind === "add" && change.account === account && isAncestor(id, before));

  /** The authority of what counts; leaves have none. */
  const authorityOf = new Map<string, Grant | undefined>();
  const grants: Grant[] = [{ id: genesis.id, depth: 0, account: genesis.founder }];
  for (const { id, author, change } of operations) {
    if (change.kind === "leave" && wasAdded(author, id)) authorityOf.set(id, undefined);
  }
  const counting = (isMeant: (operation: SecondOperation) => boolean): readonly SecondOperation[] =>
    operations.filter((operation) => authorityOf.has(operation.id) && isMeant(operation));
  const leavesOf = (account: string): readonly SecondOperation[] =>
    counting(({ author, change }) => change.kind === "leave" && author === account);
  const removalsOf = (account: string): readonly SecondOperation[] =>
    counting(({ change }) => change.kind === "remove" && change.account === account);
  const demotionsOf = (account: string): readonly SecondOperation[] =>
    counting(({ change }) => change.kind === "role" && !change.isAdmin && change.account === account);

  const endsOf = (grant: Grant): readonly string[] => {
    const byOthers = [...removalsOf(grant.account), ...demotionsOf(grant.account)].filter(({ id }) => {
      const authority = authorityOf.get(id);
      return authority !== undefined && isSenior(authority, grant) && !isAncestor(id, grant.id);
    });
    const own = leavesOf(grant.account).filter(
      ({ id }) => !isAncestor(id, grant.id) && byOthers.every((other) => isAncestor(id, other.id)),
    );
    return [...byOthers, ...own].map(({ id }) => id);
  };
  const mayEnd = (account: string, by: Grant, id: string): boolean =>
    grants
      .filter((grant) => grant.account === account)
      .every(
        (grant) =>
          isSenior(by, grant) ||
          isAncestor(id, grant.id) ||
          [...removalsOf(account), ...demotionsOf(account), ...leavesOf(account)].some(
            (end) => isAncestor(end.id, id) && !isAncestor(end.id, grant.id),
          ),
      );

  const judged = new Set<Grant>();
  const refused = new Set<string>();
  for (;;) {
    const [grant] = grants.filter((one) => !judged.has(one)).toSorted((a, b) => (isSenior(a, b) ? -1 : 1));
    if (grant === undefined) break;
    judged.add(grant);
    const ends = endsOf(grant);
    for (const { id, author, change } of operations) {
      if (author !== grant.account || change.kind === "leave" || authorityOf.has(id) || refused.has(id)) continue;
      if (!isAncestor(grant.id, id) || !ends.every((end) => isAncestor(id, end))) continue;
      const isPromotion = change.kind === "role" && change.isAdmin;
      const isEnd = change.kind === "remove" || (change.kind === "role" && !change.isAdmin);
      if ((isPromotion && !wasAdded(change.account, id)) || (isEnd && !mayEnd(change.account, grant, id))) {
        refused.add(id);
        continue;
      }
      authorityOf.set(id, grant);
      if (isPromotion) grants.push({ id, depth: grant.depth + 1, account: change.account });
    }
  }

  const members: Record<string, { isAdmin: boolean; adds: readonly string[] }> = {};
  for (const account of new Set([genesis.founder, ...operations.flatMap(({ change }) => accountsOf(change))])) {
    const gone = [...removalsOf(account), ...leavesOf(account)];
    const knewAll = (id: string): boolean => gone.every((end) => isAncestor(end.id, id));
    const addsOf = (isMeant: (id: string) => boolean): readonly string[] =>
      operations
        .filter(({ id, change }) => change.kind === "add" && change.account === account && isMeant(id))
        .map(({ id }) => id)
        .toSorted();
    const held = grants.filter((grant) => grant.account === account && knewAll(grant.id));
    const adds = addsOf((id) => authorityOf.has(id) && knewAll(id));
    if (adds.length === 0 && held.length === 0) continue;
    members[account] = {
      isAdmin: held.some((grant) => demotionsOf(account).every((end) => isAncestor(end.id, grant.id))),
      adds: adds.length > 0 ? adds : addsOf((id) => held.some((grant) => isAncestor(id, grant.id))),
    };
  }

  const seniority = (a: SecondOperation, b: SecondOperation): number => {
    const [one, other] = [authorityOf.get(a.id), authorityOf.get(b.id)];
    if (one !== undefined && other !== undefined && one !== other) return isSenior(one, other) ? -1 : 1;
    if ((one === undefined) !== (other === undefined)) return one === undefined ? 1 : -1;
    return a.id < b.id ? -1 : 1;
  };
  const latest = (kind: "rename" | "picture"): SecondOperation | undefined => {
    const all = counting(({ change }) => change.kind === kind);
    return all.filter(({ id }) => !all.some((other) => isAncestor(id, other.id))).toSorted(seniority)[0];
  };
  const naming = latest("rename");
  let heads: readonly string[] = [];
  for (const { id } of counting(() => true).toSorted(seniority)) {
    const kept = heads.filter((head) => !isAncestor(head, id));
    if (!heads.some((head) => isAncestor(id, head)) && kept.length < 32) heads = [...kept, id];
  }
  const unknown = counting(({ change }) => change.kind === "unknown" && change.type < 128);
  return {
    members,
    name: naming?.change.kind === "rename" ? naming.change.name : genesis.name,
    picture: latest("picture")?.id ?? null,
    heads: heads.length === 0 ? [genesis.id] : heads.toSorted(),
    voided: operations.flatMap(({ id }) => (authorityOf.has(id) ? [] : [id])).toSorted(),
    isFrozen: unknown.some(({ author }) => members[author]?.isAdmin === true),
  };
}

function accountsOf(change: SecondChange): readonly string[] {
  return "account" in change ? [change.account] : [];
}

/** Of the operations that are led to the genesis by every path. */
function ancestorsOf(genesis: string, all: readonly SecondOperation[]): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, ReadonlySet<string>>([[genesis, new Set()]]);
  for (let before = 0; before !== found.size;) {
    before = found.size;
    for (const { id, parents } of all) {
      if (found.has(id) || parents.length === 0 || !parents.every((parent) => found.has(parent))) continue;
      found.set(id, new Set(parents.flatMap((parent) => [parent, ...(found.get(parent) ?? [])])));
    }
  }
  return found;
}
