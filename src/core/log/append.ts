/**
 * Own appends (PROTOCOL, From composer to entry). The head an entry is sealed on is read, or looked at again, inside the transaction
 * that puts it, so that no two entries of this device ever share a seq.
 */
import {
  type Dependency,
  encodeHeader,
  encodeHeaderPrefix,
  type EntryHeader,
  type HeaderPrefix,
  MAX_DEPENDENCIES,
  MAX_SEQ,
} from "../codec/entry.ts";
import type { ConversationId, DeviceId, EntryId } from "../codec/ids.ts";
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
  /** 0 if left out. */
  readonly epoch?: number;
  readonly generation?: number;
  /** In clear, or sealed once the rest of the header is known. */
  readonly content: Uint8Array | SealedContent;
}

/** Content whose body is bound to the header up to the commitment. */
export interface SealedContent {
  seal(headerPrefix: Uint8Array): {
    readonly body: Uint8Array;
    readonly commitment: Uint8Array;
    /** What the body was sealed from, for this device to keep. */
    readonly opening: Uint8Array;
  };
}

export interface SealedEntry extends Entry {
  readonly rank: string;
  /** The own log once this entry is its head. */
  readonly row: LogRow;
  /** What a sealed body was made from, for this device to keep. */
  readonly opening?: Uint8Array | undefined;
}

/** What entries are sealed on. Each one moves its own log on here, so that the next one follows it. */
export interface Ground {
  readonly logs: Map<string, LogState>;
  /** Ids of the newest opened entries of logs whose head is not opened yet, by log name. */
  readonly openedHeads: ReadonlyMap<string, EntryId>;
}

/** Tables that `readGround` and `appendEntry` need in their transactions. */
export const APPEND_TABLES = ["logs", "entries"] as const;

export async function readGround(tx: ReadTransaction, conversation: ConversationId): Promise<Ground> {
  const logs = await readLogs(tx, conversation);
  const openedHeads = new Map<string, EntryId>();
  for (const [name, { device, channel, row }] of logs) {
    if (row.opened === row.height || row.opened === 0) continue;
    const entry = await tx.get("entries", [conversation, device, channel, row.opened]);
    if (entry !== undefined) openedHeads.set(name, entry.id);
  }
  return { logs, openedHeads };
}

/** Appends one entry to the author's own log. */
export async function appendEntry(
  tx: WriteTransaction,
  suite: Suite,
  nowMs: number,
  author: Author,
  draft: EntryDraft,
  shownAtOf?: (rank: string, header: EntryHeader) => string,
): Promise<SealedEntry> {
  const sealed = sealEntry(suite, nowMs, author, draft, await readGround(tx, draft.conversation));
  putEntries(tx, [sealed], shownAtOf);
  return sealed;
}

/** Makes and signs the next entry of the author's own log. Takes about half a millisecond. */
export function sealEntry(suite: Suite, nowMs: number, author: Author, draft: EntryDraft, ground: Ground): SealedEntry {
  const { logs } = ground;
  const ownName = logName(author.device, draft.channel);
  const own = logs.get(ownName)?.row ?? EMPTY_LOG;
  if (own.height >= MAX_SEQ) throw new RangeError("the log is full");

  const { dependencies, ranks, dependedOn } = collectDependencies(ground, ownName, own);
  const seq = own.height + 1;
  const clock = nextClock(
    nowMs,
    [...logs.values()].map((log) => log.row.headClock),
  );
  const { content } = draft;
  const prefix: HeaderPrefix = {
    suite: suite.id,
    conversation: draft.conversation,
    device: author.device,
    channel: draft.channel,
    seq,
    previous: own.head,
    clock,
    dependencies,
    kind: draft.kind,
    epoch: draft.epoch ?? 0,
    generation: draft.generation ?? 0,
  };
  const { body, ...sealed } = "seal" in content ? content.seal(encodeHeaderPrefix(prefix)) : { body: content };
  const bodyHash = suite.hash(body);
  const { commitment, opening } = { commitment: bodyHash, opening: undefined, ...sealed };
  const header: EntryHeader = { ...prefix, commitment, bodyLength: body.length, bodyHash };
  const headerBytes = encodeHeader(header);
  const signature = suite.sign(author.logSeed, ENTRY_DOMAIN, headerBytes);
  const id = entryIdOf(suite, headerBytes, signature);
  const rank = rankOf(clock, seq === 1 ? ranks : [own.headRank, ...ranks]);
  // Own entries that came back from others and wait: this one follows them in opening as well. The device is about to be replaced.
  const waits = own.opened < own.height;
  const row: LogRow = {
    base: own.base,
    height: seq,
    head: id,
    opened: waits ? own.opened : seq,
    verified: seq,
    headClock: clock,
    headRank: waits ? own.headRank : rank,
    dependedOn,
  };
  logs.set(ownName, { device: author.device, channel: draft.channel, row });
  return { id, header, parts: { header: headerBytes, signature, body }, rank, row, opening };
}

/** Puts consecutive entries of one own log. `shownAtOf` names the place in the timeline where one will be shown, if any. */
export function putEntries(
  tx: WriteTransaction,
  entries: readonly SealedEntry[],
  shownAtOf?: (rank: string, header: EntryHeader) => string,
): void {
  for (const { id, header, parts, rank, row, opening } of entries) {
    const shownAt = shownAtOf?.(rank, header);
    tx.put("entries", [header.conversation, header.device, header.channel, header.seq], {
      id,
      ...parts,
      rank: row.opened < header.seq ? "" : rank,
      ...(opening === undefined ? {} : { opening }),
      ...(shownAt === undefined ? {} : { shownAt }),
    });
  }
  const last = entries.at(-1);
  if (last === undefined) return;
  const { conversation, device, channel } = last.header;
  tx.put("logs", [conversation, device, channel], last.row);
}

/** The heads of the other logs that were opened since the newest own entry. */
function collectDependencies(
  { logs, openedHeads }: Ground,
  ownName: string,
  own: LogRow,
): { dependencies: Dependency[]; ranks: string[]; dependedOn: Record<string, number> } {
  const dependencies: Dependency[] = [];
  const ranks: string[] = [];
  const dependedOn: Record<string, number> = { ...own.dependedOn };
  for (const [name, { device, channel, row }] of logs) {
    if (name === ownName || row.opened <= (dependedOn[name] ?? 0)) continue;
    if (dependencies.length === MAX_DEPENDENCIES) break;
    const head = row.opened === row.height ? row.head : openedHeads.get(name);
    if (head === undefined) continue;
    dependencies.push({ device, channel, seq: row.opened, idPrefix: head.slice(0, 16) });
    ranks.push(row.headRank);
    dependedOn[name] = row.opened;
  }
  return { dependencies, ranks, dependedOn };
}
