/**
 * Which operations count (PROTOCOL, Membership). Seniors are judged first: a grant can be ended only by a grant that is senior to it,
 * so each grant is settled by the time that its turn comes, and nothing is ever judged twice.
 */
import type { AccountId } from "../codec/ids.ts";
import { Ancestry } from "./ancestry.ts";
import { compareGrants, type Grant } from "./grant.ts";
import type { GroupFounding, Operation } from "./evaluate.ts";

/** An operation, or the genesis, that made an account an admin. */
interface HeldGrant extends Grant {
  readonly account: AccountId;
  readonly index: number;
}

export interface Rulings {
  readonly ancestry: Ancestry<Operation>;
  /** The grant that each operation that counts rests on, by index; none for leaving, which needs no grant. */
  readonly authorityByIndex: ReadonlyMap<number, Grant | undefined>;
  /** Grants that counted when they were given: the genesis and promotions, by account. */
  readonly grantsByAccount: ReadonlyMap<AccountId, readonly HeldGrant[]>;
  /** Removals, demotions and leaves that count, as indexes, by the account they end. */
  readonly endsByAccount: ReadonlyMap<AccountId, readonly number[]>;
}

/**
 * For n operations with p parents: n²p/32 steps for the graph; then, for each promotion that counts, the account's operations and n/32
 * for each of the account's ends. So at worst, one account promoted and demoted throughout, n³/128 steps: half a second for 5,000.
 */
export function judge(genesis: GroupFounding, operations: readonly Operation[]): Rulings {
  return new Judge(genesis, operations).rulings();
}

class Judge {
  readonly #ancestry: Ancestry<Operation>;
  readonly #authorityByIndex = new Map<number, Grant | undefined>();
  readonly #grantsByAccount = new Map<AccountId, HeldGrant[]>();
  /** Removals and demotions. */
  readonly #endsByAccount = new Map<AccountId, number[]>();
  readonly #leavesByAuthor = new Map<AccountId, number[]>();
  /** Of operations that no grant was found for so far, by author. */
  readonly #openByAuthor = new Map<AccountId, number[]>();
  /** Additions of each account, whether they count or not. */
  readonly #addsByAccount = new Map<AccountId, number[]>();
  readonly #founder: AccountId;
  readonly #waiting: HeldGrant[] = [];

  readonly #isBefore = (ancestor: number, descendant: number): boolean => this.#ancestry.isBefore(ancestor, descendant);

  constructor(genesis: GroupFounding, operations: readonly Operation[]) {
    this.#ancestry = new Ancestry(genesis.id, operations);
    this.#founder = genesis.founder;
    const leaves: number[] = [];
    for (const [index, operation] of this.#ancestry.operations.entries()) {
      if (operation === undefined) continue;
      if (operation.change.kind === "leave") leaves.push(index);
      else listOf(this.#openByAuthor, operation.author).push(index);
      if (operation.change.kind === "add") listOf(this.#addsByAccount, operation.change.account).push(index);
    }
    for (const index of leaves) this.#judgeLeave(index);
    this.#give({ account: genesis.founder, index: 0, depth: 0, id: genesis.id });
  }

  rulings(): Rulings {
    for (let grant = this.#waiting.shift(); grant !== undefined; grant = this.#waiting.shift()) this.#judgeUnder(grant);
    return {
      ancestry: this.#ancestry,
      authorityByIndex: this.#authorityByIndex,
      grantsByAccount: this.#grantsByAccount,
      endsByAccount: merged(this.#endsByAccount, this.#leavesByAuthor),
    };
  }

  /** Whoever was added may leave; what others do has no say in it. */
  #judgeLeave(index: number): void {
    const author = this.#ancestry.operations[index]?.author;
    if (author === undefined || !this.#wasAdded(author, index)) return;
    this.#authorityByIndex.set(index, undefined);
    listOf(this.#leavesByAuthor, author).push(index);
  }

  /** What is behind the grant and was seen by every end of it: what is back-dated to before an end counts no more than what comes later. */
  #judgeUnder(grant: HeldGrant): void {
    const open = this.#openByAuthor.get(grant.account) ?? [];
    const behind = open.filter((index) => this.#isBefore(grant.index, index));
    if (behind.length === 0) return;
    const isOpenEnd = (end: number): boolean => !this.#isBefore(end, grant.index);
    const ends = (this.#endsByAccount.get(grant.account) ?? []).filter(isOpenEnd);
    // Beside or after being removed, leaving changes nothing: or it would take back what the removal let stand.
    const leaves = (this.#leavesByAuthor.get(grant.account) ?? []).filter(isOpenEnd);
    const lastSeen = [...ends, ...leaves.filter(this.#ancestry.beforeAll(ends))];
    const resting = new Set(behind.filter(this.#ancestry.beforeAll(lastSeen)));
    this.#openByAuthor.set(
      grant.account,
      open.filter((index) => !resting.has(index)),
    );
    for (const index of resting) this.#judgeAuthorised(index, grant);
  }

  #judgeAuthorised(index: number, authority: HeldGrant): void {
    const operation = this.#ancestry.operations[index];
    if (operation === undefined) return;
    const { change } = operation;
    if (change.kind === "remove" || change.kind === "role") {
      if (change.kind === "role" && change.role === "admin") {
        if (!this.#wasAdded(change.account, index)) return;
        this.#give({ account: change.account, index, depth: authority.depth + 1, id: operation.id });
      } else {
        if (!this.#isJunior(change.account, index, authority)) return;
        listOf(this.#endsByAccount, change.account).push(index);
      }
    }
    this.#authorityByIndex.set(index, authority);
  }

  /**
   * Whether no grant of the account is as senior. Those given without the author's knowing count too: else an admin could go back to
   * before a senior was promoted. Those that come after, or that the author saw ended, do not.
   */
  #isJunior(account: AccountId, index: number, authority: Grant): boolean {
    const isBefore = this.#isBefore;
    const ends = [...(this.#endsByAccount.get(account) ?? []), ...(this.#leavesByAuthor.get(account) ?? [])];
    return (this.#grantsByAccount.get(account) ?? []).every(
      (grant) =>
        compareGrants(authority, grant) < 0 ||
        isBefore(index, grant.index) ||
        ends.some((end) => isBefore(end, index) && !isBefore(end, grant.index)),
    );
  }

  #wasAdded(account: AccountId, before: number): boolean {
    const isBefore = this.#isBefore;
    if (account === this.#founder) return true;
    return (this.#addsByAccount.get(account) ?? []).some((add) => isBefore(add, before));
  }

  #give(grant: HeldGrant): void {
    listOf(this.#grantsByAccount, grant.account).push(grant);
    const at = placeOf(this.#waiting, grant);
    this.#waiting.splice(at, 0, grant);
  }
}

function merged(
  one: ReadonlyMap<AccountId, readonly number[]>,
  other: ReadonlyMap<AccountId, readonly number[]>,
): ReadonlyMap<AccountId, readonly number[]> {
  const all = new Map(one);
  for (const [account, list] of other) all.set(account, [...(all.get(account) ?? []), ...list]);
  return all;
}

function listOf<Key, Item>(lists: Map<Key, Item[]>, key: Key): Item[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}

/** Where it belongs in a sorted list. */
function placeOf(sorted: readonly Grant[], grant: Grant): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const there = sorted[middle];
    if (there !== undefined && compareGrants(there, grant) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
