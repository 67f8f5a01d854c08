/** Ranges over sealed rows: what lies between the bounds on the disk is opened, put into the order of the real keys, and cut. */
import { compareKeys, toBounds } from "../store/key-order.ts";
import type { Key, RangeBounds, RangeQuery, ReadTransaction } from "../store/store.ts";
import type { RawTables } from "../store/raw-tables.ts";
import type { KeyLayout, SealedTable } from "./key-layout.ts";
import type { OpenedRow, RowSealer } from "./row-sealer.ts";

/** Rows of one rank are in no order on the disk: so many more are read at first, to have the whole of the last rank. */
const TIES_READ = 8;

/** A range over the rows of one sealer. Whole: exactly the rows of the query. */
export interface StoredRange {
  readonly bounds: RangeBounds;
  readonly isWhole: boolean;
}

/** Undefined if no key can match. */
export function storedRange(
  sealer: RowSealer,
  table: SealedTable,
  layout: KeyLayout,
  query: RangeBounds,
): StoredRange | undefined {
  const { prefix = [] } = query;
  const from = query.from === undefined || compareKeys(query.from, prefix) <= 0 ? undefined : query.from;
  if (from !== undefined && !beginsWith(from, prefix)) return undefined;
  const to = query.to;
  const isBeyond = to === undefined || (compareKeys(to, prefix) > 0 && !beginsWith(to, prefix));
  if (!isBeyond && compareKeys(to, prefix) <= 0) return undefined;
  const lower = from && sealer.storedBound(table, layout, from, prefix.length, "from");
  const upper = isBeyond ? undefined : sealer.storedBound(table, layout, to, prefix.length, "to");
  return {
    bounds: {
      prefix: sealer.storedKey(table, layout, prefix),
      ...(lower && { from: lower.key }),
      ...(upper && { to: upper.key }),
    },
    isWhole: lower?.isExact !== false && upper?.isExact !== false,
  };
}

/** The rows of one sealer, in order and cut to the limit. */
export async function openedRange(
  tx: ReadTransaction<RawTables>,
  sealer: RowSealer,
  table: SealedTable,
  layout: KeyLayout,
  query: RangeQuery,
): Promise<readonly OpenedRow[]> {
  const range = storedRange(sealer, table, layout, query);
  const { limit, reverse = false } = query;
  if (range === undefined || limit === 0) return [];
  const free = layout.slice(query.prefix?.length ?? 0);
  // Where names are free, the order on the disk says nothing: all are read.
  if (limit === undefined || free.includes("name")) {
    const rows = await tx.range(table, range.bounds);
    return inOrder(opened(sealer, table, rows), query);
  }
  const rankAt = free.includes("ranked") ? layout.indexOf("ranked") : undefined;
  for (let asked = rankAt === undefined ? limit : limit + TIES_READ; ; asked *= 2) {
    const rows = await tx.range(table, { ...range.bounds, limit: asked, reverse });
    const isAll = rows.length < asked;
    const sure = isAll || rankAt === undefined ? rows : withoutLastRank(rows, rankAt);
    const found = inOrder(opened(sealer, table, sure), query);
    if (isAll || found.length >= limit) return found;
  }
}

/** In the order that was asked for, within the bounds, cut to the limit. */
export function inOrder(rows: readonly OpenedRow[], query: RangeQuery): readonly OpenedRow[] {
  const bounds = toBounds(query);
  const within = rows.filter(({ key }) => bounds.isAfterStart(key) && bounds.isBeforeEnd(key));
  const sorted = within.toSorted((a, b) => compareKeys(a.key, b.key));
  return (query.reverse === true ? sorted.toReversed() : sorted).slice(0, query.limit);
}

interface SealedRow {
  readonly key: Key;
  readonly value: Uint8Array;
}

function opened(sealer: RowSealer, table: SealedTable, rows: readonly SealedRow[]): readonly OpenedRow[] {
  return rows.map(({ key, value }) => sealer.open(table, key, value));
}

/** Without the rows of the last rank, of which more may follow. */
function withoutLastRank(rows: readonly SealedRow[], rankAt: number): readonly SealedRow[] {
  // Generation, the parts before, the rank.
  const rank = rows.at(-1)?.key.slice(0, rankAt + 2) ?? [];
  return rows.filter(({ key }) => !beginsWith(key, rank));
}

function beginsWith(key: Key, prefix: Key): boolean {
  return key.length >= prefix.length && prefix.every((part, at) => key[at] === part);
}
