/** Own messages as entries: what the outbox has, sealed on what the conversation holds, and put with its row of the timeline. */
import { MESSAGE_CHANNEL, MESSAGE_KIND } from "../codec/entry.ts";
import type { ConversationId, ThreadId } from "../codec/ids.ts";
import { APPEND_TABLES, type Ground, putEntries, readGround, type SealedEntry, sealEntry } from "../log/append.ts";
import { sizeOf } from "../log/entry.ts";
import { EMPTY_LOG, logName } from "../log/log-state.ts";
import { inSlices } from "../log/slices.ts";
import type { WriteTransaction } from "../store/store.ts";
import type { LogRow, OutboxRow, ThreadRow, TimelineRow } from "../store/tables.ts";
import { encodeText } from "./content.ts";
import type { CoreContext } from "./core-context.ts";
import { type Pending, readPending } from "./directory.ts";
import { readThread } from "./thread-rows.ts";
import { orderOf, timelineRow } from "./timeline.ts";

export const SEAL_TABLES = ["timeline", "threads", "outbox", ...APPEND_TABLES] as const;
/** What becomes entries in one transaction: as much as others take as one batch. */
const FLUSH_MESSAGES = 256;
const FLUSH_BYTES = 192 * 1024;

export interface SealedMessage {
  readonly entry: SealedEntry;
  readonly order: string;
  readonly row: TimelineRow;
}

export function sealMessage(
  core: CoreContext,
  conversation: ConversationId,
  ground: Ground,
  outboxRow: OutboxRow,
): SealedMessage {
  const self = core.directory.self;
  const now = core.clock.now();
  const content = encodeText(outboxRow);
  const draft = { conversation, channel: MESSAGE_CHANNEL, kind: MESSAGE_KIND.content, content };
  const entry = sealEntry(core.suite, now, self, draft, ground);
  const { seq, device, clock } = entry.header;
  const row = timelineRow({
    id: outboxRow.id,
    conversation,
    author: self.account,
    device,
    seq,
    kind: "text",
    text: outboxRow.text,
    writtenAt: outboxRow.writtenAt,
    clock,
    now,
    isLate: false,
  });
  return { entry, order: orderOf(entry.rank, entry.header), row };
}

export function putSealed(tx: WriteTransaction, thread: ThreadId, sealed: readonly SealedMessage[]): void {
  putEntries(
    tx,
    sealed.map(({ entry }) => entry),
    orderOf,
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
 * finds out whether the log and the outbox are still what was signed on. Undefined if they are not: nothing was stored then.
 */
export async function flushOutbox(
  core: CoreContext,
  thread: ThreadId,
  conversation: ConversationId,
  threadRowOf: (held: ThreadRow, sealed: readonly SealedMessage[]) => ThreadRow,
): Promise<Flushed | undefined> {
  const { rows, ground } = await core.store.read(["outbox", ...APPEND_TABLES], async (tx) => {
    const [first, read] = await Promise.all([
      tx.range("outbox", { prefix: [thread], limit: FLUSH_MESSAGES }),
      readGround(tx, conversation),
    ]);
    return { rows: first, ground: read };
  });
  const { device } = core.directory.self;
  const before = ground.logs.get(logName(device, MESSAGE_CHANNEL))?.row ?? EMPTY_LOG;
  const sealed: SealedMessage[] = [];
  let bytes = 0;
  await inSlices(core.clock, rows, ({ value }) => {
    if (bytes >= FLUSH_BYTES) return;
    const message = sealMessage(core, conversation, ground, value);
    sealed.push(message);
    bytes += sizeOf(message.entry.parts);
  });
  const end = Number(rows[sealed.length - 1]?.key[1] ?? 0) + 1;

  return core.store.write(SEAL_TABLES, "strict", async (tx) => {
    const range = { prefix: [thread], to: [thread, end] };
    const [own, waiting, held] = await Promise.all([
      tx.get("logs", [conversation, device, MESSAGE_CHANNEL]),
      tx.count("outbox", range),
      readThread(tx, thread, core.clock.now()),
    ]);
    if (!isSame(own ?? EMPTY_LOG, before) || waiting !== sealed.length) return undefined;
    putSealed(tx, thread, sealed);
    tx.deleteRange("outbox", range);
    const threadRow = threadRowOf(held, sealed);
    tx.put("threads", [thread], threadRow);
    return { sealed, threadRow, pending: await readPending(tx, thread) };
  });
}

function isSame(now: LogRow, before: LogRow): boolean {
  return now.height === before.height && now.head === before.head;
}
