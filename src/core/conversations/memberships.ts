/** Who belongs to each group, as all its known operations say. In memory; whoever commits new operations puts the outcome here. */
import { DecodeError } from "../codec/decode-error.ts";
import type { AccountId, ConversationId, DeviceId, EntryId } from "../codec/ids.ts";
import { evaluate, type Membership, type Operation } from "../membership/evaluate.ts";
import { decodeOperation, type LogStart } from "../membership/operation.ts";
import type { Store } from "../store/store.ts";
import type { OperationRow } from "../store/group-tables.ts";
import type { ConversationRow } from "../store/tables.ts";
import { SerialQueue } from "./serial-queue.ts";

/** Of one device, the first in its log: all that follow have no effect anywhere. What is evaluated grows with the square of them. */
const MAX_OPERATIONS_OF_DEVICE = 2_000;

export interface GroupState {
  readonly genesis: { readonly id: EntryId; readonly founder: AccountId; readonly name: string };
  readonly operations: ReadonlyMap<EntryId, Operation>;
  readonly membership: Membership;
  /** Operations of each device. */
  readonly countByDevice: ReadonlyMap<DeviceId, number>;
}

export class Memberships {
  readonly #states = new Map<ConversationId, GroupState>();
  readonly #turns = new Map<ConversationId, SerialQueue>();

  async load(store: Store): Promise<void> {
    const [conversations, operations] = await store.read(["conversations", "operations"], (tx) =>
      Promise.all([tx.range("conversations", {}), tx.range("operations", {})]),
    );
    this.#states.clear();
    for (const { value } of conversations) {
      if (value.kind !== "group") continue;
      const own = operations.filter(({ key }) => key[0] === value.id);
      const held = own.map(({ key, value: row }) => operationOf(String(key[1]) as EntryId, row));
      this.put(value.id, grown(founded(value), held));
    }
  }

  of(conversation: ConversationId): GroupState | undefined {
    return this.#states.get(conversation);
  }

  put(conversation: ConversationId, state: GroupState): void {
    this.#states.set(conversation, state);
  }

  /** Whoever builds on a group's state and puts another one in its place does so here: two at once would build on the same one. */
  inTurn<T>(conversation: ConversationId, task: () => Promise<T>): Promise<T> {
    let turns = this.#turns.get(conversation);
    if (turns === undefined) this.#turns.set(conversation, (turns = new SerialQueue()));
    return turns.run(task);
  }

  forget(conversation: ConversationId): void {
    this.#states.delete(conversation);
    this.#turns.delete(conversation);
  }

  /** Messages of this log up to here are older than the membership of the account. */
  startOf(conversation: ConversationId, account: AccountId, device: DeviceId): number {
    const state = this.#states.get(conversation);
    return state === undefined ? 0 : (startsIn(state, account).get(device)?.seq ?? 0);
  }
}

/** Asked for every member of a large group at once, and states are replaced, never changed. */
const startsByState = new WeakMap<GroupState, Map<AccountId, ReadonlyMap<DeviceId, LogStart>>>();

/**
 * Where the history of a member begins in the message logs of which only a part is theirs. It rests on the additions that the membership
 * does: whoever was removed and is added again is not told what was said between.
 */
export function startsIn(state: GroupState, account: AccountId): ReadonlyMap<DeviceId, LogStart> {
  let byAccount = startsByState.get(state);
  if (byAccount === undefined)
    startsByState.set(state, (byAccount = new Map<AccountId, ReadonlyMap<DeviceId, LogStart>>()));
  const known = byAccount.get(account);
  if (known !== undefined) return known;
  const additions = (state.membership.addsByAccount.get(account) ?? []).flatMap((id) => {
    const change = state.operations.get(id)?.change;
    return change?.kind === "add" ? [new Map(change.starts.map((start) => [start.device, start]))] : [];
  });
  const [first, ...others] = additions;
  const starts = new Map<DeviceId, LogStart>();
  for (const [device, start] of first ?? []) {
    // The earliest of all; a log that one of them does not name is theirs from its beginning.
    const all = [start, ...others.map((addition) => addition.get(device))];
    const earliest = all.reduce((least, one) =>
      least === undefined || one === undefined || one.seq < least.seq ? one : least,
    );
    if (earliest !== undefined) starts.set(device, earliest);
  }
  byAccount.set(account, starts);
  return starts;
}

/** A group of which nothing but its beginning is known. */
export function founded({ founder, genesis }: Pick<ConversationRow, "founder" | "genesis">): GroupState {
  if (genesis === undefined) throw new Error("a group without its beginning");
  const beginning = { ...genesis, founder };
  return {
    genesis: beginning,
    operations: new Map(),
    membership: evaluate(beginning, []),
    countByDevice: new Map(),
  };
}

/** With more operations. Those that cannot be decoded are left out. */
export function grown(state: GroupState, added: readonly (Operation | undefined)[]): GroupState {
  const operations = new Map(state.operations);
  const countByDevice = new Map(state.countByDevice);
  for (const operation of added) {
    if (operation === undefined || operations.has(operation.id)) continue;
    operations.set(operation.id, operation);
    countByDevice.set(operation.device, (countByDevice.get(operation.device) ?? 0) + 1);
  }
  return { ...state, operations, countByDevice, membership: evaluate(state.genesis, [...operations.values()]) };
}

/** How many more operations of this device take effect. */
export function roomFor(state: GroupState, device: DeviceId): number {
  return MAX_OPERATIONS_OF_DEVICE - (state.countByDevice.get(device) ?? 0);
}

/** Undefined for what is malformed: it has no effect. */
export function operationOf(id: EntryId, { author, device, body }: OperationRow): Operation | undefined {
  try {
    const { parents, change } = decodeOperation(body);
    // Thousands of pictures would fill the memory: they are read where they are shown.
    const isLarge = change.kind === "picture" && change.image.length > 0;
    return { id, author, device, parents, change: isLarge ? { kind: "picture", image: "stored" } : change };
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
