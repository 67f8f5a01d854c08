/**
 * Early copies of messages in the timeline (PROTOCOL, Letters): each stands where it was when it was written, as the entry that it becomes will,
 * which takes its place.
 */
import { decodeHeader, MESSAGE_CHANNEL } from "../codec/entry.ts";
import type { AccountId, ConversationId, DeviceId, ThreadId } from "../codec/ids.ts";
import { readOpening } from "../crypto/message-body.ts";
import type { Suite } from "../crypto/suite.ts";
import { MAX_CLOCK_LEAD_MS, nextClock, rankOf, timeOfClock, ZERO_CLOCK } from "../log/hybrid-clock.ts";
import type { ReadTransaction } from "../store/store.ts";
import type { TimelineRow } from "../store/tables.ts";
import { decodeContent, type TextContent } from "./content.ts";
import type { Shown } from "./reader.ts";
import { timelineRow } from "./timeline.ts";

/** Of no log: read marks do not name letters. */
const LETTER_CHANNEL = "ff";
/** Messages of one rank. */
const MAX_ALIKE = 64;
/** A letter is held against so many of the newest messages, should its author's clock have gone back before it became an entry. */
const COMPARED_ROWS = 100;

export interface EarlyCopy {
  readonly id: string;
  readonly rank: string;
  readonly content: TextContent;
}

export interface LetterAuthor {
  readonly account: AccountId;
  readonly device: DeviceId;
}

export function isLetter({ kind, seq }: TimelineRow): boolean {
  return kind === "text" && seq === 0;
}

/** The letter of this message. An old copy of a profile may not know that one has left, and state no rank: then it is that of text and time. */
export async function letterOf(
  tx: ReadTransaction,
  thread: ThreadId,
  author: AccountId,
  { rank, text, writtenAt }: TextContent,
): Promise<Shown | undefined> {
  if (rank !== undefined) return (await ranked(tx, thread, author, rank)).find(({ row }) => isLetter(row));
  const from = [thread, nextClock(writtenAt, [])];
  const rows = await tx.range("timeline", { prefix: [thread], from, limit: MAX_ALIKE });
  const found = rows.find(
    ({ value }) => isLetter(value) && value.author === author && value.text === text && value.writtenAt === writtenAt,
  );
  return found && { order: String(found.key[1]), row: found.value };
}

/** Rows for those letters that are not here yet, neither as such nor as the entries that they became. */
export async function newLetters(
  tx: ReadTransaction,
  suite: Suite,
  place: { readonly conversation: ConversationId; readonly thread: ThreadId; readonly now: number },
  author: LetterAuthor,
  copies: readonly EarlyCopy[],
): Promise<readonly Shown[]> {
  const { conversation, thread, now } = place;
  const newest = await tx.range("timeline", { prefix: [thread], reverse: true, limit: COMPARED_ROWS });
  const rows = newest.map(({ value }) => value).filter((row) => row.author === author.account && row.kind === "text");
  const shown: Shown[] = [];
  for (const { id, rank, content } of copies) {
    const { text, writtenAt } = content;
    // One from the future would stand below everything for so long.
    if (timeOfClock(rank) > now + MAX_CLOCK_LEAD_MS) continue;
    if ((await ranked(tx, thread, author.account, rank)).length > 0) continue;
    if (await isThere(tx, suite, rows, content)) continue;
    const row = timelineRow({
      // An author chooses ids: those of others are not among them.
      id: `${author.account.slice(0, 32)}${id}`,
      conversation,
      author: author.account,
      device: author.device,
      seq: 0,
      kind: "text",
      text,
      writtenAt,
      clock: rank,
      now,
      isLate: false,
    });
    // As of an entry, with the letter's id in place of the device.
    shown.push({ order: `${rank}${id}00000000${LETTER_CHANNEL}${conversation.slice(0, 8)}`, row });
  }
  return shown;
}

/** What this author has written at this rank. */
async function ranked(
  tx: ReadTransaction,
  thread: ThreadId,
  author: AccountId,
  rank: string,
): Promise<readonly Shown[]> {
  const range = { prefix: [thread], from: [thread, rank], to: [thread, rankOf(ZERO_CLOCK, [rank])], limit: MAX_ALIKE };
  return (await tx.range("timeline", range))
    .filter(({ value }) => value.author === author && value.kind === "text")
    .map(({ key, value }) => ({ order: String(key[1]), row: value }));
}

async function isThere(
  tx: ReadTransaction,
  suite: Suite,
  rows: readonly TimelineRow[],
  { text, writtenAt }: TextContent,
): Promise<boolean> {
  for (const row of rows) {
    if (row.text !== text || isLetter(row) || row.writtenAt > writtenAt) continue;
    if (row.writtenAt === writtenAt || (await writtenAtOf(tx, suite, row)) === writtenAt) return true;
  }
  return false;
}

/** As the author stated it: what is shown is never in the future. */
async function writtenAtOf(tx: ReadTransaction, suite: Suite, row: TimelineRow): Promise<number | undefined> {
  const entry = await tx.get("entries", [row.conversation, row.device, MESSAGE_CHANNEL, row.seq]);
  if (entry?.opening === undefined) return undefined;
  const content = readOpening(suite, decodeHeader(entry.header).commitment, entry.opening);
  return content && decodeContent(content).writtenAt;
}
