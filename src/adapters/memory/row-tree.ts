/**
 * A sorted map that is never changed, only replaced: a weight-balanced tree (Adams 1993; Hirai and Yamamoto 2011 for the two
 * constants). A snapshot costs nothing and a change copies one path, which is what transactions need.
 */
import type { Key } from "../../core/store/store.ts";
import { compareKeys, type KeyBounds } from "../../core/store/key-order.ts";

/** A value as stored: already a copy of its own, with its size for the quota. */
export interface StoredRow {
  readonly key: Key;
  readonly value: unknown;
  readonly bytes: number;
}

export interface RowNode {
  readonly row: StoredRow;
  readonly size: number;
  readonly left: RowTree;
  readonly right: RowTree;
}

export type RowTree = RowNode | undefined;

const MAX_WEIGHT_RATIO = 3;
const SINGLE_ROTATION_RATIO = 2;

export function findRow(tree: RowTree, key: Key): StoredRow | undefined {
  let node = tree;
  while (node !== undefined) {
    const order = compareKeys(key, node.row.key);
    if (order === 0) return node.row;
    node = order < 0 ? node.left : node.right;
  }
  return undefined;
}

export function withRow(tree: RowTree, row: StoredRow): RowNode {
  if (tree === undefined) return join(undefined, row, undefined);
  const order = compareKeys(row.key, tree.row.key);
  if (order === 0) return join(tree.left, row, tree.right);
  if (order < 0) return balance(withRow(tree.left, row), tree.row, tree.right);
  return balance(tree.left, tree.row, withRow(tree.right, row));
}

export function withoutRow(tree: RowTree, key: Key): RowTree {
  if (tree === undefined) return undefined;
  const order = compareKeys(key, tree.row.key);
  if (order < 0) return balance(withoutRow(tree.left, key), tree.row, tree.right);
  if (order > 0) return balance(tree.left, tree.row, withoutRow(tree.right, key));
  if (tree.left === undefined) return tree.right;
  if (tree.right === undefined) return tree.left;
  const next = firstRow(tree.right);
  return balance(tree.left, next, withoutRow(tree.right, next.key));
}

/** The rows of the range, at most `limit` of them, from its start or from its end backwards. */
export function rowsWithin(tree: RowTree, bounds: KeyBounds, limit: number, isReverse: boolean): readonly StoredRow[] {
  const rows: StoredRow[] = [];
  collect(tree, bounds, limit, isReverse, rows);
  return rows;
}

function collect(tree: RowTree, bounds: KeyBounds, limit: number, isReverse: boolean, rows: StoredRow[]): void {
  if (tree === undefined || rows.length >= limit) return;
  const isAfterStart = bounds.isAfterStart(tree.row.key);
  const isBeforeEnd = bounds.isBeforeEnd(tree.row.key);
  const [near, far] = isReverse ? [tree.right, tree.left] : [tree.left, tree.right];
  const [isNearInside, isFarInside] = isReverse ? [isBeforeEnd, isAfterStart] : [isAfterStart, isBeforeEnd];
  if (isNearInside) collect(near, bounds, limit, isReverse, rows);
  if (isAfterStart && isBeforeEnd && rows.length < limit) rows.push(tree.row);
  if (isFarInside) collect(far, bounds, limit, isReverse, rows);
}

function firstRow(tree: RowNode): StoredRow {
  let node = tree;
  while (node.left !== undefined) node = node.left;
  return node.row;
}

function join(left: RowTree, row: StoredRow, right: RowTree): RowNode {
  return { row, size: sizeOf(left) + sizeOf(right) + 1, left, right };
}

/** One side has grown or shrunk by one: rotates if it became too heavy. */
function balance(left: RowTree, row: StoredRow, right: RowTree): RowNode {
  if (right !== undefined && weight(right) > MAX_WEIGHT_RATIO * weight(left)) {
    if (weight(right.left) < SINGLE_ROTATION_RATIO * weight(right.right) || right.left === undefined) {
      return join(join(left, row, right.left), right.row, right.right);
    }
    const inner = right.left;
    return join(join(left, row, inner.left), inner.row, join(inner.right, right.row, right.right));
  }
  if (left !== undefined && weight(left) > MAX_WEIGHT_RATIO * weight(right)) {
    if (weight(left.right) < SINGLE_ROTATION_RATIO * weight(left.left) || left.right === undefined) {
      return join(left.left, left.row, join(left.right, row, right));
    }
    const inner = left.right;
    return join(join(left.left, left.row, inner.left), inner.row, join(inner.right, row, right));
  }
  return join(left, row, right);
}

function sizeOf(tree: RowTree): number {
  return tree?.size ?? 0;
}

function weight(tree: RowTree): number {
  return sizeOf(tree) + 1;
}
