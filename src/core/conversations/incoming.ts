/**
 * Entries and statements from others, after sync moved them here: verified, stored with everything that follows from them in one
 * transaction, opened in causal order, and answered with a new clock of this device.
 */
import { CONTROL_CHANNEL, MESSAGE_CHANNEL } from "../codec/entry.ts";
import { DecodeError } from "../codec/decode-error.ts";
import type { ConversationId, DeviceId, ThreadId } from "../codec/ids.ts";
import { ACCEPT_TABLES, acceptBatch } from "../log/accept.ts";
import { checkBatch } from "../log/check.ts";
import type { Entry, EntryParts } from "../log/entry.ts";
import { logName, type LogState } from "../log/log-state.ts";
import { timeOfClock } from "../log/hybrid-clock.ts";
import type { WriteTransaction } from "../store/store.ts";
import type { ClockRow, PreviewRow, ThreadRow, TimelineRow } from "../store/tables.ts";
import type { MessageView } from "../views.ts";
import type { Content } from "./content.ts";
import type { CoreContext } from "./core-context.ts";
import { type Pending, readPending } from "./directory.ts";
import { contentOf, contentsOf } from "./entry-content.ts";
import { decodeClock, decodeRead, encodeClock, marksOf, verifyClock, verifyRead } from "./statements.ts";
import { readThread, withMessages } from "./thread-rows.ts";
import { messageView, orderOf, timelineRow } from "./timeline.ts";

/** A message is called late when it stands this much above the newest one that was already here. */
const LATE_AFTER_MS = 60_000;

const INCOMING_TABLES = ["timeline", "threads", "clocks", "outbox", ...ACCEPT_TABLES] as const;

export type IncomingResult =
  | {
      readonly kind: "accepted";
      /** Highest seq received of each log, by log name. */
      readonly heights: ReadonlyMap<string, number>;
      /** Entries that were new here; 0: everything was held already. */
      readonly count: number;
      /** Pieces of logs that the batch was made of: each cost a signature check. */
      readonly runs: number;
      /** The new clock of this device, signed; undefined when nothing was new. */
      readonly clock: Uint8Array | undefined;
      /** This device, if entries signed by it were new here: another copy of this profile has written on. */
      readonly rolledBack: DeviceId | undefined;
      /** Tells the screen; the clock is best sent before. */
      announce(): void;
    }
  | { readonly kind: "unlinked" }
  | { readonly kind: "rejected" };

interface Shown {
  readonly order: string;
  readonly row: TimelineRow;
}

export async function acceptEntries(
  core: CoreContext,
  conversation: ConversationId,
  batch: readonly EntryParts[],
): Promise<IncomingResult> {
  const { directory, suite } = core;
  if (!directory.conversations.has(conversation)) return { kind: "rejected" };
  const checked = await checkBatch(suite, core.clock, conversation, batch, (device) =>
    directory.isMemberDevice(conversation, device) ? directory.logKeyOf(device) : undefined,
  );
  if (checked.kind === "rejected") return { kind: "rejected" };
  const contents = await contentsOf(core.clock, checked.runs);
  // Nothing is begun once a deletion has taken its turn.
  const thread = directory.conversations.get(conversation)?.thread;
  if (thread === undefined) return { kind: "unlinked" };

  const heights = new Map<string, number>();
  for (const { device, channel, entries } of checked.runs) {
    heights.set(logName(device, channel), entries.at(-1)?.header.seq ?? 0);
  }
  const ownDevice = directory.self.device;
  const stored = await core.store.write(INCOMING_TABLES, "strict", async (tx) => {
    const shown: Shown[] = [];
    // All first reads are under way at once: a message is as late as its transaction is long.
    const reading = readThread(tx, thread, core.clock.now());
    const heldClock = tx.get("clocks", [conversation, directory.self.device]);
    const [threadRow, result, held] = await Promise.all([
      reading,
      acceptBatch(tx, conversation, checked.runs, async (entry, rank) =>
        showEntry(core, tx, thread, await reading, { entry, rank, content: contents.get(entry) }, shown),
      ),
      heldClock,
    ]);
    if (result.kind === "unlinked" || result.count === 0) return { result, shown };
    const nextRow = noteShown(core, threadRow, shown);
    tx.put("threads", [thread], nextRow);
    const left = await dropSent(core, tx, thread, shown);
    const clock = putOwnClock(core, tx, conversation, result.logs, held?.number ?? 0);
    return { result, shown, nextRow, clock, left };
  });

  if (stored.result.kind === "unlinked") return { kind: "unlinked" };
  if (stored.nextRow !== undefined) directory.threads.set(thread, stored.nextRow);
  if (stored.clock !== undefined) core.receipts.putClock(conversation, directory.self.device, stored.clock);
  if (stored.left !== undefined) directory.pending.set(thread, stored.left.pending);
  noteOwnHeights(core, conversation, stored.result.logs);
  return {
    kind: "accepted",
    heights,
    count: stored.result.count,
    runs: checked.runs.length,
    clock: stored.clock?.bytes,
    announce: () => announce(core, thread, stored.shown, stored.left?.removed ?? []),
    rolledBack: stored.result.grown.has(logName(ownDevice, MESSAGE_CHANNEL)) ? ownDevice : undefined,
  };
}

