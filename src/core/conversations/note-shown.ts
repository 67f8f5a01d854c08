/** What follows from messages that were put into the timeline: for the row of their thread, and for the screen. */
import type { ThreadId } from "../codec/ids.ts";
import type { PreviewRow, ThreadRow } from "../store/tables.ts";
import type { MessageView } from "../views.ts";
import type { CoreContext } from "./core-context.ts";
import { isLetter } from "./letter-rows.ts";
import type { Shown } from "./reader.ts";
import { withMessages } from "./thread-rows.ts";
import { messageView } from "./timeline.ts";

/** The row after these were put into the timeline, and `replaced` taken out of it, whose messages are among them. */
export function noteShown(
  core: CoreContext,
  row: ThreadRow,
  shown: readonly Shown[],
  replaced: readonly Shown[] = [],
): ThreadRow {
  const own = core.directory.self.account;
  const previews = shown.map(({ order, row: message }): PreviewRow => ({
    order,
    text: message.text,
    isOwn: message.author === own,
    ...(message.author === own ? {} : { author: message.author }),
    at: message.writtenAt,
    kind: message.kind === "change" ? "unsupported" : message.kind,
  }));
  const unread = shown.filter(({ row: message }) => message.author !== own);
  const unreadAbove = unread
    .map(({ order }) => order)
    .filter((order) => order <= row.readUpTo)
    .reduce((first, order) => (first === "" || order < first ? order : first), row.unreadAbove ?? "");
  if (shown.length === 0) return row;
  const letters = (row.letters ?? 0) + shown.filter(({ row: message }) => isLetter(message)).length - replaced.length;
  // What was counted as unread is so still, and what was read is not new.
  const added = Math.max(0, unread.length - replaced.length);
  const isPreviewGone = replaced.some(({ order }) => order === row.preview?.order);
  const { preview, letters: _, ...others } = row;
  const base = preview === undefined || isPreviewGone ? others : { ...others, preview };
  return { ...withMessages(base, core.clock.now(), previews, added), unreadAbove, ...(letters > 0 ? { letters } : {}) };
}

/** `replaced`: early copies of some of these, which the screen had. */
export function announceShown(
  core: CoreContext,
  thread: ThreadId,
  shown: readonly Shown[],
  removed: readonly string[],
  replaced: readonly Shown[] = [],
): void {
  if (shown.length === 0) return;
  const known = new Set(replaced.map(({ row }) => row.id));
  const upserts = shown.map(({ order, row }): MessageView => {
    const view = messageView(core, order, row);
    return known.has(row.id) ? { ...view, isKnown: true } : view;
  });
  core.emit({ type: "messages", thread, upserts, removed });
  core.threadChanged(thread);
}
