/**
 * Messages as shown: rows of the timeline in the order of ranks, then what waits in the outbox (PROTOCOL, Order shown).
 */
import { type EntryHeader, MESSAGE_CHANNEL } from "../codec/entry.ts";
import type { ConversationId, DeviceId, ThreadId } from "../codec/ids.ts";
import { MAX_CLOCK_LEAD_MS, timeOfClock } from "../log/hybrid-clock.ts";
import type { ReadTransaction, Row } from "../store/store.ts";
import type { OutboxRow, TimelineRow } from "../store/tables.ts";
import type { MessagesPage, MessageView, PageQuery } from "../views.ts";
import type { CoreContext } from "./core-context.ts";
import { receiptLog } from "./receipts.ts";
import { changeView } from "./change-view.ts";
import { shownNameOf } from "./shown-names.ts";

const MAX_PAGE = 500;
/** Sorts waiting messages behind all ranks, which are hex. */
const PENDING_MARK = "~";
/** Everything from here on waits in the outbox or does not exist. */
const END_OF_ORDER = PENDING_MARK;

/**
 * Place in the display order: rank, then device, then seq. Compares as a string. Log and conversation at the end keep apart what
 * one device wrote in two of them within one tick of its clock.
 */
export function orderOf(rank: string, header: EntryPlace): string {
  const { device, seq, channel, conversation } = header;
  return `${rank}${device}${hexOf(seq, 8)}${hexOf(channel, 2)}${conversation.slice(0, 8)}`;
}

/** An entry stands where its rank is; a message that its reader may have had before, where it was when it was written. */
export function shownRank(rank: string, content: { readonly rank?: string }): string {
  return content.rank !== undefined && content.rank < rank ? content.rank : rank;
}

/** Whether an order is that of an entry in a message log, which read marks are about. */
export function isOfMessageLog(order: string): boolean {
  return order.slice(CHANNEL_AT, CHANNEL_AT + 2) === hexOf(MESSAGE_CHANNEL, 2);
}

/** Behind 16 digits of rank, 32 of the device and 8 of seq. */
const CHANNEL_AT = 56;

type EntryPlace = Pick<EntryHeader, "device" | "seq" | "channel" | "conversation">;

function hexOf(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}

function pendingOrder(number: number): string {
  return `${PENDING_MARK}${hexOf(number, 12)}`;
}

/** A time that another device stated, as shown: never in the future. */
function clampTime(timeMs: number, nowMs: number): number {
  return Math.min(timeMs, nowMs);
}

/** When an entry took its place, as shown: its clock, or the present if that clock runs ahead. */
function orderedTime(clock: string, nowMs: number): number {
  const time = timeOfClock(clock);
  return time > nowMs + MAX_CLOCK_LEAD_MS ? nowMs : Math.min(time, nowMs);
}

export function messageView(core: CoreContext, order: string, row: TimelineRow): MessageView {
  const { directory } = core;
  const isOwn = row.author === directory.identity?.account;
  const change = changeView(core, row);
  return {
    id: row.id,
    order,
    author: row.author,
    authorName: shownNameOf(core, row.author),
    isOwn,
    kind: row.kind,
    ...(change === undefined ? {} : { change }),
    text: row.text,
    writtenAt: row.writtenAt,
    orderedAt: row.orderedAt,
    isLate: row.isLate,
    isPending: false,
    ...(isOwn && change === undefined ? { log: receiptLog(row.conversation, row.device), seq: row.seq } : {}),
  };
}

export function pendingView(core: CoreContext, number: number, row: OutboxRow): MessageView {
  return {
    id: row.id,
    order: pendingOrder(number),
    author: core.directory.self.account,
    authorName: "",
    isOwn: true,
    kind: "text",
    text: row.text,
    writtenAt: row.writtenAt,
    orderedAt: row.writtenAt,
    isLate: false,
    isPending: true,
    ...(row.isLeft === true ? { carriers: core.receipts.carriersOfLetter(row.id) } : {}),
  };
}

/** Loads a page in display order. */
export async function readPage(core: CoreContext, thread: ThreadId, query: PageQuery): Promise<MessagesPage> {
  const limit = Math.max(1, Math.min(query.limit, MAX_PAGE));
  return core.store.read(["timeline", "outbox", "threads"], async (tx) => {
    const readUpTo = (await tx.get("threads", [thread]))?.readUpTo ?? "";
    const { rows, hasOlder, hasNewer } = await pageRows(tx, thread, query, limit, readUpTo);
    const pending = hasNewer ? [] : await tx.range("outbox", { prefix: [thread] });
    const messages = [
      ...rows.map(({ key, value }) => messageView(core, String(key[1]), value)),
      ...pending.map(({ key, value }) => pendingView(core, Number(key[1]), value)),
    ];
    return { messages, hasOlder, hasNewer, receipts: core.receipts.viewOf(thread), readUpTo };
  });
}

interface PageRows {
  readonly rows: readonly Row<"timeline">[];
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
}

async function pageRows(
  tx: ReadTransaction,
  thread: ThreadId,
  query: PageQuery,
  limit: number,
  readUpTo: string,
): Promise<PageRows> {
  switch (query.at) {
    case "newest": {
      const older = await rowsBefore(tx, thread, END_OF_ORDER, limit);
      return { ...older, hasNewer: false };
    }
    case "before": {
      const older = await rowsBefore(tx, thread, query.order, limit);
      return { ...older, hasNewer: true };
    }
    case "after": {
      const newer = await rowsAfter(tx, thread, query.order, limit);
      return { ...newer, hasOlder: true };
    }
    case "unread": {
      const unread = await rowsAfter(tx, thread, readUpTo, limit);
      const older = await rowsBefore(
        tx,
        thread,
        unread.rows[0] === undefined ? END_OF_ORDER : justAfter(readUpTo),
        limit,
      );
      return { rows: [...older.rows, ...unread.rows], hasOlder: older.hasOlder, hasNewer: unread.hasNewer };
    }
  }
}

async function rowsBefore(tx: ReadTransaction, thread: ThreadId, order: string, limit: number) {
  const found = await tx.range("timeline", { prefix: [thread], to: [thread, order], reverse: true, limit: limit + 1 });
  const rows = found.slice(0, limit).toReversed();
  return { rows, hasOlder: found.length > limit };
}

async function rowsAfter(tx: ReadTransaction, thread: ThreadId, order: string, limit: number) {
  const found = await tx.range("timeline", { prefix: [thread], from: [thread, justAfter(order)], limit: limit + 1 });
  return { rows: found.slice(0, limit), hasNewer: found.length > limit };
}

/** The smallest string after this one. */
export function justAfter(order: string): string {
  return `${order}\u0000`;
}

/** Builds the row of an entry that is shown. */
export function timelineRow(input: {
  readonly id: string;
  readonly conversation: ConversationId;
  readonly author: TimelineRow["author"];
  readonly device: DeviceId;
  readonly seq: number;
  readonly kind: TimelineRow["kind"];
  readonly text: string;
  readonly writtenAt: number | undefined;
  readonly clock: string;
  readonly now: number;
  readonly isLate: boolean;
}): TimelineRow {
  const { clock, now, writtenAt, ...rest } = input;
  const orderedAt = orderedTime(clock, now);
  return { ...rest, orderedAt, writtenAt: clampTime(writtenAt ?? orderedAt, now) };
}
