/** A group's operations, written by hand: ids say who wrote what, and sort as the test wants. */
import type { AccountId, DeviceId, EntryId } from "../../src/core/codec/ids.ts";
import { evaluate, type Membership, type Operation } from "../../src/core/membership/evaluate.ts";
import type { Change, Role } from "../../src/core/membership/operation.ts";

const HEX_DIGITS = 64;

/** A name as hex, filled with zeros: names sort as their ids do. */
export function idOf(name: string): EntryId {
  return Buffer.from(name).toString("hex").padEnd(HEX_DIGITS, "0") as EntryId;
}

export function accountOf(name: string): AccountId {
  return Buffer.from(name).toString("hex").padEnd(HEX_DIGITS, "0") as AccountId;
}

export const GENESIS = idOf("genesis");

export const add = (name: string): Change => ({
  kind: "add",
  account: accountOf(name),
  bundle: new Uint8Array(0),
  relays: [],
  starts: [],
});
export const remove = (name: string): Change => ({ kind: "remove", account: accountOf(name) });
export const promote = (name: string): Change => roleOf(name, "admin");
export const demote = (name: string): Change => roleOf(name, "member");
export const rename = (name: string): Change => ({ kind: "rename", name });
export const LEAVE: Change = { kind: "leave" };
export const UNKNOWN: Change = { kind: "unknown", type: 77, bytes: Uint8Array.of(1) };

function roleOf(name: string, role: Role): Change {
  return { kind: "role", account: accountOf(name), role };
}

/** Alice founds it, as "Choir". */
export class GroupHistory {
  readonly operations: Operation[] = [];
  readonly founding = { id: GENESIS, founder: accountOf("alice"), name: "Choir" };

  /** Writes an operation that saw these (names of operations; everything that counts so far when left out). */
  write(id: string, author: string, change: Change, sawOnly?: readonly string[]): this {
    const parents = sawOnly?.map(idOf) ?? this.now().heads;
    const device = accountOf(author).slice(0, 32) as DeviceId;
    this.operations.push({ id: idOf(id), author: accountOf(author), device, parents, change });
    return this;
  }

  now(): Membership {
    return evaluate(this.founding, this.operations);
  }

  /** Names with their roles. */
  members(): Readonly<Record<string, Role>> {
    const named = [...this.now().members].map(([account, { role }]) => [nameOf(account), role] as const);
    return Object.fromEntries(named);
  }

  /** Names of the operations without effect, in alphabetical order. */
  voided(): readonly string[] {
    return [...this.now().voided].map(nameOf).toSorted();
  }
}

function nameOf(id: EntryId | AccountId): string {
  return Buffer.from(id, "hex").toString().replace(/\0+$/, "");
}
