/** What was read here: the thread's own mark, and the signed statement by which authors learn it. */
import { MESSAGE_CHANNEL } from "../codec/entry.ts";
import type { ConversationId, DeviceId, ThreadId } from "../codec/ids.ts";
import { readLogs } from "../log/log-state.ts";
import type { ReadTransaction } from "../store/store.ts";
import type { ReadRow, ThreadRow } from "../store/tables.ts";
import type { CoreContext } from "./core-context.ts";
import { encodeSealedRead } from "./sealed-read.ts";
import type { ReadMark } from "./statements.ts";
import { updateThread } from "./thread-rows.ts";
import { isOfMessageLog, justAfter } from "./timeline.ts";

/** More unread messages than this are counted as this many. */
const MAX_UNREAD_COUNTED = 1000;

export interface NewRead {
  readonly conversation: ConversationId;
  readonly bytes: Uint8Array;
}

/**
 * Everything up to `order` was read: moves the read mark forward, and counts what had arrived above it. Resolves with the
 * statements to hand out; none when nothing was new.
 */
export async function markRead(core: CoreContext, thread: ThreadId, order: string): Promise<readonly NewRead[]> {
  const { directory, clock } = core;
  const { device, account } = directory.self;
  const held = directory.threads.get(thread);
  if (held === undefined || firstUnread(held) > order) return [];
  const stored = await core.store.write(["threads", "timeline", "reads", "logs", "entries"], "relaxed", async (tx) => {
    const row = await tx.get("threads", [thread]);
    if (row === undefined || firstUnread(row) > order) return undefined;
    const from = [thread, firstUnread(row)];
    const read = await tx.range("timeline", { prefix: [thread], from, to: [thread, justAfter(order)] });
    const last = read.at(-1);
    if (last === undefined) return undefined;
    const marks = new Map<ConversationId, Map<DeviceId, number>>();
    for (const { key, value } of read) {
      if (value.author === account || !isOfMessageLog(String(key[1]))) continue;
      let ofConversation = marks.get(value.conversation);
      if (ofConversation === undefined) marks.set(value.conversation, (ofConversation = new Map<DeviceId, number>()));
      ofConversation.set(value.device, Math.max(ofConversation.get(value.device) ?? 0, value.seq));
    }
    const statements: { conversation: ConversationId; row: ReadRow }[] = [];
    for (const [conversation, added] of marks) {
      const earlier = await tx.get("reads", [conversation, device]);
      const merged = mergeMarks(earlier?.marks ?? [], added);
      if (earlier !== undefined && isSame(earlier.marks, merged)) continue;
      const statement = await sealRead(core, tx, conversation, (earlier?.number ?? 0) + 1, merged);
      tx.put("reads", [conversation, device], statement);
      statements.push({ conversation, row: statement });
    }
    const readUpTo = [row.readUpTo, String(last.key[1])].reduce((a, b) => (a > b ? a : b));
    const unread = await unreadAfter(core, tx, thread, order, row.readUpTo);
    const threadRow = await updateThread(tx, thread, clock.now(), (current) => ({
      ...current,
      readUpTo,
      unread: unread.length,
      unreadAbove: unread.find((unreadOrder) => unreadOrder <= readUpTo) ?? "",
    }));
    return { threadRow, statements };
  });
  if (stored === undefined) return [];
  directory.threads.set(thread, stored.threadRow);
  for (const { conversation, row } of stored.statements) core.receipts.putRead(conversation, device, row);
  core.threadChanged(thread);
  return stored.statements
    .filter(({ row }) => row.bytes.length > 0)
    .map(({ conversation, row }) => ({ conversation, bytes: row.bytes }));
}

/** How far back in a log a message is looked for that was opened: behind it may stand what only a newer version can read. */
const LOOK_BACK = 64;

/** Sealed with the newest message that can be read here, which tells no more than the clock of this device does. */
async function sealRead(
  core: CoreContext,
  tx: ReadTransaction,
  conversation: ConversationId,
  number: number,
  marks: readonly ReadMark[],
): Promise<ReadRow> {
  const { device: self, logSeed } = core.directory.self;
  const logs = [...(await readLogs(tx, conversation)).values()]
    .filter(({ channel, row }) => channel === MESSAGE_CHANNEL && row.opened > 0)
    .toSorted((a, b) => (a.row.headRank > b.row.headRank ? -1 : 1));
  for (const { device, row } of logs) {
    for (let seq = row.opened; seq > Math.max(row.base, row.opened - LOOK_BACK); seq -= 1) {
      const entry = await tx.get("entries", [conversation, device, MESSAGE_CHANNEL, seq]);
      if (entry?.opening === undefined) continue;
      const read = { conversation, device: self, number, marks };
      const bytes = encodeSealedRead(core.suite, logSeed, read, { device, seq }, entry.opening);
      return { number, marks, bytes, seal: "opened" };
    }
  }
  // Nobody could read any of it: there is nothing to seal with, and nobody to tell.
  return { number, marks, bytes: new Uint8Array(0), seal: "opened" };
}

/** No unread message stands before this order. */
function firstUnread(row: ThreadRow): string {
  return row.unreadAbove === undefined || row.unreadAbove === "" ? justAfter(row.readUpTo) : row.unreadAbove;
}

/**
 * Orders of messages after `order` that the read statements of this device do not cover. Those are about message logs only; what
 * stands in other logs counts as read up to where the screen has been.
 */
async function unreadAfter(
  core: CoreContext,
  tx: ReadTransaction,
  thread: ThreadId,
  order: string,
  readUpTo: string,
): Promise<readonly string[]> {
  const { device, account } = core.directory.self;
  const from = [thread, justAfter(order)];
  const rows = await tx.range("timeline", { prefix: [thread], from, limit: MAX_UNREAD_COUNTED });
  const unread: string[] = [];
  const readBy = new Map<ConversationId, readonly ReadMark[]>();
  for (const { key, value } of rows) {
    if (value.author === account || value.kind === "change") continue;
    const place = String(key[1]);
    if (!isOfMessageLog(place)) {
      if (place > readUpTo) unread.push(place);
      continue;
    }
    let marks = readBy.get(value.conversation);
    if (marks === undefined) {
      marks = (await tx.get("reads", [value.conversation, device]))?.marks ?? [];
      readBy.set(value.conversation, marks);
    }
    const isRead = marks.some((mark) => mark.device === value.device && value.seq <= mark.seq);
    if (!isRead) unread.push(place);
  }
  return unread;
}

function isSame(a: readonly ReadMark[], b: readonly ReadMark[]): boolean {
  return (
    a.length === b.length &&
    a.every((mark) => b.some((other) => other.device === mark.device && other.seq === mark.seq))
  );
}

function mergeMarks(earlier: readonly ReadMark[], added: ReadonlyMap<DeviceId, number>): readonly ReadMark[] {
  const merged = new Map(earlier.map((mark) => [mark.device, mark.seq]));
  for (const [device, seq] of added) merged.set(device, Math.max(merged.get(device) ?? 0, seq));
  return [...merged].map(([device, seq]) => ({ device, seq }));
}
