/** Who belongs to each group, as all its known operations say. In memory; whoever commits new operations puts the outcome here. */
import { DecodeError } from "../codec/decode-error.ts";
import type { AccountId, ConversationId, DeviceId, EntryId } from "../codec/ids.ts";
import { evaluate, type Membership, type Operation } from "../membership/evaluate.ts";
import { type AddChange, decodeOperation } from "../membership/operation.ts";
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
    if (state === undefined || account === state.genesis.founder) return 0;
    const starts = (additionsIn(state).get(account) ?? []).map(
      (change) => change.starts.find((candidate) => candidate.device === device)?.seq ?? 0,
    );
    return starts.length === 0 ? 0 : Math.min(...starts);
  }
}

/** Asked for every member of a large group at once, and states are replaced, never changed. */
const additionsByState = new WeakMap<GroupState, ReadonlyMap<AccountId, readonly AddChange[]>>();

/** Additions that count, by whom they add. */
function additionsIn(state: GroupState): ReadonlyMap<AccountId, readonly AddChange[]> {
  const known = additionsByState.get(state);
  if (known !== undefined) return known;
  const additions = new Map<AccountId, AddChange[]>();
  for (const { id, change } of state.operations.values()) {
    if (change.kind !== "add" || state.membership.isVoid(id)) continue;
    const all = additions.get(change.account);
    if (all === undefined) additions.set(change.account, [change]);
    else all.push(change);
  }
  additionsByState.set(state, additions);
  return additions;
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
