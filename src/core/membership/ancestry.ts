/** Which operations descend from which: the causal graph that their parents make, with one row of bits per operation. */
import type { EntryId } from "../codec/ids.ts";

const WORD_BITS = 32;

interface Linked {
  readonly id: EntryId;
  readonly parents: readonly EntryId[];
}

/**
 * Operations get indexes from 1 on, parents before children; index 0 is the genesis. Those that do not reach it, since an ancestor is
 * missing, have none. n operations with p parents take n²/8 bytes and n²p/32 steps: 3 MB for 5,000.
 */
export class Ancestry<Operation extends Linked> {
  /** By index; undefined for the genesis. Which of two unrelated ones is first says nothing. */
  readonly operations: readonly (Operation | undefined)[];
  readonly #rows: readonly Uint32Array[];

  constructor(genesis: EntryId, operations: readonly Operation[]) {
    const ordered = inCausalOrder(genesis, operations);
    this.operations = ordered;
    const words = Math.ceil(ordered.length / WORD_BITS);
    const rows: Uint32Array[] = [];
    const indexById = new Map<EntryId, number>([[genesis, 0]]);
    for (const [index, operation] of ordered.entries()) {
      const row = new Uint32Array(words);
      for (const parent of new Set(operation?.parents)) {
        const parentIndex = indexById.get(parent) ?? 0;
        addRow(row, rows[parentIndex]);
        setBit(row, parentIndex);
      }
      rows.push(row);
      if (operation !== undefined) indexById.set(operation.id, index);
    }
    this.#rows = rows;
  }

  /** Whether the first was seen by the second. No operation is before itself. */
  isBefore(ancestor: number, descendant: number): boolean {
    return hasBit(this.#rows[descendant], ancestor);
  }

  /** Tells which operations are before all of these: one pass over their rows, however many are asked about. */
  beforeAll(descendants: readonly number[]): (ancestor: number) => boolean {
    const [first, ...others] = descendants;
    if (first === undefined) return () => true;
    const common = Uint32Array.from(this.#rows[first] ?? []);
    for (const other of others) {
      // What the first has seen, all that descend from it have.
      if (this.isBefore(first, other)) continue;
      const row = this.#rows[other];
      for (let word = 0; word < common.length; word += 1) common[word] = (common[word] ?? 0) & (row?.[word] ?? 0);
    }
    return (ancestor) => hasBit(common, ancestor);
  }

  /** Tells which operations are before any of these. */
  beforeAny(descendants: readonly number[]): (ancestor: number) => boolean {
    const union = new Uint32Array(this.#rows[0]?.length ?? 0);
    for (const descendant of descendants) addRow(union, this.#rows[descendant]);
    return (ancestor) => hasBit(union, ancestor);
  }
}

function addRow(sum: Uint32Array, row: Uint32Array | undefined): void {
  for (let word = 0; word < sum.length; word += 1) sum[word] = (sum[word] ?? 0) | (row?.[word] ?? 0);
}

function hasBit(row: Uint32Array | undefined, index: number): boolean {
  return (((row?.[index >>> 5] ?? 0) >>> (index & 31)) & 1) === 1;
}

function setBit(row: Uint32Array, index: number): void {
  row[index >>> 5] = (row[index >>> 5] ?? 0) | (1 << (index & 31));
}

/** Each operation once, behind all of its parents. */
function inCausalOrder<Operation extends Linked>(
  genesis: EntryId,
  operations: readonly Operation[],
): readonly (Operation | undefined)[] {
  const byId = new Map(operations.map((operation) => [operation.id, operation]));
  byId.delete(genesis);
  const missing = new Map<EntryId, number>();
  const children = new Map<EntryId, Operation[]>();
  for (const operation of byId.values()) {
    const parents = new Set(operation.parents);
    missing.set(operation.id, parents.size);
    for (const parent of parents) {
      const siblings = children.get(parent);
      if (siblings === undefined) children.set(parent, [operation]);
      else siblings.push(operation);
    }
  }
  const ordered: (Operation | undefined)[] = [undefined];
  for (const operation of ordered) {
    for (const child of children.get(operation?.id ?? genesis) ?? []) {
      const left = (missing.get(child.id) ?? 0) - 1;
      missing.set(child.id, left);
      if (left === 0) ordered.push(child);
    }
  }
  return ordered;
}
