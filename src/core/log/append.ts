/**
 * Own appends (PROTOCOL, From composer to entry). Head, dependencies and clock are read inside the append transaction, so that
 * no two entries of this device ever share a seq.
 */
import { concatBytes } from "../codec/bytes.ts";
import { type Dependency, encodeHeader, type EntryHeader, MAX_DEPENDENCIES, MAX_SEQ } from "../codec/entry.ts";
import type { ConversationId, DeviceId } from "../codec/ids.ts";
import type { Suite } from "../crypto/suite.ts";
import type { ReadTransaction, WriteTransaction } from "../store/store.ts";
import type { LogRow } from "../store/tables.ts";
import { type Entry, ENTRY_DOMAIN, entryIdOf } from "./entry.ts";
import { nextClock, rankOf } from "./hybrid-clock.ts";
import { EMPTY_LOG, logName, type LogState, readLogs } from "./log-state.ts";

export interface Author {
  readonly device: DeviceId;
  readonly logSeed: Uint8Array;
}

export interface EntryDraft {
  readonly conversation: ConversationId;
  readonly channel: number;
  readonly kind: number;
  readonly content: Uint8Array;
}

export interface AppendedEntry extends Entry {
  readonly rank: string;
}

/** Tables that `appendEntry` needs in its transaction. */
export const APPEND_TABLES = ["logs", "entries"] as const;

export interface AppendOptions {
  /** The logs as `readLogs` gave them in this transaction; kept up to date, so that several appends read them once. */
  readonly logs?: Map<string, LogState>;
  /** Names the timeline order the entry will be shown at, if any. */
  readonly shownAtOf?: (rank: string, header: EntryHeader) => string;
}

/** Appends one entry to the author's own log. */
export async function appendEntry(
  tx: WriteTransaction,
  suite: Suite,
  nowMs: number,
  author: Author,
  draft: EntryDraft,
  options: AppendOptions = {},
): Promise<AppendedEntry> {
  const logs = options.logs ?? (await readLogs(tx, draft.conversation));
  const ownName = logName(author.device, draft.channel);
  const own = logs.get(ownName)?.row ?? EMPTY_LOG;
  if (own.height >= MAX_SEQ) throw new RangeError("the log is full");

  const { dependencies, ranks, dependedOn } = await collectDependencies(tx, draft.conversation, logs, ownName, own);
  const seq = own.height + 1;
  const clock = nextClock(
    nowMs,
    [...logs.values()].map((log) => log.row.headClock),
  );
  const body = concatBytes(suite.random(32), draft.content);
  const bodyHash = suite.hash(body);
  const header: EntryHeader = {
    suite: suite.id,
    conversation: draft.conversation,
    device: author.device,
    channel: draft.channel,
    seq,
    previous: own.head,
    clock,
    dependencies,
    kind: draft.kind,
    epoch: 0,
    generation: 0,
    commitment: bodyHash,
    bodyLength: body.length,
    bodyHash,
  };
  const headerBytes = encodeHeader(header);
  const signature = suite.sign(author.logSeed, ENTRY_DOMAIN, headerBytes);
  const id = entryIdOf(suite, headerBytes, signature);
  const rank = rankOf(clock, seq === 1 ? ranks : [own.headRank, ...ranks]);

  const shownAt = options.shownAtOf?.(rank, header);
  tx.put("entries", [draft.conversation, author.device, draft.channel, seq], {
    id,
    header: headerBytes,
    signature,
    body,
    rank,
    ...(shownAt === undefined ? {} : { shownAt }),
  });
  const row: LogRow = {
    base: own.base,
    height: seq,
    head: id,
    opened: seq,
    verified: seq,
    headClock: clock,
    headRank: rank,
    dependedOn,
  };
  tx.put("logs", [draft.conversation, author.device, draft.channel], row);
  logs.set(ownName, { device: author.device, channel: draft.channel, row });
  return { id, header, parts: { header: headerBytes, signature, body }, rank };
}

/** The heads of the other logs that were opened since the newest own entry. */
async function collectDependencies(
  tx: ReadTransaction,
  conversation: ConversationId,
  logs: ReadonlyMap<string, LogState>,
  ownName: string,
  own: LogRow,
): Promise<{ dependencies: Dependency[]; ranks: string[]; dependedOn: Record<string, number> }> {
  const dependencies: Dependency[] = [];
  const ranks: string[] = [];
  const dependedOn: Record<string, number> = { ...own.dependedOn };
  for (const [name, { device, channel, row }] of logs) {
    if (name === ownName || row.opened <= (dependedOn[name] ?? 0)) continue;
    if (dependencies.length === MAX_DEPENDENCIES) break;
    const head =
      row.opened === row.height ? row.head : (await tx.get("entries", [conversation, device, channel, row.opened]))?.id;
    if (head === undefined) continue;
    dependencies.push({ device, channel, seq: row.opened, idPrefix: head.slice(0, 16) });
    ranks.push(row.headRank);
    dependedOn[name] = row.opened;
  }
  return { dependencies, ranks, dependedOn };
}