/** Puts a new clock of this device over the given logs; `heldNumber` is that of the clock it replaces, 0 if there is none. */
export function putOwnClock(
  core: CoreContext,
  tx: WriteTransaction,
  conversation: ConversationId,
  logs: ReadonlyMap<string, LogState>,
  heldNumber: number,
): ClockRow {
  const { device, logSeed } = core.directory.self;
  const number = heldNumber + 1;
  const marks = marksOf(logs);
  const row = { number, marks, bytes: encodeClock(core.suite, logSeed, { conversation, device, number, marks }) };
  tx.put("clocks", [conversation, device], row);
  return row;
}

/** Takes in a signed clock. False when it is not valid; an old one is simply ignored. */
export async function acceptClock(
  core: CoreContext,
  conversation: ConversationId,
  bytes: Uint8Array,
): Promise<boolean> {
  const statement = decoded(() => decodeClock(bytes));
  if (statement === undefined || !isOfMember(core, conversation, statement)) return false;
  if (statement.number <= (core.receipts.clockOf(conversation, statement.device)?.number ?? 0)) return true;
  const logKey = core.directory.logKeyOf(statement.device);
  if (logKey === undefined || !verifyClock(core.suite, logKey, bytes)) return false;
  const { number, marks, device } = statement;
  const row = { number, marks, bytes };
  // The statement is signed and is sent again at every meeting: it may be shown before it is on disk.
  core.receipts.putClock(conversation, device, row);
  receiptsChanged(core, conversation);
  await core.store.write(["clocks"], "relaxed", async (tx) => tx.put("clocks", [conversation, device], row));
  return true;
}

/** Takes in a signed read statement, likewise. */
export async function acceptRead(core: CoreContext, conversation: ConversationId, bytes: Uint8Array): Promise<boolean> {
  const statement = decoded(() => decodeRead(bytes));
  if (statement === undefined || !isOfMember(core, conversation, statement)) return false;
  if (statement.number <= (core.receipts.readOf(conversation, statement.device)?.number ?? 0)) return true;
  const logKey = core.directory.logKeyOf(statement.device);
  if (logKey === undefined || !verifyRead(core.suite, logKey, bytes)) return false;
  const { number, marks, device } = statement;
  const row = { number, marks, bytes };
  core.receipts.putRead(conversation, device, row);
  receiptsChanged(core, conversation);
  await core.store.write(["reads"], "relaxed", async (tx) => tx.put("reads", [conversation, device], row));
  return true;
}

interface OpenedEntry {
  readonly entry: Entry;
  readonly rank: string;
  /** Undefined for one that was stored earlier and had to wait. */
  readonly content: Content | undefined;
}

