/** Random histories of a group: several accounts that add, remove, promote and leave beside one another, from old parents too. */
import { createHash } from "node:crypto";
import type { AccountId, DeviceId, EntryId } from "../../src/core/codec/ids.ts";
import { evaluate, type GroupFounding, type Operation } from "../../src/core/membership/evaluate.ts";
import type { Change } from "../../src/core/membership/operation.ts";
import { seededRandom } from "./seeded-random.ts";

const MOST_PARENTS = 3;

export class RandomGroup {
  readonly founding: GroupFounding;
  readonly operations: Operation[] = [];
  readonly accounts: readonly AccountId[];
  readonly #random: () => number;
  readonly #seed: number;

  constructor(seed: number, people: number, size: number) {
    this.#random = seededRandom(seed);
    this.#seed = seed;
    const founder = this.#hash("founder") as AccountId;
    const others = Array.from({ length: people - 1 }, (_, index) => this.#hash(`account ${index}`) as AccountId);
    this.accounts = [founder, ...others];
    this.founding = { id: this.#hash("genesis") as EntryId, founder, name: "g" };
    for (const [index, account] of others.entries()) {
      this.operations.push(
        this.next(founder, { kind: "add", account, bundle: new Uint8Array(0), relays: [], starts: [] }),
      );
      if (index % 2 === 0) this.operations.push(this.next(founder, { kind: "role", account, role: "admin" }));
    }
    while (this.operations.length < size) this.operations.push(this.next(this.pick(this.accounts)));
  }

  /** An operation of this account: this change on what counts, or some change on that or on whatever there is. */
  next(author: AccountId, change?: Change): Operation {
    const isHonest = change !== undefined || this.below(3) > 0;
    const { heads } = evaluate(this.founding, this.operations);
    const all = [this.founding.id, ...this.operations.map(({ id }) => id)];
    const some = Array.from({ length: 1 + this.below(MOST_PARENTS) }, () => this.pick(all));
    return {
      id: this.#hash(`operation ${this.operations.length} ${this.#random()}`) as EntryId,
      author,
      device: author.slice(0, 32) as DeviceId,
      parents: [...new Set(isHonest ? heads : some)].toSorted(),
      change: change ?? this.#change(),
    };
  }

  shuffled(): readonly Operation[] {
    return this.operations
      .map((operation) => ({ operation, at: this.#random() }))
      .toSorted((a, b) => a.at - b.at)
      .map(({ operation }) => operation);
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error("nothing to pick from");
    return item;
  }

  below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #change(): Change {
    const account = this.pick(this.accounts);
    switch (this.below(12)) {
      case 0:
      case 1:
        return { kind: "remove", account };
      case 2:
        return { kind: "role", account, role: "member" };
      case 3:
      case 4:
      case 5:
        return { kind: "role", account, role: "admin" };
      case 6:
        return { kind: "rename", name: `name ${this.below(100)}` };
      case 7:
        return this.below(6) === 0 ? { kind: "leave" } : { kind: "rename", name: "n" };
      case 8:
        return this.below(4) === 0
          ? { kind: "unknown", type: this.below(2) === 0 ? 99 : 199, bytes: new Uint8Array(0) }
          : { kind: "picture", image: Uint8Array.of(this.below(9)) };
      default:
        return { kind: "add", account, bundle: new Uint8Array(0), relays: [], starts: [] };
    }
  }

  #hash(text: string): string {
    return createHash("sha256").update(`${this.#seed} ${text}`).digest("hex");
  }
}
