/** Own messages as entries: what the outbox has, sealed on what the conversation holds, and put with its row of the timeline. */
import { MESSAGE_CHANNEL } from "../codec/entry.ts";
import type { ConversationId, ThreadId } from "../codec/ids.ts";
import { type Hindrance, Sealer } from "../epochs/seal.ts";
import { APPEND_TABLES, putEntries, type SealedEntry } from "../log/append.ts";
import { sizeOf } from "../log/entry.ts";
import { MAX_CLOCK_LEAD_MS, timeOfClock } from "../log/hybrid-clock.ts";
import { EMPTY_LOG, logName } from "../log/log-state.ts";
import { inSlices } from "../log/slices.ts";
import type { ReadTransaction, WriteTransaction } from "../store/store.ts";
import type { LogRow, OutboxRow, ThreadRow, TimelineRow } from "../store/tables.ts";
import { encodeText } from "./content.ts";
import type { CoreContext } from "./core-context.ts";
import { type Pending, readPending } from "./directory.ts";
import { readThread } from "./thread-rows.ts";
import { orderOf, shownRank, timelineRow } from "./timeline.ts";

export const SEAL_TABLES = ["timeline", "threads", "outbox", "sendings", ...APPEND_TABLES] as const;
/** What becomes entries in one transaction: as much as others take as one batch. */
const FLUSH_MESSAGES = 256;
const FLUSH_BYTES = 192 * 1024;

export interface SealedMessage {
  readonly entry: SealedEntry;
  readonly order: string;
  readonly row: TimelineRow;
}

export function sealerFor(core: CoreContext, tx: ReadTransaction, conversation: ConversationId): Promise<Sealer> {
  return Sealer.read(tx, core.suite, core.directory.rosterOf(conversation), core.keys, conversation);
}

export function sealMessage(
  core: CoreContext,
  conversation: ConversationId,
  sealer: Sealer,
  outboxRow: OutboxRow,
): SealedMessage | Hindrance {
  const { text, writtenAt, rank, isLeft } = outboxRow;
  const now = core.clock.now();
  const content = isLeft === true && rank !== undefined ? { text, writtenAt, rank } : { text, writtenAt };
  const entry = sealer.seal(notBefore(now, rank), encodeText(content));
  if (typeof entry === "string") return entry;
  const { seq, device, clock } = entry.header;
  const row = timelineRow({
    id: outboxRow.id,
    conversation,
    author: core.directory.self.account,
    device,
    seq,
    kind: "text",
    text,
    writtenAt,
    clock,
    now,
    isLate: false,
  });
  return { entry, order: orderOf(shownRank(entry.rank, content), entry.header), row };
}

/** What was shown when it was written stands before it, by somebody's clock that is a little ahead of ours. */
function notBefore(now: number, rank: string | undefined): number {
  const writtenAt = rank === undefined ? 0 : timeOfClock(rank) + 1;
  return writtenAt <= now + MAX_CLOCK_LEAD_MS ? Math.max(now, writtenAt) : now;
}

/** Entries, chain and timeline. */
export function putSealed(
  tx: WriteTransaction,
  thread: ThreadId,
  sealer: Sealer,
  sealed: readonly SealedMessage[],
): void {
  sealer.putChain(tx);
  const orderBySeq = new Map(sealed.map(({ entry, order }) => [entry.header.seq, order]));
  putEntries(
    tx,
    sealed.map(({ entry }) => entry),
    (rank, header) => orderBySeq.get(header.seq) ?? orderOf(rank, header),
  );
  for (const { order, row } of sealed) tx.put("timeline", [thread, order], row);
}

export interface Flushed {
  readonly sealed: readonly SealedMessage[];
  readonly threadRow: ThreadRow;
  readonly pending: Pending;
}

/**
 * Turns the first messages that wait into entries. Signing takes long, so it is done in slices between two transactions; the second
 * finds out whether the log, the chain and the outbox are still what was signed on. `flushed` is undefined if nothing was stored;
 * `hindrance` says what keeps the next message from being sealed.
 */
export async function flushOutbox(
  core: CoreContext,
  thread: ThreadId,
  conversation: ConversationId,
  threadRowOf: (held: ThreadRow, sealed: readonly SealedMessage[]) => ThreadRow,
): Promise<{ readonly flushed?: Flushed | undefined; readonly hindrance?: Hindrance | undefined }> {
  const { rows, sealer } = await core.store.read(["outbox", "sendings", ...APPEND_TABLES], async (tx) => {
    const [first, read] = await Promise.all([
      tx.range("outbox", { prefix: [thread], limit: FLUSH_MESSAGES }),
      sealerFor(core, tx, conversation),
    ]);
    return { rows: first, sealer: read };
  });
  const { device } = core.directory.self;
  const before = sealer.ground.logs.get(logName(device, MESSAGE_CHANNEL))?.row ?? EMPTY_LOG;
  const sealed: SealedMessage[] = [];
  let hindrance: Hindrance | undefined;
  let bytes = 0;
  await inSlices(core.clock, rows, ({ value }) => {
    if (bytes >= FLUSH_BYTES || hindrance !== undefined) return;
    const message = sealMessage(core, conversation, sealer, value);
    if (typeof message === "string") {
      hindrance = message;
      return;
    }
    sealed.push(message);
    bytes += sizeOf(message.entry.parts);
  });
  if (sealed.length === 0 && hindrance !== undefined) return { hindrance };
  const end = Number(rows[sealed.length - 1]?.key[1] ?? 0) + 1;

  const flushed = await core.store.write(SEAL_TABLES, "strict", async (tx) => {
    const range = { prefix: [thread], to: [thread, end] };
    const [own, waiting, held, isCurrent] = await Promise.all([
      tx.get("logs", [conversation, device, MESSAGE_CHANNEL]),
      tx.count("outbox", range),
      readThread(tx, thread, core.clock.now()),
      sealer.isCurrent(tx),
    ]);
    if (!isSame(own ?? EMPTY_LOG, before) || waiting !== sealed.length || !isCurrent) return undefined;
    putSealed(tx, thread, sealer, sealed);
    tx.deleteRange("outbox", range);
    const threadRow = threadRowOf(held, sealed);
    tx.put("threads", [thread], threadRow);
    return { sealed, threadRow, pending: await readPending(tx, thread) };
  });
  return { flushed, hindrance };
}

function isSame(now: LogRow, before: LogRow): boolean {
  return now.height === before.height && now.head === before.head;
}