function showEntry(
  core: CoreContext,
  tx: WriteTransaction,
  thread: ThreadId,
  threadRow: ThreadRow,
  opened: OpenedEntry,
  shown: Shown[],
): string | undefined {
  const { entry, rank } = opened;
  const { header, id } = entry;
  if (header.channel === CONTROL_CHANNEL) return undefined;
  const author = core.directory.accountOfDevice(header.device);
  if (author === undefined) return undefined;
  const content = opened.content ?? contentOf(entry);
  const order = orderOf(rank, header);
  const now = core.clock.now();
  const row = timelineRow({
    id,
    conversation: header.conversation,
    author,
    device: header.device,
    seq: header.seq,
    kind: content.kind,
    text: content.kind === "text" ? content.text : "",
    writtenAt: content.writtenAt,
    clock: header.clock,
    now,
    isLate: isLate(threadRow, order, rank),
  });
  tx.put("timeline", [thread, order], row);
  shown.push({ order, row });
  return order;
}

function isLate(threadRow: ThreadRow, order: string, rank: string): boolean {
  const newest = threadRow.preview?.order;
  return newest !== undefined && order < newest && timeOfClock(newest.slice(0, 16)) - timeOfClock(rank) > LATE_AFTER_MS;
}

function noteShown(core: CoreContext, row: ThreadRow, shown: readonly Shown[]): ThreadRow {
  const own = core.directory.self.account;
  const previews = shown.map(({ order, row: message }): PreviewRow => ({
    order,
    text: message.text,
    isOwn: message.author === own,
    at: message.writtenAt,
    kind: message.kind,
  }));
  const unread = shown.filter(({ row: message }) => message.author !== own);
  const unreadAbove = unread
    .map(({ order }) => order)
    .filter((order) => order <= row.readUpTo)
    .reduce((first, order) => (first === "" || order < first ? order : first), row.unreadAbove ?? "");
  return shown.length === 0 ? row : { ...withMessages(row, core.clock.now(), previews, unread.length), unreadAbove };
}

function noteOwnHeights(core: CoreContext, conversation: ConversationId, logs: ReadonlyMap<string, LogState>): void {
  for (const { device, channel, row } of logs.values()) {
    if (channel === MESSAGE_CHANNEL && core.directory.isOwnDevice(device)) {
      core.receipts.noteOwnHeight(conversation, device, row.height);
    }
  }
}

/**
 * An old copy of this profile can still have in its outbox what had left already: when own entries come back from a peer, the
 * messages that became them are taken out, so that they are not sent twice.
 */
async function dropSent(
  core: CoreContext,
  tx: WriteTransaction,
  thread: ThreadId,
  shown: readonly Shown[],
): Promise<{ readonly removed: readonly string[]; readonly pending: Pending } | undefined> {
  const own = shown.filter(({ row }) => row.author === core.directory.self.account);
  if (own.length === 0) return undefined;
  const removed: string[] = [];
  for (const { key, value } of await tx.range("outbox", { prefix: [thread] })) {
    const hasLeft = own.some(({ row }) => row.text === value.text && row.writtenAt === value.writtenAt);
    if (!hasLeft) continue;
    tx.delete("outbox", key);
    removed.push(value.id);
  }
  return { removed, pending: await readPending(tx, thread) };
}

function announce(core: CoreContext, thread: ThreadId, shown: readonly Shown[], removed: readonly string[]): void {
  if (shown.length === 0) return;
  const upserts: readonly MessageView[] = shown.map(({ order, row }) => messageView(core, order, row));
  core.emit({ type: "messages", thread, upserts, removed });
  core.threadChanged(thread);
}

function receiptsChanged(core: CoreContext, conversation: ConversationId): void {
  const thread = core.directory.conversations.get(conversation)?.thread;
  if (thread === undefined) return;
  core.emit({ type: "receipts", thread, receipts: core.receipts.viewOf(thread) });
  core.threadChanged(thread);
}

function isOfMember(
  core: CoreContext,
  conversation: ConversationId,
  statement: { readonly conversation: ConversationId; readonly device: DeviceId },
): boolean {
  return statement.conversation === conversation && core.directory.isMemberDevice(conversation, statement.device);
}

function decoded<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
